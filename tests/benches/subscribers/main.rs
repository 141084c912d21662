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
mod seen;
mod server;
mod socket;
mod votes;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use harness::{Arguments, DatabaseKind, TestApp};
use serde_json::Value;

use seen::Watcher;
use server::Server;

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

fn main() -> ExitCode {
    let arguments = Arguments::read();
    if arguments
        .all()
        .first()
        .is_some_and(|first| first == "serve")
    {
        return api::command::run();
    }
    if !server::has_all_the_files_there_are() {
        return server::with_all_the_files_there_are(arguments.all());
    }
    let plan = Plan {
        subscribers: arguments.number("--subscribers", 10_000),
        rate: arguments.number("--rate", 500),
        seconds: arguments.number("--seconds", 30),
        visibility: arguments
            .value("--visibility")
            .unwrap_or("ALWAYS")
            .to_owned(),
    };
    let kinds = match arguments.value("--database") {
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

async fn measure(kind: DatabaseKind, plan: &Plan) {
    let Some(app) = TestApp::start(kind).await else {
        return;
    };
    let services = server::services(app.database_url()).await;
    let poll = server::poll(&app, &plan.visibility).await;
    let server = server::serve(app.database_url()).await;
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
    let mut rehearsal = socket::Subscriber::connect(server.address(0), &poll).await;
    rehearsal.next().await.expect("the state now");
    drop(rehearsal);
    let empty = server.memory();

    let begun = Instant::now();
    let room = room(&server, &poll, plan.subscribers).await;
    let filled = begun.elapsed();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let full = server.memory();

    let meter = server.meter().await;
    let tasks = tokio::task::LocalSet::new();
    let (seen, ballots) = tasks
        .run_until(async {
            let watching: Vec<_> = room
                .into_iter()
                .map(|subscriber| {
                    tokio::task::spawn_local(seen::watch(subscriber, i64::from(count), CALM_WITHIN))
                })
                .collect();
            let ballots = votes::cast(server.address(0), &poll, tokens, plan.rate).await;
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
        watchers: "subscribers",
        filled,
        bytes_each: (full.saturating_sub(empty)) as f64 / plan.subscribers as f64,
        metered: meter.read(&server).await,
        votes: i64::from(count),
        ballots,
        seen,
    });
    drop(server);
    app.end().await;
}

/// Subscribers, each with the state now.
async fn room(server: &Server, poll: &Value, count: usize) -> Vec<socket::Subscriber> {
    use futures_util::{StreamExt, stream};
    let opening = stream::iter(0..count)
        .map(|number| async move {
            let mut subscriber = socket::Subscriber::connect(server.address(number), poll).await;
            subscriber.next().await.expect("the state now");
            subscriber
        })
        .buffer_unordered(AT_THE_DOOR)
        .collect();
    tokio::time::timeout(FULL_WITHIN, opening)
        .await
        .expect("the room is full in time")
}
