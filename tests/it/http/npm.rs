//! The clients that pages use: npm's `graphql-ws` and `graphql-sse`, and `EventSource`.

use std::{process::Stdio, time::Duration};

use api::http::Limits;
use harness::{DatabaseKind, TestApp, node};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    time::timeout,
};

use super::{ballot, poll, visitor};

/// Longer than anything here takes, also on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a script saw, with a poll of its own to watch; the server ends when it asks for that.
async fn run(script: &str) -> Option<Value> {
    let mut program = node(script)?;
    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let poll = poll(&app, 1, 2).await;
    let token = visitor(&app).await;
    let served = app.serve(Limits::default()).await;
    let mut running = program
        .arg(served.address.to_string())
        .arg(token)
        .arg(poll["id"].as_str().expect("an id"))
        .arg(ballot(&poll).to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node starts");
    let mut lines = BufReader::new(running.stdout.take().expect("its output")).lines();
    let seen = async {
        let line = lines.next_line().await.expect("a line");
        assert_eq!(line.as_deref(), Some("waiting"));
        served.end().await;
        let line = lines
            .next_line()
            .await
            .expect("a line")
            .expect("what it saw");
        assert!(running.wait().await.expect("an end").success());
        serde_json::from_str(&line).expect("JSON")
    };
    let seen = timeout(PATIENCE, seen).await.expect("the script ends");
    app.end().await;
    Some(seen)
}

fn assert_voted(seen: &Value) {
    assert_eq!(seen["states"], json!([0, 1]), "{seen:#}");
    assert_eq!(
        seen["cast"]["data"]["ballotCast"]["userErrors"],
        json!([]),
        "{seen:#}"
    );
    assert_eq!(
        seen["query"],
        json!([{ "data": { "__typename": "Query" } }])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn graphql_ws_is_understood() {
    let Some(seen) = run("websocket.mjs").await else {
        return;
    };
    assert_voted(&seen);
    assert_eq!(
        seen["failed"][0]["errors"][0]["path"],
        json!(["pollUpdated"]),
        "{seen:#}"
    );
    assert_eq!(
        seen["refused"][0]["extensions"]["code"], "BAD_INPUT",
        "{seen:#}"
    );
    assert_eq!(
        seen["forbidden"],
        json!({ "code": 4403, "reason": "Forbidden" })
    );
    assert_eq!(
        seen["ended"],
        json!({ "code": 1001, "reason": "Going away" })
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn graphql_sse_and_event_source_are_understood() {
    let Some(seen) = run("stream.mjs").await else {
        return;
    };
    assert_voted(&seen);
    assert_eq!(seen["source"], json!([0, 1]), "{seen:#}");
    assert_eq!(
        seen["refused"][0]["errors"][0]["extensions"]["code"], "BAD_INPUT",
        "{seen:#}"
    );
    assert_eq!(seen["unauthenticated"], 401);
    assert_eq!(seen["completed"], "");
    assert_eq!(seen["last"], 1, "{seen:#}");
}
