//! A room of ten thousand: what it sees of its ballots, when, and what it costs to be in it.
//!
//! `cargo bench -p tests --bench subscribers -- [--subscribers N] [--rate N] [--seconds N]
//! [--database postgres|sqlite] [--visibility ALWAYS|AFTER_VOTE|AFTER_CLOSE|STAFF]`
//!
//! The server is a process of its own, as the release has it. The subscribers are raw WebSockets
//! of this process that only look for one number in what they get; they call on several loopback
//! addresses, so that ports do not run out. Ballots come at a steady rate, whatever the answers
//! take. A ballot's answer says how many had voted with it; a subscriber has seen it once a state
//! counts as many.

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

mod report;
mod socket;
mod votes;

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::{Child, Command, ExitCode, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{
    Services,
    clock::{SharedClock, SystemClock},
    database::{Database, Settings},
    mail::Mailer,
};
use harness::{DatabaseKind, Persona, SITE, TestApp};
use serde_json::{Value, json};

/// How long the room may take to come in.
const FULL_WITHIN: Duration = Duration::from_mins(5);
/// How long after the last ballot the room may take to see it.
const CALM_WITHIN: Duration = Duration::from_secs(30);
/// How many sockets open at once while the room fills.
const AT_THE_DOOR: usize = 64;

struct Plan {
    subscribers: usize,
    rate: u32,
    seconds: u32,
    visibility: String,
}

/// A server in a process of its own; killed when this is dropped.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "serve") {
        return api::command::run();
    }
    if std::env::var_os("JIJ_FILES_RAISED").is_none() {
        return with_all_the_files_there_are(&arguments);
    }
    let value = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1).cloned()
    };
    let number = |name: &str, otherwise: u32| {
        value(name).map_or(otherwise, |text| text.parse().expect("a number"))
    };
    let plan = Plan {
        subscribers: number("--subscribers", 10_000) as usize,
        rate: number("--rate", 500),
        seconds: number("--seconds", 30),
        visibility: value("--visibility").unwrap_or_else(|| "ALWAYS".to_owned()),
    };
    let kinds = match value("--database").as_deref() {
        Some("postgres") => vec![DatabaseKind::Postgres],
        Some("sqlite") => vec![DatabaseKind::Sqlite],
        _ => vec![DatabaseKind::Postgres, DatabaseKind::Sqlite],
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        for kind in kinds {
            Box::pin(measure(kind, &plan)).await;
        }
    });
    ExitCode::SUCCESS
}

