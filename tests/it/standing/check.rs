//! `jij check`: a line for everything that a setting names.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process::{Command, Output},
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use harness::{DatabaseKind, TestDatabase, program::command};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::timeout,
};

use super::{BINARY, PATIENCE, run, said};

const SECRET: &str = "zeer-geheim-9";

/// The lines that a server was sent.
type Received = Arc<Mutex<String>>;

/// Speaks SMTP with one client; `AUTH` is answered with `auth`.
async fn speak(client: TcpStream, auth: &str, received: &Received) -> std::io::Result<()> {
    let mut client = BufReader::new(client);
    client.write_all(b"220 test\r\n").await?;
    let mut line = String::new();
    let mut is_text = false;
    while client.read_line(&mut line).await? > 0 {
        received.lock().expect("the lines").push_str(&line);
        let command = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match &*command {
            _ if is_text && line != ".\r\n" => None,
            _ if is_text => {
                is_text = false;
                Some("250 taken")
            }
            "EHLO" => Some("250-test\r\n250 AUTH PLAIN"),
            "AUTH" => Some(auth),
            "DATA" => {
                is_text = true;
                Some("354 go on")
            }
            "QUIT" => Some("221 bye"),
            _ => Some("250 ok"),
        };
        if let Some(answer) = answer {
            client.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
        line.clear();
    }
    Ok(())
}

async fn mail_server(tasks: &mut JoinSet<()>, auth: &'static str) -> (u16, Received) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let received = Received::default();
    let lines = Arc::clone(&received);
    tasks.spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            // It may hang up at any time.
            let _ = speak(client, auth, &lines).await;
        }
    });
    (port, received)
}

/// An identity provider and a collector of traces.
async fn web(tasks: &mut JoinSet<()>) -> (SocketAddr, Received) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let received = Received::default();
    let issuer = format!("http://{address}");
    let discovery = json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/keys") });
    // The key of RFC 7517, appendix A.1.
    let keys = json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "use": "sig", "kid": "1",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    }]});
    let router = Router::new()
        .route(
            "/.well-known/openid-configuration",
            get(async || Json(discovery)),
        )
        .route("/keys", get(async || Json(keys)))
        .route(
            "/v1/traces",
            post(async |State(received): State<Received>, body: Bytes| {
                let line = format!("{} bytes\n", body.len());
                received.lock().expect("the lines").push_str(&line);
                StatusCode::OK
            }),
        )
        .with_state(Arc::clone(&received));
    tasks.spawn(async move {
        axum::serve(listener, router).await.expect("it serves");
    });
    (address, received)
}

fn providers(folder: &Path, issuer: &str) -> String {
    let file = folder.join("providers.json");
    let list =
        json!([{ "issuer": issuer, "audience": "jij", "rolesClaim": "groups", "roles": {} }]);
    fs::write(&file, list.to_string()).expect("a file");
    file.display().to_string()
}

fn check(url: &str, arguments: &[&str], settings: &[(&str, &str)]) -> Command {
    let mut command = command(BINARY, url, &["check"]);
    command
        .args(arguments)
        .env("JIJ_LISTEN", "127.0.0.1:0")
        .env("JIJ_TRUSTED_PROXIES", "127.0.0.1")
        .env("JIJ_MAX_CONNECTIONS", "100")
        .envs(settings.iter().copied());
    command
}

async fn ended(command: Command) -> Output {
    let running = tokio::task::spawn_blocking(move || run(command));
    let ended = timeout(PATIENCE, running).await.expect("it ends");
    ended.expect("it runs")
}

/// The lines that begin with this outcome.
fn lines<'a>(said: &'a str, outcome: &str) -> Vec<&'a str> {
    said.lines()
        .filter(|line| line.starts_with(outcome))
        .collect()
}

