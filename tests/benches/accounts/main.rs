//! What signing in costs, and what it costs others.
//!
//! `cargo bench -p tests --bench accounts -- [--rounds N]`
//!
//! *Sign-ins*: the server is a process of its own on SQLite, as the release has it, with the cost
//! of passwords that OWASP advises. Thirty-two clients ask for a list, alone and while a hundred
//! people sign in at the same moment, in turns; how long a list takes then stands beside how long
//! it takes else. *Tokens*: in this process, how many access tokens a second are verified that
//! were not seen before, and how many that were. Medians of all rounds.

// The futures of the schema lie deep in each other.
#![recursion_limit = "256"]
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a bench measures time, tells what it found, and ends where it cannot go on"
)]

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{
    Actor, Locale, Role, Roles, Services, Settings,
    account::AccountDraft,
    clock::{SharedClock, SystemClock},
    database::{self, Database},
    mail::Mailer,
};
use harness::{Arguments, DatabaseKind, Program, SITE, TestDatabase, Wire, program};
use tokio::task::JoinSet;

const BINARY: &str = env!("CARGO_BIN_EXE_jij-under-test");
const PASSWORD: &str = "een lang wachtwoord";
/// People who sign in at the same moment.
const PEOPLE: usize = 100;
/// Clients who ask for a list.
const CLIENTS: usize = 32;
/// Tokens that are verified, once and once more.
const TOKENS: usize = 5_000;
const ASK: &str = r#"{"query":"{ themes(first: 20) { totalCount edges { node { id title } } } }"}"#;

fn main() {
    let arguments = Arguments::read();
    let rounds = arguments.number("--rounds", 3);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let storage = TestDatabase::create(DatabaseKind::Sqlite)
            .await
            .expect("SQLite is always there");
        let services = services(&storage).await;
        tokens(&services, rounds).await;
        sign_ins(&services, &storage, rounds).await;
    });
}

async fn services(storage: &TestDatabase) -> Services {
    let settings = database::Settings {
        url: storage.url.clone(),
        connections: 2,
    };
    let database = Database::connect(&settings).await.expect("it connects");
    let clock: SharedClock = Arc::new(SystemClock);
    let settings = Settings::new(SITE, Mailer::memory());
    Services::new(&database, &clock, settings)
        .await
        .expect("services")
}

/// The middle one of some times, or the one at another share of them, in milliseconds.
fn at(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    let place = (times.len() as f64 * share) as usize;
    let time = times.get(place.min(times.len().saturating_sub(1)));
    time.map_or(0.0, Duration::as_secs_f64) * 1_000.0
}

async fn tokens(services: &Services, rounds: usize) {
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let made: Vec<String> = (0..TOKENS)
            .map(|_| {
                let made = services.accounts.become_visitor(&Actor::Visitor(None));
                made.expect("a token").token
            })
            .collect();
        for times in [&mut first, &mut again] {
            let begun = Instant::now();
            for token in &made {
                services
                    .accounts
                    .authenticate(token)
                    .await
                    .expect("it is good");
            }
            times.push(begun.elapsed());
        }
    }
    let a_second = |times: &mut [Duration]| TOKENS as f64 / (at(times, 0.5) / 1_000.0);
    let (first, again) = (a_second(&mut first), a_second(&mut again));
    println!("tokens verified a second, one thread: {first:.0} at first sight, {again:.0} again");
    println!("again / at first sight: {:.1}", again / first);
}

async fn sign_ins(services: &Services, storage: &TestDatabase, rounds: usize) {
    for number in 0..PEOPLE * rounds {
        let draft = AccountDraft {
            email: format!("bewoner{number}@voorbeeld.example"),
            password: PASSWORD.into(),
            display_name: "Een bewoner".to_owned(),
            locale: Locale::Nl,
        };
        let made = services
            .accounts
            .create(&Actor::System, draft, Roles::new([Role::Resident]));
        made.await.expect("an account");
    }
    let serve = program::command(
        BINARY,
        &storage.url,
        &["serve", "--trusted-proxies", "127.0.0.1/32"],
    );
    let address = Program::serve(serve).await;
    let at_address = address.address;
    let (mut alone, mut beside, mut one, mut hundred) = (vec![], vec![], vec![], vec![]);
    let mut later = 0;
    for round in 0..rounds {
        alone.extend(lists(at_address, Duration::from_secs(2)).await);
        let begun = Instant::now();
        let first = round * PEOPLE;
        sign_in(at_address, first).await;
        one.push(begun.elapsed());
        let asking = tokio::spawn(lists(at_address, Duration::from_secs(2)));
        let begun = Instant::now();
        let mut people = JoinSet::new();
        for number in first + 1..first + PEOPLE {
            people.spawn(sign_in(at_address, number));
        }
        later += people.join_all().await.iter().sum::<usize>();
        hundred.push(begun.elapsed());
        beside.extend(asking.await.expect("lists"));
    }
    println!("one sign-in: {:.0} ms", at(&mut one, 0.5));
    println!(
        "a hundred at once: {:.0} ms for the last; {:.0} times one was told to come back",
        at(&mut hundred, 0.5),
        later as f64 / rounds as f64
    );
    let (quiet, busy) = (
        [at(&mut alone, 0.5), at(&mut alone, 0.99)],
        [at(&mut beside, 0.5), at(&mut beside, 0.99)],
    );
    println!(
        "a list alone: p50 {:.1} ms, p99 {:.1} ms",
        quiet[0], quiet[1]
    );
    println!(
        "a list beside them: p50 {:.1} ms, p99 {:.1} ms",
        busy[0], busy[1]
    );
    println!(
        "beside / alone: p50 {:.2}, p99 {:.2}",
        busy[0] / quiet[0],
        busy[1] / quiet[1]
    );
}

/// How long lists take that some clients ask for, each after the other.
async fn lists(address: SocketAddr, long: Duration) -> Vec<Duration> {
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(async move {
            let mut wire = Wire::connect(address).await.expect("a connection");
            let (begun, mut times) = (Instant::now(), Vec::new());
            while begun.elapsed() < long {
                let asked = Instant::now();
                let (status, _) = wire
                    .exchange_status(&harness::wire::post("/graphql", None, ASK))
                    .await
                    .expect("an answer");
                assert_eq!(status, 200);
                times.push(asked.elapsed());
            }
            times
        });
    }
    clients.join_all().await.concat()
}

/// Signs in, coming back after a second as long as there is too much to do; gives how often.
async fn sign_in(address: SocketAddr, number: usize) -> usize {
    let mut wire = Wire::connect(address).await.expect("a connection");
    let body = format!(
        r#"{{"query":"mutation {{ sessionCreate(input: {{ email: \"bewoner{number}@voorbeeld.example\", password: \"{PASSWORD}\" }}) {{ session {{ accessToken }} userErrors {{ code }} }} }}"}}"#
    );
    // Everyone comes from somewhere else, as they would.
    let (network, host) = (number / 250, number % 250);
    let request = format!(
        "POST /graphql HTTP/1.1\r\nHost: jij\r\nContent-Type: application/json\r\n\
         X-Forwarded-For: 10.0.{network}.{host}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut later = 0;
    loop {
        let (status, answer) = wire
            .exchange_status(request.as_bytes())
            .await
            .expect("an answer");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        if answer.contains("\"RATE_LIMITED\"") {
            later += 1;
            tokio::time::sleep(Duration::from_secs(1)).await;
            continue;
        }
        assert!(
            status == 200 && answer.contains("\"userErrors\":[]"),
            "{answer}"
        );
        return later;
    }
}