/// Runs this program again with as many open files as the machine lets it have, and says how
/// many.
fn with_all_the_files_there_are(arguments: &[String]) -> ExitCode {
    let program = std::env::current_exe().expect("this program");
    let ended = Command::new("sh")
        .arg("-c")
        .arg("ulimit -n $(ulimit -Hn); echo \"open files: $(ulimit -n)\"; exec \"$0\" \"$@\"")
        .arg(program)
        .args(arguments)
        .env("JIJ_FILES_RAISED", "1")
        .status()
        .expect("a shell");
    if ended.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn measure(kind: DatabaseKind, plan: &Plan) {
    let Some(app) = TestApp::start(kind).await else {
        return;
    };
    let services = services(app.database_url()).await;
    let poll = poll(&app, &plan.visibility).await;
    let server = serve(app.database_url()).await;
    let count = plan.rate * plan.seconds;
    let tokens: Vec<String> = (0..count)
        .map(|_| {
            let visitor = domain::Actor::Visitor(None);
            services
                .accounts
                .become_visitor(&visitor)
                .expect("a token")
                .token
        })
        .collect();
    // What is needed once is needed before the room is weighed.
    let mut rehearsal = socket::Subscriber::connect(address(&server, 0), &poll).await;
    rehearsal.next().await.expect("the state now");
    drop(rehearsal);
    let empty = memory(&server);

    let begun = Instant::now();
    let room = room(&server, &poll, plan.subscribers).await;
    let filled = begun.elapsed();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let full = memory(&server);

    let tasks = tokio::task::LocalSet::new();
    let (seen, ballots) = tasks
        .run_until(async {
            let watching: Vec<_> = room
                .into_iter()
                .map(|subscriber| {
                    tokio::task::spawn_local(subscriber.watch(i64::from(count), CALM_WITHIN))
                })
                .collect();
            let ballots = votes::cast(
                SocketAddr::from((Ipv4Addr::LOCALHOST, server.port)),
                &poll,
                tokens,
                plan.rate,
            )
            .await;
            let mut seen = Vec::with_capacity(watching.len());
            for one in watching {
                seen.push(one.await.expect("a subscriber"));
            }
            (seen, ballots)
        })
        .await;
    report::tell(&report::Run {
        kind,
        visibility: &plan.visibility,
        filled,
        bytes_each: (full.saturating_sub(empty)) as f64 / plan.subscribers as f64,
        server_seconds: seconds(&server),
        votes: i64::from(count),
        ballots,
        seen,
    });
    drop(server);
    app.end().await;
}

/// The services on the same database, by the machine's own clock.
async fn services(url: &str) -> Services {
    let database = Database::connect(&Settings {
        url: url.to_owned(),
        connections: 2,
    })
    .await
    .expect("the database");
    let clock: SharedClock = Arc::new(SystemClock);
    Services::new(
        &database,
        &clock,
        domain::Settings::new(SITE, Mailer::memory()),
    )
    .await
    .expect("the services")
}

async fn poll(app: &TestApp, visibility: &str) -> Value {
    let options: Vec<Value> = (0..4)
        .map(|option| json!({ "label": format!("Antwoord {option}") }))
        .collect();
    let input = json!({
        "title": "Een volle zaal",
        "resultsVisibility": visibility,
        "opensAt": "2020-01-01T00:00:00Z",
        "questions": [{ "kind": "SINGLE", "prompt": "Wat vindt u?", "options": options }],
    });
    let made = app
        .send(Persona::Editor, "PollCreate", json!({ "input": input }))
        .await;
    made.accepted("pollCreate")["poll"].clone()
}

async fn serve(url: &str) -> Server {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port();
    let child = Command::new(std::env::current_exe().expect("this program"))
        .args(["serve", "--listen", &format!("0.0.0.0:{port}")])
        .env("DATABASE_URL", url)
        .env("JIJ_PUBLIC_URL", SITE)
        .env("JIJ_LOG", "error")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .expect("the server starts");
    let server = Server { child, port };
    for _ in 0..500 {
        if tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .is_ok()
        {
            return server;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server
}

/// One of several addresses of this machine: each has ports of its own.
fn address(server: &Server, number: usize) -> SocketAddr {
    let host = u8::try_from(1 + number % 8).expect("a small number");
    SocketAddr::from((Ipv4Addr::new(127, 0, 0, host), server.port))
}

/// Subscribers, each with the state now.
async fn room(server: &Server, poll: &Value, count: usize) -> Vec<socket::Subscriber> {
    use futures_util::{StreamExt, stream};
    let opening = stream::iter(0..count)
        .map(|number| async move {
            let mut subscriber = socket::Subscriber::connect(address(server, number), poll).await;
            subscriber.next().await.expect("the state now");
            subscriber
        })
        .buffer_unordered(AT_THE_DOOR)
        .collect();
    tokio::time::timeout(FULL_WITHIN, opening)
        .await
        .expect("the room is full in time")
}

/// What the server's process has in memory, in bytes.
fn memory(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id()))
        .expect("Linux says so");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .expect("Linux says so");
    let kibibytes: u64 = line
        .split_whitespace()
        .nth(1)
        .and_then(|number| number.parse().ok())
        .expect("a number");
    kibibytes * 1_024
}

/// Seconds of a processor that the server has used.
fn seconds(server: &Server) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", server.child.id()))
        .expect("Linux says so");
    let fields: Vec<&str> = stat
        .rsplit_once(')')
        .map_or("", |(_, rest)| rest)
        .split_whitespace()
        .collect();
    let ticks = |place: usize| {
        fields
            .get(place)
            .and_then(|text| text.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    (ticks(11) + ticks(12)) / 100.0
}
