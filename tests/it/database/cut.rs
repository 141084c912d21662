//! Requests that their clients cut off at any moment, also while a transaction begins.

use std::{future::poll_fn, task::Poll, time::Duration};

use axum::{
    body::{Body, to_bytes},
    http::{Request, header},
};
use harness::{Chance, DatabaseKind, Persona, SlowLine, TestApp, host_and_port};
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection, Statement};
use serde_json::json;
use tokio::{task::JoinSet, time::timeout};

use super::{CREATE, theme};

/// The requests of a kind that are cut, in batches: the next request would end what the
/// last one left open.
const CUTS: usize = 500;
const BATCHES: usize = 50;
/// The requests that look at the pool afterwards, all at once.
const LOOKS: usize = 64;
/// Longer than anything here takes, also on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(2);
/// The wait before looking again.
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Read,
    Write,
    Snapshot,
}

const KINDS: [Kind; 3] = [Kind::Read, Kind::Write, Kind::Snapshot];

/// Sends a document to the server as nobody; the text of its answer.
async fn post(app: &TestApp, document: &str) -> String {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json!({ "query": document }).to_string()))
        .expect("a request");
    let body = app.http(request).await.into_body();
    let bytes = to_bytes(body, 1 << 20).await.expect("a body");
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn request(app: &TestApp, kind: Kind) {
    match kind {
        Kind::Read => {
            post(app, "{ themes { totalCount } polls { totalCount } }").await;
        }
        Kind::Write => {
            post(
                app,
                r#"mutation { accountVerifyEmail(input: { token: "abc" }) { userErrors { code } } }"#,
            )
            .await;
        }
        Kind::Snapshot => {
            let counted = app.services.polls.recount(app.actor(Persona::Admin), None);
            assert!(counted.await.is_ok(), "a snapshot can be read");
        }
    }
}

/// Counts how often a request is polled until it is done.
async fn count_polls(request: impl Future<Output = ()>) -> u64 {
    let mut request = Box::pin(request);
    let mut polls = 0;
    poll_fn(|context| {
        polls += 1;
        request.as_mut().poll(context)
    })
    .await;
    polls
}

/// Polls a request this often, waits a little and drops it; returns if it was not done by then.
/// Counted in polls, so that the cuts fall between any two of its steps on any machine.
async fn drop_after(polls: u64, rest: Duration, request: impl Future<Output = ()>) -> bool {
    let mut request = Box::pin(request);
    let mut left = polls;
    let is_cut = poll_fn(|context| match request.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(false),
        Poll::Pending if left == 0 => Poll::Ready(true),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await;
    if is_cut {
        tokio::time::sleep(rest).await;
    }
    is_cut
}

/// Cuts a batch of requests of this kind, which takes about so many polls, at random moments;
/// returns how many were not done.
async fn cut(app: &'static TestApp, kind: Kind, whole: u64, chance: &mut Chance) -> usize {
    let mut under_way = JoinSet::new();
    for _ in 0..CUTS / BATCHES {
        let (polls, rest) = (
            chance.number() % whole,
            Duration::from_micros(chance.number() % 8_000),
        );
        under_way.spawn(drop_after(polls, rest, request(app, kind)));
    }
    let ended = under_way.join_all().await;
    ended.into_iter().filter(|is_cut| *is_cut).count()
}

/// Returns how many of many reads at once end in an error.
async fn failing_reads(app: &TestApp) -> usize {
    let reads = (0..LOOKS).map(|_| post(app, "{ themes { totalCount } }"));
    let answers = futures_util::future::join_all(reads).await;
    answers
        .iter()
        .filter(|answer| !answer.contains("\"totalCount\":"))
        .count()
}

/// A connection of the test's own, past the slow line.
async fn observer(url: &str) -> DatabaseConnection {
    sea_orm::Database::connect(url)
        .await
        .expect("the server takes one more")
}

/// Returns how many connections of the database fit this condition of `pg_stat_activity`.
async fn backends(observer: &DatabaseConnection, condition: &str) -> i64 {
    let statement = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND {condition}"
    );
    observer
        .query_one_raw(Statement::from_string(DatabaseBackend::Postgres, statement))
        .await
        .expect("the server tells")
        .and_then(|row| row.try_get_by_index(0).ok())
        .expect("a number")
}

