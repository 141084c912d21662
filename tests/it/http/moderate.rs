//! The moderators' console: its files, and what moderators do with it in a browser.

use std::{collections::BTreeSet, process::Stdio, time::Duration};

use api::graphql::{
    operation::guard,
    operation::{Rules, Senders, Trusted},
};
use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use domain::{Actor, Locale, Role, Roles, account::AccountDraft};
use harness::{DatabaseKind, Persona, TestApp, browser};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{comment::comment, story::published};

/// Longer than a browser takes, also on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(10);
const PASSWORD: &str = "een lang wachtwoord";

async fn get(app: &TestApp, path: &str, tag: Option<&str>) -> (StatusCode, HeaderMap, String) {
    let mut request = Request::get(path);
    if let Some(tag) = tag {
        request = request.header(header::IF_NONE_MATCH, tag);
    }
    let answer = app
        .http(request.body(Body::empty()).expect("a request"))
        .await;
    let (head, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("the whole body");
    let body = String::from_utf8(body.to_vec()).expect("text");
    (head.status, head.headers, body)
}

/// The addresses of the console's own files that a file names.
fn named(text: &str) -> impl Iterator<Item = String> {
    text.split(['"', '\''])
        .filter(|part| !part.contains(char::is_whitespace))
        .filter_map(|part| match part.strip_prefix("./") {
            Some(name) => Some(format!("/moderate/{name}")),
            None => part.starts_with("/moderate/").then(|| part.to_owned()),
        })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_console_names_only_files_that_are_served() {
    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let mut waiting = vec!["/moderate".to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(address) = waiting.pop() {
        if !seen.insert(address.clone()) {
            continue;
        }
        let (status, headers, body) = get(&app, &address, None).await;
        assert_eq!(status, StatusCode::OK, "{address}");
        let policy = headers[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .expect("text");
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(!headers.contains_key(header::SET_COOKIE), "{address}");
        let tag = headers[header::ETAG].to_str().expect("text");
        let (status, _, nothing) = get(&app, &address, Some(tag)).await;
        assert_eq!(
            (status, nothing.as_str()),
            (StatusCode::NOT_MODIFIED, ""),
            "{address}"
        );
        waiting.extend(named(&body));
    }
    // What is served and what is used are the same.
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../api/assets/moderate");
    let files = std::fs::read_dir(folder).expect("the console's folder");
    let files: BTreeSet<String> = files
        .map(|file| file.expect("a file").file_name())
        .map(|name| match name.to_str().expect("text") {
            "index.html" => "/moderate".to_owned(),
            "operations" => "/moderate/operations.js".to_owned(),
            name => format!("/moderate/{name}"),
        })
        .collect();
    assert_eq!(seen, files);
    app.end().await;
}

/// An account that moderates and has not set a second factor.
async fn moderator(app: &TestApp, name: &str, email: &str) {
    let draft = AccountDraft {
        email: email.to_owned(),
        password: PASSWORD.into(),
        display_name: name.to_owned(),
        locale: Locale::Nl,
    };
    let roles = Roles::new([Role::Resident, Role::Moderator]);
    app.services
        .accounts
        .create(&Actor::System, draft, roles)
        .await
        .expect("an account");
}

/// A comment that was hidden, with what its author says against that.
async fn contested(app: &TestApp, story: &Value) -> Value {
    let text = "Deze wethouder slaapt.";
    let comment = comment(app, Persona::Neighbour, story, text).await;
    let report = json!({ "subjectId": comment["id"], "reason": "OFFENSIVE" });
    app.send(
        Persona::Resident,
        "ContentReport",
        json!({ "input": report }),
    )
    .await
    .accepted("contentReport");
    let queue = app
        .send(Persona::Moderator, "ModerationQueue", json!({}))
        .await;
    let cases = queue.data("/moderationCases/edges").as_array();
    let case = cases
        .expect("a list")
        .iter()
        .map(|edge| &edge["node"])
        .find(|case| case["subject"]["id"] == comment["id"])
        .expect("its case");
    let hide = json!({
        "caseId": case["id"],
        "expectedVersion": case["version"],
        "action": "HIDE",
        "reasonCode": "OFFENSIVE",
        "statement": "Schelden mag hier niet.",
    });
    app.send(
        Persona::Moderator,
        "ModerationCaseDecide",
        json!({ "input": hide }),
    )
    .await
    .accepted("moderationCaseDecide");
    let decided = app
        .execute(
            Persona::Neighbour,
            "query($id: ID!) { node(id: $id) { ... on Comment { moderationDecision { id } } } }",
            json!({ "id": comment["id"] }),
        )
        .await;
    let statement = "Ik heb niet gescholden: ik zag het zelf.";
    let appeal = json!({
        "decisionId": decided.data("/node/moderationDecision/id"),
        "statement": statement,
    });
    app.send(
        Persona::Neighbour,
        "ModerationDecisionAppeal",
        json!({ "input": appeal }),
    )
    .await
    .accepted("moderationDecisionAppeal");
    json!({ "text": text, "statement": statement })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moderators_decide_in_a_browser() {
    let Some(mut program) = browser("moderate.mjs") else {
        return;
    };
    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    moderator(&app, "Mila de Vries", "mila@voorbeeld.example").await;
    moderator(&app, "Noor Bakker", "noor@voorbeeld.example").await;
    let story = published(&app, "Zwemmen in de kanalen").await;
    let mut comments = Vec::new();
    for text in [
        "Gratis telefoons op win.example!",
        "Wat een onzin, die wethouder deugt niet.",
        "Bel hem maar thuis op.",
        "De bus rijdt niet meer na zevenen.",
        "Dit stond er al.",
        "Een herhaling van zetten.",
    ] {
        let comment = comment(&app, Persona::Neighbour, &story, text).await;
        comments.push(json!({ "id": comment["id"], "text": text }));
    }
    let contested = contested(&app, &story).await;
    // Nobody but the console sends documents of its own here: its are trusted.
    let documents = json!({
        "visitor": "mutation { visitorCreate { accessToken } }",
        "report": "mutation($input: ContentReportInput!) { contentReport(input: $input) { userErrors { code } } }",
        "revoke": "mutation($input: SessionRevokeInput!) { sessionRevoke(input: $input) { userErrors { code } } }",
    });
    let rules = Rules {
        senders: Senders::Only,
        trusted: Trusted::from_json(&documents.to_string(), &guard::Limits::DEFAULT)
            .expect("documents"),
        ..Rules::default()
    };
    let served = app.serve_by(rules).await;
    let told = json!({
        "documents": documents,
        "password": PASSWORD,
        "moderators": [
            { "name": "Mila de Vries", "email": "mila@voorbeeld.example" },
            { "name": "Noor Bakker", "email": "noor@voorbeeld.example" },
        ],
        "story": { "id": story["id"], "title": story["title"] },
        "comments": comments,
        "contested": contested,
    });
    let running = program
        .arg(served.address.to_string())
        .arg(told.to_string())
        .stdout(Stdio::piped())
        .output();
    let ended = timeout(PATIENCE, running)
        .await
        .expect("the script ends")
        .expect("Node starts");
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    let fault = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(ended.status.success(), "{said}{fault}");
    let seen: Value =
        serde_json::from_str(said.lines().last().expect("what it saw")).expect("JSON");
    assert_eq!(seen["findings"], json!([]), "axe: {seen:#}");
    assert_eq!(seen["strangers"], json!([]), "{seen:#}");
    assert_eq!(seen["cookies"], json!([]), "{seen:#}");
    assert_eq!(seen["faults"], json!([]), "{seen:#}");
    assert_eq!(seen["wide"], json!([]), "wider than 320 px: {seen:#}");
    assert_eq!(seen["words"], json!([]), "in one language only: {seen:#}");
    served.end().await;
    app.end().await;
}
