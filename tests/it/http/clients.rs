//! The clients that front ends use, and what npm's `graphql-http` asks of a server.

use std::{process::Stdio, time::Duration};

use api::{
    graphql::document::{Audience, Rules},
    http::Limits,
};
use harness::{DatabaseKind, TestApp, node};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{ballot, poll, visitor};

/// Longer than anything here takes, also on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(240);

/// The last line that a script printed, as JSON.
async fn last_line(mut program: tokio::process::Command) -> Value {
    let running = program.stdout(Stdio::piped()).output();
    let ended = timeout(PATIENCE, running)
        .await
        .expect("the script ends")
        .expect("Node starts");
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert!(ended.status.success(), "{said}");
    let line = said.lines().last().expect("what it saw");
    serde_json::from_str(line).expect("JSON")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_audit_of_graphql_over_http_passes() {
    let Some(mut program) = node("audits.mjs") else {
        return;
    };
    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    // Some audits ask for a type of the schema.
    let rules = Rules {
        introspection: Audience::Everyone,
        ..Rules::default()
    };
    let served = app.serve_by(rules).await;
    program.arg(served.address.to_string());
    let audits = last_line(program).await;
    let audits = audits.as_array().expect("a list");
    let failed: Vec<&Value> = audits
        .iter()
        .filter(|audit| audit["status"] != "ok")
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(audits.len(), 61);
    served.end().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn front_ends_clients_are_understood() {
    let Some(mut program) = node("clients.mjs") else {
        return;
    };
    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let poll = poll(&app, 1, 2).await;
    let token = visitor(&app).await;
    let served = app.serve(Limits::default()).await;
    program
        .arg(served.address.to_string())
        .arg(token)
        .arg(poll["id"].as_str().expect("an id"))
        .arg(ballot(&poll).to_string());
    let seen = last_line(program).await;
    for states in seen["apolloStates"].as_array() {
        assert_eq!(states.first(), Some(&json!(0)), "{seen:#}");
        assert_eq!(states.last(), Some(&json!(1)), "{seen:#}");
    }
    for cast in ["apolloCast", "urqlCast", "plainCast"] {
        assert_eq!(seen[cast]["userErrors"], json!([]), "{cast}: {seen:#}");
    }
    for count in ["apolloFirst", "apolloSecond", "urql", "urqlGet", "plain"] {
        assert_eq!(seen[count], 1, "{count}: {seen:#}");
    }
    for wrong in ["apolloWrong", "urqlWrong", "plainWrong"] {
        assert_eq!(seen[wrong], "BAD_INPUT", "{wrong}: {seen:#}");
    }
    // By hash, which nobody knows yet; with the text; then by hash alone.
    assert_eq!(
        seen["apolloRequests"],
        json!(["GET hash", "POST text", "GET hash"]),
        "{seen:#}"
    );
    assert_eq!(seen["plainUnauthenticated"], json!([401, "UNAUTHENTICATED"]));
    served.end().await;
    app.end().await;
}
