//! Ten times what the server carries.
//!
//! `cargo bench -p tests --bench overload -- [--clients N] [--seconds N]`
//!
//! The server is a process of its own on SQLite, as the release has it. First some clients ask for
//! a list, each as soon as it has its answer: that is what the server carries. Then thousands do,
//! and whoever is refused asks again a tenth of a second later, rudely: what they ask is told
//! beside what the server carried. In the end they go, and it is measured how long it takes until
//! a request is answered as fast as before. One thread of this process makes the load.

// The futures of the schema lie deep in each other.
#![recursion_limit = "256"]
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a bench measures time, tells what it found, and ends where it cannot go on"
)]

use std::{
    cell::RefCell,
    fs,
    net::SocketAddr,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{
    Actor, Services, Settings,
    clock::{SharedClock, SystemClock},
    database::{self, Database},
    mail::Mailer,
    theme::ThemeDraft,
};
use harness::{Arguments, DatabaseKind, Program, SITE, TestDatabase, Wire, program};
use tokio::task::LocalSet;

const BINARY: &str = env!("CARGO_BIN_EXE_jij-under-test");
/// A page of a list, with its texts.
const ASK: &str = r#"{"query":"{ themes(first: 20) { totalCount edges { node { id slug title summary status storyCount pollCount followerCount } } } }"}"#;
/// Clients whose requests the server answers one after the other.
const FEW: usize = 32;
/// How long a refused client waits.
const RUDELY: Duration = Duration::from_millis(100);

/// What clients met.
#[derive(Default)]
struct Met {
    answered: Vec<Duration>,
    refused: Vec<Duration>,
    broken: usize,
}

/// Clients who ask until `end`.
async fn ask(address: SocketAddr, clients: usize, seconds: u64) -> (Met, f64) {
    let met = Rc::new(RefCell::new(Met::default()));
    let begun = Instant::now();
    let end = begun + Duration::from_secs(seconds);
    let all = LocalSet::new();
    for number in 0..clients {
        let met = Rc::clone(&met);
        all.spawn_local(async move {
            // Not all at the very same instant.
            tokio::time::sleep(Duration::from_micros(200) * u32::try_from(number).expect("few"))
                .await;
            let Ok(mut wire) = Wire::connect(address).await else {
                met.borrow_mut().broken += 1;
                return;
            };
            let request = harness::wire::post("/graphql", None, ASK);
            while Instant::now() < end {
                let asked = Instant::now();
                let Ok((status, _)) = wire.exchange_status(&request).await else {
                    met.borrow_mut().broken += 1;
                    return;
                };
                let took = asked.elapsed();
                if status == 200 {
                    met.borrow_mut().answered.push(took);
                } else {
                    met.borrow_mut().refused.push(took);
                    tokio::time::sleep(RUDELY).await;
                }
            }
        });
    }
    all.await;
    let met = Rc::into_inner(met).expect("all have gone").into_inner();
    (met, begun.elapsed().as_secs_f64())
}

fn at(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list"
    )]
    let place = (times.len() as f64 * share) as usize;
    times
        .get(place.min(times.len().saturating_sub(1)))
        .map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
}

/// The memory of a process, in MiB.
fn memory(process: u32) -> usize {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<usize>().ok());
    kibibytes.unwrap_or_default() / 1_024
}

async fn prepare(storage: &TestDatabase) {
    let settings = database::Settings {
        url: storage.url.clone(),
        connections: 2,
    };
    let database = Database::connect(&settings).await.expect("it connects");
    let clock: SharedClock = Arc::new(SystemClock);
    let services = Services::new(&database, &clock, Settings::new(SITE, Mailer::memory())).await;
    let services = services.expect("services");
    for number in 0..200 {
        let draft = ThemeDraft {
            title: format!("Wonen in kern {number}"),
            summary: "Waar komen woningen, en voor wie?".to_owned(),
            description: "Een gesprek over bouwen. ".repeat(20),
        };
        services
            .themes
            .create(&Actor::System, draft)
            .await
            .expect("a theme");
    }
}

fn main() {
    let arguments = Arguments::read();
    let clients = usize::try_from(arguments.number("--clients", 6_000)).expect("few");
    let seconds = arguments.number("--seconds", 15);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(measure(clients, seconds));
}

async fn measure(clients: usize, seconds: u64) {
    let storage = TestDatabase::create(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    prepare(&storage).await;
    let serve = program::command(BINARY, &storage.url, &["serve"]);
    let server = Program::serve(serve).await;
    let address = server.address;

    ask(address, FEW, 2).await;
    let (mut met, took) = ask(address, FEW, seconds / 3 + 1).await;
    let carries = met.answered.len() as f64 / took;
    let usual = at(&mut met.answered, 0.99);
    println!(
        "carries      {carries:>8.0} a second, p99 {usual:.1} ms, {} MiB",
        memory(server.id())
    );

    let (mut met, took) = ask(address, clients, seconds).await;
    let (answered, refused) = (
        met.answered.len() as f64 / took,
        met.refused.len() as f64 / took,
    );
    println!(
        "{clients} clients ask {:.0} a second, {:.1} times that; {} connections broke, {} MiB",
        answered + refused,
        (answered + refused) / carries,
        met.broken,
        memory(server.id()),
    );
    println!(
        "answered     {answered:>8.0} a second, p50 {:.0} ms, p99 {:.0} ms",
        at(&mut met.answered, 0.5),
        at(&mut met.answered, 0.99),
    );
    println!(
        "refused      {refused:>8.0} a second, p50 {:.0} ms, p99 {:.0} ms",
        at(&mut met.refused, 0.5),
        at(&mut met.refused, 0.99),
    );

    let gone = Instant::now();
    loop {
        let (mut met, _) = ask(address, FEW, 1).await;
        let now = at(&mut met.answered, 0.99);
        if met.refused.is_empty() && met.broken == 0 && now <= 2.0 * usual + 1.0 {
            println!(
                "healthy again within {:.1} s: p99 {now:.1} ms",
                gone.elapsed().as_secs_f64()
            );
            break;
        }
    }
    println!("in the end    {} MiB", memory(server.id()));
    server.kill();
    storage.remove().await;
}
