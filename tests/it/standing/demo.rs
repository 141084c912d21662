//! `jij demo`: what differs from production, and a demo that is like it.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use harness::{Wire, operation};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{BINARY, PATIENCE};

/// A demo that runs; it is killed when this is dropped.
struct Demo {
    child: Child,
    address: SocketAddr,
    said: Vec<String>,
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Demo {
    /// Starts a demo on this file and reads what it says until the last persona.
    async fn start(file: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(BINARY);
        command
            .arg("demo")
            .args(arguments)
            .env("JIJ_DEMO_FILE", file)
            .env("JIJ_LISTEN", "127.0.0.1:0")
            .env("JIJ_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let starting = tokio::task::spawn_blocking(move || {
            let mut child = command.spawn().expect("the program starts");
            let lines = BufReader::new(child.stdout.take().expect("what it says")).lines();
            let mut said = Vec::new();
            for line in lines.map(|line| line.expect("a line")) {
                let is_last = line.contains("ada@demo.example");
                said.push(line);
                if is_last {
                    break;
                }
            }
            let address = said
                .iter()
                .find_map(|line| {
                    line.strip_prefix("Health       http://")?
                        .strip_suffix("/livez")
                })
                .and_then(|address| address.parse().ok());
            let address = address.unwrap_or_else(|| panic!("no address: {said:#?}"));
            Self {
                child,
                address,
                said,
            }
        });
        let started = timeout(PATIENCE, starting).await.expect("it starts");
        started.expect("it is read")
    }

    /// The first lines, before the addresses.
    fn preface(&self) -> String {
        let before = self
            .said
            .iter()
            .take_while(|line| !line.starts_with("Query page"));
        before.cloned().collect::<Vec<_>>().join(" ")
    }

    async fn ask(&self, token: Option<&str>, body: &Value) -> Value {
        let mut wire = Wire::connect(self.address).await.expect("a connection");
        let answer = wire.post("/graphql", token, &body.to_string()).await;
        serde_json::from_slice(&answer.expect("an answer")).expect("JSON")
    }

    /// Signs in as this persona; gives the access token.
    async fn sign_in(&self, email: &str) -> String {
        let line = self.said.iter().find(|line| line.contains(email));
        let password = line.and_then(|line| line.split_whitespace().last());
        let body = json!({
            "query": operation("SessionCreate").document,
            "variables": { "input": { "email": email, "password": password } },
        });
        let answer = self.ask(None, &body).await;
        let token = answer["data"]["sessionCreate"]["session"]["accessToken"].as_str();
        token.unwrap_or_else(|| panic!("{answer:#}")).to_owned()
    }

    /// Returns if the schema is told to everyone, the moderator may moderate, and a resident's first
    /// comment appears at once.
    async fn is_open(&self) -> [bool; 3] {
        let schema = json!({ "query": "{ __schema { queryType { name } } }" });
        let told = self.ask(None, &schema).await["data"]["__schema"].is_object();
        let moderator = self.sign_in("mo@demo.example").await;
        let cases = json!({ "query": "{ moderationCases(first: 1) { edges { node { id } } } }" });
        let cases = self.ask(Some(&moderator), &cases).await;
        let resident = self.sign_in("fatma@demo.example").await;
        let stories = json!({ "query": "{ stories(first: 1) { edges { node { id } } } }" });
        let stories = self.ask(None, &stories).await;
        let comment = json!({
            "query": "mutation($input: CommentAddInput!) { commentAdd(input: $input) { comment { state } } }",
            "variables": { "input": {
                "subjectId": stories["data"]["stories"]["edges"][0]["node"]["id"],
                "body": "Wat een mooi plan.",
                "language": "nl",
            } },
        });
        let added = self.ask(Some(&resident), &comment).await;
        let state = added["data"]["commentAdd"]["comment"]["state"].as_str();
        let state = state.unwrap_or_else(|| panic!("{added:#}"));
        [
            told,
            cases["data"]["moderationCases"].is_object(),
            state == "VISIBLE",
        ]
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demo_says_first_what_differs_from_production_or_is_like_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("demo.sqlite3");
    let demo = Demo::start(&file, &[]).await;
    let preface = demo.preface();
    for part in [
        "Unlike production",
        "no second factor",
        "holds nothing for being a first",
        "schema to everyone",
        "prints mail here",
        "jij demo --like-production",
    ] {
        assert!(preface.contains(part), "{part} is not in: {preface}");
    }
    assert_eq!(demo.is_open().await, [true; 3]);
    drop(demo);

    let demo = Demo::start(&file, &["--like-production"]).await;
    let preface = demo.preface();
    assert!(preface.contains("As in production"), "{preface}");
    assert!(preface.contains("Mail is printed here"), "{preface}");
    assert_eq!(demo.is_open().await, [false; 3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_demo_like_production_has_its_content() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("demo.sqlite3");
    let demo = Demo::start(&file, &["--like-production"]).await;
    let themes = json!({ "query": "{ themes { totalCount } stories { totalCount } }" });
    let counted = demo.ask(None, &themes).await;
    for list in ["themes", "stories"] {
        let count = counted["data"][list]["totalCount"].as_u64();
        assert!(count.is_some_and(|count| count > 0), "{counted:#}");
    }
}
