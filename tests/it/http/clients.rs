//! The clients that front ends use, and what npm's `graphql-http` asks of a server.

use std::{collections::HashMap, path::PathBuf, process::Stdio, time::Duration};

use api::{
    graphql::{
        operation::guard::Limits,
        operation::{Audience, Rules, Senders, Trusted},
    },
    http,
};
use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use harness::{DatabaseKind, TestApp, node};
use serde_json::{Value, json};
use tokio::time::timeout;
use tower::ServiceExt;

use super::{ballot, poll, visitor};

/// Longer than anything here takes, also on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(4);

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
    let served = app.serve(http::Limits::default()).await;
    program
        .arg(served.address.to_string())
        .arg(token)
        .arg(poll["id"].as_str().expect("an id"))
        .arg(ballot(&poll).to_string());
    let seen = last_line(program).await;
    let states = seen["apolloStates"].as_array().expect("a list");
    assert_eq!(states.first(), Some(&json!(0)), "{seen:#}");
    assert_eq!(states.last(), Some(&json!(1)), "{seen:#}");
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
    assert_eq!(
        seen["plainUnauthenticated"],
        json!([401, "UNAUTHENTICATED"])
    );
    served.end().await;
    app.end().await;
}

/// The schema and the folder of the contract's operations.
fn contract() -> (PathBuf, PathBuf) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    (
        root.join("../schema.graphql"),
        root.join("contract/operations"),
    )
}

#[tokio::test]
async fn linters_find_nothing_in_the_schema() {
    let Some(mut program) = node("schema.mjs") else {
        return;
    };
    program.arg(contract().0);
    let findings = last_line(program).await;
    assert_eq!(findings, json!([]), "{findings:#}");
}

#[tokio::test]
async fn relays_compiler_takes_the_schema_and_the_operations() {
    let Some(mut program) = node("relay.mjs") else {
        return;
    };
    let (schema, operations) = contract();
    let folder = tempfile::tempdir().expect("a folder");
    program.arg(schema).arg(operations).arg(folder.path());
    let names = last_line(program).await;
    let names = names.as_array().expect("a list");
    for name in ["PollPage", "BallotCast", "PollUpdated", "StoryList"] {
        assert!(names.contains(&json!(name)), "{name}: {names:?}");
    }
}

/// The page for front ends, whose examples are run.
fn page() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/clients.md")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_page_for_front_ends_says_works() {
    let (Some(mut generate), Some(mut watch)) = (node("guide.mjs"), node("guide.mjs")) else {
        return;
    };
    let (schema, operations) = contract();
    let folder = tempfile::tempdir().expect("a folder");
    generate
        .arg(page())
        .arg(schema)
        .arg(operations)
        .arg(folder.path());
    let files = last_line(generate).await;
    let files = files.as_array().expect("a list");
    assert!(
        files.contains(&json!("persisted-documents.json")),
        "{files:?}"
    );

    // The command that the page gives, beside where it listens and what it stores in.
    let text = std::fs::read_to_string(page()).expect("the page");
    let command = text
        .lines()
        .find_map(|line| line.strip_prefix("jij serve --trusted-documents "))
        .expect("the command");
    let arguments: Vec<&str> = ["serve", "--trusted-documents"]
        .into_iter()
        .chain(command.split(' '))
        .collect();
    let url = format!("sqlite://{}", folder.path().join("jij.sqlite3").display());
    let binary = env!("CARGO_BIN_EXE_jij-under-test");
    let migrated = harness::program::output(binary, &url, &["migrate"]);
    assert!(migrated.status.success(), "{migrated:?}");
    let mut serve = harness::program::command(binary, &url, &arguments);
    serve.current_dir(folder.path().join("src/generated"));
    let program = harness::Program::serve(serve).await;
    let mut wire = harness::Wire::connect(program.address)
        .await
        .expect("a connection");
    let refused = wire
        .post("/graphql", None, r#"{"query":"{ __typename }"}"#)
        .await;
    let refused: Value = serde_json::from_slice(&refused.expect("an answer")).expect("JSON");
    assert_eq!(
        refused["errors"][0]["extensions"]["code"],
        "DOCUMENT_NOT_TRUSTED"
    );
    program.kill();

    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let poll = poll(&app, 1, 2).await;
    let token = visitor(&app).await;
    let served = app.serve(http::Limits::default()).await;
    watch
        .arg(page())
        .arg("watch")
        .arg(served.address.to_string())
        .arg(token)
        .arg(poll["id"].as_str().expect("an id"));
    assert_eq!(last_line(watch).await, json!(["OPEN"]));
    served.end().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_that_codegen_wrote_are_trusted() {
    let Some(mut program) = node("codegen.mjs") else {
        return;
    };
    let (schema, operations) = contract();
    let folder = tempfile::tempdir().expect("a folder");
    program.arg(schema).arg(operations).arg(folder.path());
    let names = last_line(program).await;
    let names = names.as_array().expect("a list").len();
    let written = std::fs::read_to_string(folder.path().join("persisted-documents.json"))
        .expect("what codegen wrote");
    let trusted = Trusted::from_json(&written, &Limits::DEFAULT).expect("trusted documents");
    assert_eq!(trusted.len(), names);
    let documents: HashMap<String, String> = serde_json::from_str(&written).expect("JSON");
    let (municipalities, _) = documents
        .iter()
        .find(|(_, document)| document.contains("query Municipalities"))
        .expect("the operation");

    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let rules = Rules {
        senders: Senders::Only,
        trusted,
        ..Rules::default()
    };
    let router = app.router_by(rules);
    for (address, code) in [
        (format!("/graphql?documentId={municipalities}"), ""),
        ("/graphql?documentId=other".to_owned(), "DOCUMENT_NOT_FOUND"),
        (
            "/graphql?query=%7B__typename%7D".to_owned(),
            "DOCUMENT_NOT_TRUSTED",
        ),
    ] {
        let request = Request::get(&address)
            .header("host", "jij.example")
            .body(Body::empty())
            .expect("a request");
        let response = router.clone().oneshot(request).await.expect("an answer");
        let body = to_bytes(response.into_body(), 1 << 20)
            .await
            .expect("a body");
        let answer: Value = serde_json::from_slice(&body).expect("JSON");
        let told = answer["errors"][0]["extensions"]["code"].as_str();
        assert_eq!(told.unwrap_or_default(), code, "{address}: {answer:#}");
    }
    app.end().await;
}
