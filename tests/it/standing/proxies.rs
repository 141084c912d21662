//! Warnings where clients cannot be told apart, since a proxy stands before the server.

use std::{fs, fs::File};

use harness::{Program, Wire};

use super::{prepare, serve, sqlite};

const FORWARDED_FOR: &str = "X-Forwarded-For: 203.0.113.7\r\n";
const FORWARDED: &str = "Forwarded: for=198.51.100.9\r\n";

/// Serves with these trusted proxies, sends requests with these headers, each twice, and gives
/// what was logged.
async fn logged(trusted: &str, headers: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite(folder.path());
    drop(prepare(&url, "an@voorbeeld.example", "een lang wachtwoord").await);
    let log = folder.path().join("log");
    let mut command = serve(&url, &[("JIJ_LOG", "warn")]);
    if !trusted.is_empty() {
        command.env("JIJ_TRUSTED_PROXIES", trusted);
    }
    command.stderr(File::create(&log).expect("a file"));
    let program = Program::serve(command).await;
    for headers in headers {
        for _ in 0..2 {
            let mut wire = Wire::connect(program.address).await.expect("a connection");
            let head = format!("GET /livez HTTP/1.1\r\nHost: jij\r\n{headers}\r\n");
            let answer = wire.exchange_status(head.as_bytes()).await;
            assert_eq!(answer.expect("an answer").0, 200);
        }
    }
    program.kill();
    fs::read_to_string(&log).expect("a log")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_cannot_be_told_apart_are_warned_of_once() {
    const AT_START: &str = "people come through a proxy on this machine";
    const UNTRUSTED: &str = "a proxy on this machine or network is not trusted";
    const UNNAMED: &str = "a trusted proxy does not say whom it asks for";
    const CONTRADICTION: &str = "X-Forwarded-For and Forwarded name different clients";
    let both = format!("{FORWARDED_FOR}{FORWARDED}");
    for (trusted, headers, expected) in [
        (
            "",
            &[FORWARDED_FOR, FORWARDED][..],
            &[AT_START, UNTRUSTED][..],
        ),
        ("10.0.0.7", &[FORWARDED_FOR], &[UNTRUSTED]),
        ("127.0.0.1", &[""], &[UNNAMED]),
        ("127.0.0.0/8, ::1", &[&both], &[UNNAMED, CONTRADICTION]),
    ] {
        let log = logged(trusted, headers).await;
        for warning in [AT_START, UNTRUSTED, UNNAMED, CONTRADICTION] {
            let times = log.matches(warning).count();
            let wanted = usize::from(expected.contains(&warning));
            assert_eq!(times, wanted, "{trusted:?} {headers:?}: {warning}: {log}");
        }
    }
    let log = logged("127.0.0.1", &[]).await;
    assert!(!log.contains(AT_START), "{log}");
}
