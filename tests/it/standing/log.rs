//! What a server logs, and what it never does.

use std::{fs::File, net::SocketAddr};

use harness::{Program, Wire, operation};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{PATIENCE, prepare, serve, sqlite};

const EMAIL: &str = "geheim.adres@voorbeeld.example";
const PASSWORD: &str = "een-geheim-wachtwoord-7";
const TEXT: &str = "Een-vertrouwelijke-zin-over-de-brug";
const KEY: &str = "sleutel-van-een-stem";

async fn post(address: SocketAddr, token: Option<&str>, name: &str, variables: Value) -> Value {
    let mut wire = Wire::connect(address).await.expect("a connection");
    let body = json!({ "query": operation(name).document, "variables": variables });
    let answer = wire.post("/graphql", token, &body.to_string()).await;
    serde_json::from_slice(&answer.expect("an answer")).expect("JSON")
}

fn text(answer: &Value, path: &str) -> String {
    let found = answer.pointer(path).and_then(Value::as_str);
    found
        .unwrap_or_else(|| panic!("nothing at {path}: {answer:#}"))
        .to_owned()
}

/// Goes through what people do; gives every secret of theirs.
async fn run(address: SocketAddr) -> Vec<String> {
    let visitor = post(address, None, "VisitorCreate", json!({})).await;
    let visitor = text(&visitor, "/data/visitorCreate/accessToken");
    for password in [PASSWORD, "een-fout-wachtwoord-9"] {
        let input = json!({ "input": { "email": EMAIL, "password": password } });
        post(address, None, "SessionCreate", input).await;
    }
    let input = json!({ "input": { "email": EMAIL, "password": PASSWORD } });
    let session = post(address, None, "SessionCreate", input).await;
    let access = text(&session, "/data/sessionCreate/session/accessToken");
    let refresh = text(&session, "/data/sessionCreate/session/refreshToken");
    let input = json!({ "input": { "refreshToken": refresh } });
    let renewed = post(address, None, "SessionRefresh", input).await;
    let renewed = text(&renewed, "/data/sessionRefresh/session/accessToken");
    // Long enough to be taken, and rendered: its HTML passes through a parser.
    let body = format!("**{TEXT}** <b>{TEXT}</b> ").repeat(10);
    let story = json!({ "input": { "kind": "STORY", "title": TEXT, "summary": TEXT, "body": body, "language": "nl" } });
    let written = post(address, Some(&renewed), "StoryCreate", story).await;
    let slug = text(&written, "/data/storyCreate/story/slug");
    let story = post(
        address,
        Some(&renewed),
        "StoryPage",
        json!({ "slug": slug }),
    )
    .await;
    assert!(story.to_string().contains("<strong>"), "{story:#}");
    let ballot = json!({ "input": { "questionId": TEXT, "marks": [], "idempotencyKey": KEY } });
    post(address, Some(&visitor), "BallotCast", ballot).await;
    let link = json!({ "input": { "email": EMAIL } });
    post(address, None, "SessionLinkRequest", link).await;
    post(address, Some("geen-geldig-bewijs"), "Viewer", json!({})).await;
    for path in [
        &*format!("/verify-email?token={KEY}"),
        &*format!("/graphql?query=%7B__typename%7D&variables=%7B%22a%22:%22{TEXT}%22%7D"),
        &*format!("/nergens/{TEXT}?token={KEY}"),
    ] {
        let mut wire = Wire::connect(address).await.expect("a connection");
        wire.get(path).await.expect("an answer");
    }
    let mut wire = Wire::connect(address).await.expect("a connection");
    let broken = format!("{{ \"query\": \"{TEXT}");
    wire.post("/graphql", Some(&access), &broken)
        .await
        .expect("an answer");
    [
        EMAIL,
        "geheim.adres",
        PASSWORD,
        "een-fout-wachtwoord-9",
        TEXT,
        KEY,
        "geen-geldig-bewijs",
        &visitor,
        &access,
        &refresh,
        &renewed,
    ]
    .map(str::to_owned)
    .to_vec()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_run_logs_what_was_asked_and_no_secret() {
    for level in [
        "debug",
        "trace",
        "trace,html5ever=trace,sea_orm=trace,sqlx=trace,hyper=trace,tungstenite=trace",
    ] {
        no_secret_is_logged_at(level).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_refused_token_leaves_one_line_that_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite(folder.path());
    drop(prepare(&url, EMAIL, PASSWORD).await);
    let path = folder.path().join("log");
    let mut command = serve(&url, &[("JIJ_LOG", "info"), ("JIJ_DRAIN_DELAY", "0")]);
    command.stderr(File::create(&path).expect("a file"));
    let program = Program::serve(command).await;
    let address = program.address;
    let input = json!({ "input": { "email": EMAIL, "password": PASSWORD } });
    let session = post(address, None, "SessionCreate", input).await;
    let access = text(&session, "/data/sessionCreate/session/accessToken");
    let refresh = text(&session, "/data/sessionCreate/session/refreshToken");
    let (signed, _) = access.rsplit_once('.').expect("a signature");
    let forged = format!("{signed}.{}", "A".repeat(86));
    post(
        address,
        None,
        "SessionRevoke",
        json!({ "input": { "refreshToken": refresh } }),
    )
    .await;
    let refused = ["geen-geldig-bewijs", &forged, &access];
    for token in refused {
        let answer = post(address, Some(token), "Viewer", json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }
    program.ask_to_end();
    timeout(PATIENCE, program.ended()).await.expect("it ends");

    let log = std::fs::read_to_string(&path).expect("a log");
    let lines = log
        .lines()
        .filter(|line| line.contains("an access token was refused"));
    let reasons: Vec<String> = lines
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .map(|line| text(&line, "/reason"))
        .collect();
    assert_eq!(reasons.len(), refused.len(), "{reasons:?}");
    for (reason, says) in
        reasons
            .iter()
            .zip(["cannot be read", "not signed by us", "session has ended"])
    {
        assert!(reason.contains(says), "{reason}");
    }
    for token in refused {
        assert!(!log.contains(token), "{token}");
    }
}

async fn no_secret_is_logged_at(level: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite(folder.path());
    drop(prepare(&url, EMAIL, PASSWORD).await);
    let path = folder.path().join("log");
    let mut command = serve(
        &url,
        &[
            ("JIJ_LOG", level),
            ("JIJ_DRAIN_DELAY", "0"),
            ("JIJ_SMTP_URL", "smtp://127.0.0.1:9"),
            ("JIJ_MAIL_FROM", "jij@voorbeeld.example"),
        ],
    );
    command.stderr(File::create(&path).expect("a file"));
    let program = Program::serve(command).await;
    let secrets = run(program.address).await;
    program.ask_to_end();
    let ended = timeout(PATIENCE, program.ended()).await.expect("it ends");
    assert_eq!(ended.code(), Some(0));

    let log = std::fs::read_to_string(&path).expect("a log");
    for secret in &secrets {
        assert!(
            !log.contains(secret.as_str()),
            "{secret} is in the log at {level}"
        );
    }
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect();
    let signed_in = lines
        .iter()
        .find(|line| line["operation"] == "SessionCreate")
        .expect("the operation's name");
    for member in ["timestamp", "level", "request_id", "cost", "milliseconds"] {
        assert!(!signed_in[member].is_null(), "{member}: {signed_in}");
    }
}