async fn everything_works(kind: DatabaseKind) {
    let Some(storage) = TestDatabase::create(kind).await else {
        return;
    };
    let mut tasks = JoinSet::new();
    let (smtp, mails) = mail_server(&mut tasks, "235 welcome").await;
    let (web, exports) = web(&mut tasks).await;
    let folder = tempfile::tempdir().expect("a folder");
    let documents = folder.path().join("documents.json");
    fs::write(&documents, r#"{"a": "{ __typename }"}"#).expect("a file");
    let settings = [
        (
            "JIJ_SMTP_URL",
            &*format!("smtp://jij:{SECRET}@127.0.0.1:{smtp}"),
        ),
        ("JIJ_MAIL_FROM", "JIJ <jij@voorbeeld.example>"),
        (
            "JIJ_IDENTITY_PROVIDERS",
            &*providers(folder.path(), &format!("http://{web}")),
        ),
        ("JIJ_OTLP_ENDPOINT", &*format!("http://{web}/v1/traces")),
        ("JIJ_TRUSTED_DOCUMENTS", &*documents.display().to_string()),
        ("JIJ_METRICS_LISTEN", "localhost:0"),
    ];
    let first = ended(check(&storage.url, &[], &settings)).await;
    let said_first = said(&first);
    assert_eq!(first.status.code(), Some(0), "{said_first}");
    assert_eq!(lines(&said_first, "warning"), [""; 0], "{said_first}");
    for expected in [
        "ok       environment: ",
        "ok       --listen (JIJ_LISTEN): ",
        "ok       --metrics-listen (JIJ_METRICS_LISTEN): ",
        "ok       --public-url (JIJ_PUBLIC_URL): https://jij.example",
        "ok       --max-open-connections (JIJ_MAX_OPEN_CONNECTIONS): ",
        "ok       --trusted-documents (JIJ_TRUSTED_DOCUMENTS): 1 documents",
        "ok       --database-url (DATABASE_URL): ",
        "every migration has run",
        "ok       clock: ",
        "ok       --smtp-url (JIJ_SMTP_URL): the mail server lets us in",
        "ok       --identity-providers (JIJ_IDENTITY_PROVIDERS): http://",
        "publishes 1 keys",
        "ok       --otlp-endpoint (JIJ_OTLP_ENDPOINT): ",
    ] {
        assert!(
            said_first.contains(expected),
            "{expected} is not in: {said_first}"
        );
    }
    assert!(exports.lock().expect("the lines").contains("bytes"));
    let sent = mails.lock().expect("the lines").clone();
    assert!(
        sent.contains("AUTH PLAIN") && !sent.contains("DATA"),
        "{sent}"
    );

    let to = ["--mail-to", "beheer@voorbeeld.example"];
    let second = ended(check(&storage.url, &to, &settings)).await;
    let said_second = said(&second);
    assert_eq!(second.status.code(), Some(0), "{said_second}");
    assert!(said_second.contains("took a test message"), "{said_second}");
    let sent = mails.lock().expect("the lines").clone();
    for part in [
        "RCPT TO:<beheer@voorbeeld.example>",
        "Testbericht",
        "testbericht.",
    ] {
        assert!(sent.contains(part), "{part}: {sent}");
    }
    for said in [said_first, said_second] {
        assert!(!said.contains(SECRET), "{said}");
    }
    storage.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_tries_everything_that_the_settings_name_on_sqlite() {
    everything_works(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_tries_everything_that_the_settings_name_on_postgres() {
    everything_works(DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_names_everything_that_fails_and_the_setting_that_is_to_blame() {
    let mut tasks = JoinSet::new();
    let (smtp, _) = mail_server(&mut tasks, "535 no").await;
    let (web, _) = web(&mut tasks).await;
    let folder = tempfile::tempdir().expect("a folder");
    let occupied = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let occupied = occupied
        .local_addr()
        .map(|address| (occupied, address))
        .expect("an address");
    let key = folder.path().join("sleutel.pem");
    fs::write(&key, "geen sleutel").expect("a file");
    let settings = [
        ("JIJ_LISTEN", &*occupied.1.to_string()),
        ("JIJ_METRICS_LISTEN", "192.0.2.1:9000"),
        ("JIJ_LOG", "verbose"),
        ("JIJ_SIGNING_KEY_FILE", &*key.display().to_string()),
        (
            "JIJ_SMTP_URL",
            &*format!("smtp://jij:{SECRET}@127.0.0.1:{smtp}"),
        ),
        ("JIJ_MAIL_FROM", "jij@voorbeeld.example"),
        (
            "JIJ_IDENTITY_PROVIDERS",
            &*providers(folder.path(), &format!("http://{web}/elders")),
        ),
        ("JIJ_OTLP_ENDPOINT", &*format!("http://{web}/nergens")),
        ("JIJ_WORD_LISTS", "nl=/nergens/nl.txt"),
        ("JIJ_DOCUMENTS", "only"),
        ("JIJ_PUBLICURL", "https://jij.example"),
    ];
    let url = format!(
        "sqlite://{}",
        folder.path().join("nergens.sqlite3").display()
    );
    let ended = ended(check(&url, &[], &settings)).await;
    let said = said(&ended);
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(!said.contains(SECRET), "{said}");
    for (outcome, expected) in [
        (
            "warning",
            &["JIJ_PUBLICURL", "is JIJ_PUBLIC_URL meant?"][..],
        ),
        ("warning", &["--listen (JIJ_LISTEN)", "already"]),
        (
            "warning",
            &["--documents (JIJ_DOCUMENTS)", "no document is trusted"],
        ),
        (
            "failed",
            &["--metrics-listen (JIJ_METRICS_LISTEN)", "192.0.2.1:9000"],
        ),
        ("failed", &["--log (JIJ_LOG)", "verbose"]),
        (
            "failed",
            &["--signing-key-file (JIJ_SIGNING_KEY_FILE)", "sleutel.pem"],
        ),
        (
            "failed",
            &["--word-list (JIJ_WORD_LISTS)", "/nergens/nl.txt"],
        ),
        (
            "failed",
            &[
                "--database-url (DATABASE_URL)",
                "there is no file",
                "nergens.sqlite3",
            ],
        ),
        ("failed", &["--smtp-url (JIJ_SMTP_URL)", "535"]),
        (
            "failed",
            &[
                "--identity-providers (JIJ_IDENTITY_PROVIDERS)",
                "/elders",
                "404",
            ],
        ),
        ("failed", &["--otlp-endpoint (JIJ_OTLP_ENDPOINT)", "404"]),
    ] {
        let found = lines(&said, outcome);
        let matching = found
            .iter()
            .filter(|line| expected.iter().all(|part| line.contains(part)));
        assert_eq!(matching.count(), 1, "{outcome} {expected:?}: {said}");
    }
    assert!(said.contains("lines say failed"), "{said}");
    assert!(
        !folder.path().join("nergens.sqlite3").exists(),
        "nothing was made"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_changes_nothing_and_says_what_the_next_start_does() {
    // A server for a trial makes its file, in a folder that may be written.
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("jij.sqlite3").display());
    let mut trial = check(&url, &[], &[]);
    trial.env_remove("JIJ_PUBLIC_URL");
    let trial = ended(trial).await;
    let said_of_trial = said(&trial);
    assert_eq!(trial.status.code(), Some(0), "{said_of_trial}");
    assert!(
        said_of_trial.contains("makes a new, empty database"),
        "{said_of_trial}"
    );
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);

    // An empty file is a database without tables.
    fs::write(folder.path().join("jij.sqlite3"), "").expect("a file");
    let empty = ended(check(&url, &[], &[])).await;
    let said_of_empty = said(&empty);
    assert_eq!(empty.status.code(), Some(0), "{said_of_empty}");
    assert!(
        said_of_empty.contains("the next start runs"),
        "{said_of_empty}"
    );

    let none = ended(check(&url, &["--mail-to", "beheer@voorbeeld.example"], &[])).await;
    let said_of_none = said(&none);
    assert_eq!(none.status.code(), Some(1), "{said_of_none}");
    assert!(
        said_of_none.contains("failed   --mail-to: no mail server is set"),
        "{said_of_none}"
    );
}