/// Waits until no connection is in a transaction; returns how many stay in one for five seconds,
/// half of what the server itself allows, and ends those.
async fn left_open(observer: &DatabaseConnection) -> i64 {
    const OPEN: &str = "state LIKE 'idle in transaction%'";
    let stuck = format!("{OPEN} AND state_change < now() - interval '5 s'");
    let waiting = async {
        while backends(observer, OPEN).await > 0 {
            let left = backends(observer, &stuck).await;
            if left > 0 {
                let ended = format!("{stuck} AND pg_terminate_backend(pid)");
                backends(observer, &ended).await;
                return left;
            }
            tokio::time::sleep(PAUSE).await;
        }
        0
    };
    let left = timeout(PATIENCE, waiting).await;
    left.expect("every transaction ends")
}

/// Cuts requests of every kind and prints what is left of them.
#[expect(
    clippy::print_stderr,
    reason = "a person is told the figures and the seed"
)]
async fn attack(app: TestApp, observer: Option<DatabaseConnection>) {
    // The requests are tasks of their own, which outlive what they borrow from.
    let app: &'static TestApp = Box::leak(Box::new(app));
    let (mut chance, seed) = Chance::new();
    for kind in KINDS {
        let whole = count_polls(request(app, kind)).await;
        let (mut cuts, mut open) = (0, 0);
        for _ in 0..BATCHES {
            cuts += cut(app, kind, whole, &mut chance).await;
            if let Some(observer) = &observer {
                open += left_open(observer).await;
            }
        }
        let failing = failing_reads(app).await;
        let name = app.kind;
        eprintln!(
            "{name:?}, JIJ_TEST_SEED={seed}: {cuts} of {CUTS} {kind:?} requests cut; {failing} of {LOOKS} reads fail; {open} connections left in a transaction"
        );
        assert!(cuts > 0, "requests are cut");
        assert_eq!((failing, open), (0, 0), "after {kind:?} requests");
    }
    // The one writer of SQLite is free as well.
    let answer = app.execute(Persona::Editor, CREATE, theme()).await;
    answer.accepted("themeCreate");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_requests_leave_no_transaction_open_on_sqlite() {
    let app = TestApp::start(DatabaseKind::Sqlite).await.expect("SQLite");
    attack(app, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_requests_leave_no_transaction_open_on_postgres() {
    let Some(direct) = TestApp::start(DatabaseKind::Postgres).await else {
        return;
    };
    let url = direct.database_url().to_owned();
    let line = SlowLine::start(host_and_port(&url), Duration::from_millis(2)).await;
    let behind = direct.reached_by(line.url(&url)).await;
    let observer = observer(&url).await;
    attack(behind, Some(observer)).await;
    direct.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_nobody_waits_for_is_cancelled() {
    let Some(app) = TestApp::start(DatabaseKind::Postgres).await else {
        return;
    };
    let observer = observer(app.database_url()).await;
    let sleeping = "state = 'active' AND query LIKE '%pg_sleep%'";
    // A snapshot has no time limit of its own.
    let snapshot = app.database.snapshot().await.expect("a snapshot");
    let sleep = snapshot.execute_unprepared("SELECT pg_sleep(3600)");
    assert!(timeout(PAUSE, sleep).await.is_err(), "it sleeps");
    drop(snapshot);
    let waiting = async {
        while backends(&observer, sleeping).await > 0 {
            tokio::time::sleep(PAUSE).await;
        }
    };
    timeout(PATIENCE, waiting).await.expect("it is cancelled");
    assert_eq!(failing_reads(&app).await, 0);
    app.end().await;
}
