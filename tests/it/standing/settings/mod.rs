//! Settings that cannot be used, or are probably not meant so: each is named at the start.

mod new_file;

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use harness::program::command;
use serde_json::Value;
use tokio::time::timeout;

use super::{BINARY, PATIENCE, prepare, run, said, serve, sqlite};

/// The rows of a table, each as its columns.
fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = table.lines();
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split(" => ").collect())
}

/// The variables of a row, with their values.
fn variables(column: &str) -> impl Iterator<Item = (&str, &str)> {
    column
        .split(" & ")
        .map(|pair| pair.split_once('=').expect("a variable and its value"))
}

/// `jij serve` on a free port.
fn serve_anywhere(url: &str) -> Command {
    serve(url, &[("JIJ_LISTEN", "127.0.0.1:0"), ("JIJ_LOG", "info")])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_setting_that_cannot_be_used_is_named_with_its_fault_and_what_would_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite(folder.path());
    drop(prepare(&url, "an@voorbeeld.example", "een lang wachtwoord").await);
    fs::write(folder.path().join("tekst"), "een tekst\n").expect("a file");
    let here = folder.path().display().to_string();
    let mut wrong = Vec::new();
    for row in rows(include_str!("refused.txt")) {
        let [settings, code, expected] = row[..] else {
            panic!("three columns: {row:?}");
        };
        let mut command = serve_anywhere(&url);
        for (name, value) in variables(settings) {
            command.env(name, value.replace("{folder}", &here));
        }
        let ended = run(command);
        let said = said(&ended);
        if ended.status.code() != code.parse().ok() {
            wrong.push(format!("{settings} ended with {}: {said}", ended.status));
        }
        for part in expected.split(" | ").filter(|part| !said.contains(part)) {
            wrong.push(format!("{settings}: {part} is not in: {said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Starts a server, reads what it logs until it serves, and ends it.
async fn log_of_start(mut command: Command) -> String {
    let reading = tokio::task::spawn_blocking(move || {
        let mut server = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let errors = server.stderr.take().expect("its log");
        let mut log = String::new();
        for line in BufReader::new(errors).lines() {
            let line = line.expect("a line");
            log.push_str(&line);
            log.push('\n');
            if line.contains("\"message\":\"serving\"") {
                break;
            }
        }
        // It may have ended by itself.
        let _ = server.kill();
        server.wait().expect("it ends");
        log
    });
    let log = timeout(PATIENCE, reading).await.expect("it starts");
    log.expect("the log is read")
}

/// The warnings in a log.
fn warnings(log: &str) -> Vec<String> {
    log.lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("no JSON: {line}"))
        })
        .filter(|line| line["level"] == "WARN")
        .filter_map(|line| line["message"].as_str().map(str::to_owned))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_setting_that_is_probably_not_meant_so_is_warned_of_at_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite(folder.path());
    drop(prepare(&url, "an@voorbeeld.example", "een lang wachtwoord").await);
    let mut wrong = Vec::new();
    for row in rows(include_str!("warned.txt")) {
        let [settings, expected] = row[..] else {
            panic!("two columns: {row:?}");
        };
        let mut command = serve_anywhere(&url);
        for (name, value) in variables(settings) {
            if value.is_empty() {
                command.env_remove(name);
            } else {
                command.env(name, value);
            }
        }
        let warnings = warnings(&log_of_start(command).await);
        let is_said = |part: &str| warnings.iter().any(|warning| warning.contains(part));
        for part in expected.split(" | ").filter(|part| !is_said(part)) {
            wrong.push(format!("{settings}: {part} is not in: {warnings:#?}"));
        }
        if is_said("JIJ_PORT") {
            wrong.push(format!("{settings}: Kubernetes sets JIJ_PORT"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_as_the_manual_sets_it_up_warns_of_nothing_but_the_mail() {
    let folder = tempfile::tempdir().expect("a folder");
    // A folder that the server makes is its owner's alone.
    let url = sqlite(&folder.path().join("data"));
    drop(prepare(&url, "an@voorbeeld.example", "een lang wachtwoord").await);
    let mut command = serve_anywhere(&url);
    command
        .env("JIJ_LISTEN", "localhost:0")
        .env("JIJ_TRUSTED_PROXIES", "127.0.0.1, ::1")
        .env("JIJ_MAX_CONNECTIONS", "100");
    let log = log_of_start(command).await;
    assert!(log.contains("\"message\":\"serving\""), "{log}");
    let warnings = warnings(&log);
    assert!(
        matches!(&warnings[..], [one] if one.contains("no mail server is set")),
        "{warnings:#?}"
    );
}

#[test]
fn a_flag_before_a_command_is_refused_and_not_passed_over() {
    let mut command = command(BINARY, "sqlite://nergens", &["--drain-delay", "1", "serve"]);
    command.env("JIJ_DRAIN_DELAY", "2");
    let ended = run(command);
    let said = said(&ended);
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.contains("--drain-delay"), "{said}");
}

#[test]
fn the_address_in_a_file_is_blamed_on_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("adres");
    for (text, says) in [
        ("mysql://localhost/jij\n", "postgres://"),
        ("\n", "the first line of"),
    ] {
        fs::write(&file, text).expect("a file");
        let mut command = command(BINARY, "", &["migrate"]);
        command
            .env_remove("DATABASE_URL")
            .env("DATABASE_URL_FILE", &file);
        let ended = run(command);
        let said = said(&ended);
        assert_eq!(ended.status.code(), Some(1), "{said}");
        assert!(
            said.contains("--database-url-file (DATABASE_URL_FILE)") && said.contains(says),
            "{said}"
        );
    }
}
