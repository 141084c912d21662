//! Load: so many connections, each sending its requests one after the other.

use std::{
    cell::{Cell, RefCell},
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use harness::Wire;

/// How a load went.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    /// Requests a second.
    pub rate: f64,
    /// Half of the answers came within this.
    pub p50: Duration,
    /// 99 of a hundred answers came within this.
    pub p99: Duration,
    /// Seconds of a processor that a thousand requests cost: server, database, load.
    pub cost: [f64; 3],
}

/// Sends every request once, over so many connections; `good` says whether an answer is one.
///
/// # Panics
/// If an answer is not good.
pub(crate) async fn send(
    address: SocketAddr,
    connections: usize,
    requests: &[Vec<u8>],
    server: u32,
    good: impl Fn(&[u8]) -> bool,
) -> Outcome {
    let mut wires = Vec::with_capacity(connections);
    for _ in 0..connections {
        wires.push(Wire::connect(address).await.expect("the server answers"));
    }
    let next = Cell::new(0);
    let times = RefCell::new(Vec::with_capacity(requests.len()));
    let costs = || {
        [
            super::process::seconds(server),
            super::process::postgres_seconds(),
            super::process::seconds(std::process::id()),
        ]
    };
    let (before, started) = (costs(), Instant::now());
    join_all(wires.into_iter().map(|mut wire| {
        let (next, times, good) = (&next, &times, &good);
        async move {
            while let Some(request) = requests.get(next.replace(next.get() + 1)) {
                let sent = Instant::now();
                let answer = wire.exchange(request).await.expect("an answer");
                times.borrow_mut().push(sent.elapsed());
                assert!(good(&answer), "{}", String::from_utf8_lossy(&answer));
            }
        }
    }))
    .await;
    let (took, after) = (started.elapsed(), costs());
    let mut times = times.into_inner();
    times.sort_unstable();
    let thousands = requests.len() as f64 / 1_000.0;
    Outcome {
        rate: requests.len() as f64 / took.as_secs_f64(),
        p50: times[times.len() / 2],
        p99: times[times.len() * 99 / 100],
        cost: std::array::from_fn(|place| (after[place] - before[place]) / thousands),
    }
}

/// The median of what each outcome says.
pub(crate) fn median(outcomes: &[Outcome]) -> Outcome {
    let middle = |of: &dyn Fn(&Outcome) -> f64| {
        let mut all: Vec<f64> = outcomes.iter().map(of).collect();
        all.sort_unstable_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let time = |of: &dyn Fn(&Outcome) -> Duration| {
        Duration::from_secs_f64(middle(&|outcome| of(outcome).as_secs_f64()))
    };
    Outcome {
        rate: middle(&|outcome| outcome.rate),
        p50: time(&|outcome| outcome.p50),
        p99: time(&|outcome| outcome.p99),
        cost: std::array::from_fn(|place| middle(&|outcome| outcome.cost[place])),
    }
}
