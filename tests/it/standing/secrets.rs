//! Settings that hold secrets, and files that hold what people wrote.

use std::{
    fs::{self, File, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use harness::{Program, program::command};

use super::{BINARY, run, said, serve, sqlite};

const SECRET: &str = "zeer-geheim-7";

fn mode(path: &Path) -> u32 {
    let metadata = fs::metadata(path).unwrap_or_else(|_| panic!("{} is there", path.display()));
    metadata.permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is ours");
}

#[test]
fn a_database_url_that_cannot_be_used_is_never_repeated() {
    for url in [
        format!("postgres://jij:{SECRET}@127.0.0.1:99999/jij"),
        format!("postgres://jij:{SECRET}@[::1/jij"),
        format!("postgres://jij:{SECRET}@[::zz]:5432/jij"),
        format!("postgres://jij:{SECRET}@/jij:"),
        format!("postgres://jij:{SECRET}@ho st/jij"),
        format!("postgres://jij:a#{SECRET}@127.0.0.1/jij"),
        format!("postgres://jij:a/{SECRET}@127.0.0.1/jij"),
        format!("postgres://jij:{SECRET}%ff@127.0.0.1:9/jij"),
        format!("postgres://jij:{SECRET}@127.0.0.1:9/jij?sslmode={SECRET}"),
        format!("postgres://jij:{SECRET}@127.0.0.1:9/jij"),
        format!("mysql://jij:{SECRET}@127.0.0.1/jij"),
        format!("sqlite://data/jij.sqlite3?{SECRET}=1"),
        format!("jij:{SECRET}@127.0.0.1"),
    ] {
        for level in ["error", "trace"] {
            let mut migrate = command(BINARY, &url, &["migrate"]);
            migrate.env("JIJ_LOG", level);
            let ended = run(migrate);
            let said = said(&ended);
            assert_eq!(ended.status.code(), Some(1), "{url}: {said}");
            assert!(!said.contains(SECRET), "{url}: {said}");
            assert!(
                said.contains("DATABASE_URL") && said.contains("hint: "),
                "{url}: {said}"
            );
        }
    }
}

#[test]
fn no_setting_that_holds_a_secret_is_repeated() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite(folder.path());
    for (name, value) in [
        ("JIJ_SMTP_URL", format!("smtps://jij:{SECRET}@mail:99999")),
        ("JIJ_SMTP_URL", format!("smtp://jij:{SECRET}@[::1")),
        ("JIJ_SMTP_URL", SECRET.to_owned()),
        (
            "JIJ_OTLP_ENDPOINT",
            format!("http://jij:{SECRET}@host:99999/v1/traces"),
        ),
        ("JIJ_OTLP_ENDPOINT", format!("{SECRET} {SECRET}")),
        (
            "JIJ_OTLP_ENDPOINT",
            format!("http://jij:{SECRET}@127.0.0.1:9/v1/traces"),
        ),
        (
            "JIJ_OTLP_ENDPOINT",
            format!("http://127.0.0.1:9/v1/traces?key={SECRET}"),
        ),
        ("JIJ_SIGNING_KEY", SECRET.to_owned()),
        (
            "JIJ_SIGNING_KEY",
            format!("-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----"),
        ),
    ] {
        let mut serve = command(BINARY, &url, &["serve", "--listen", "127.0.0.1:0"]);
        serve.env(name, &value).env("JIJ_LOG", "trace");
        serve.env("JIJ_MAIL_FROM", "jij@voorbeeld.example");
        let ended = run(serve);
        let said = said(&ended);
        assert_eq!(ended.status.code(), Some(1), "{name}={value}: {said}");
        assert!(!said.contains(SECRET), "{name}={value}: {said}");
        assert!(
            said.contains(name) && said.contains("hint: "),
            "{name}={value}: {said}"
        );
    }
    let mut help = command(BINARY, SECRET, &["serve", "--help"]);
    for name in ["JIJ_SMTP_URL", "JIJ_OTLP_ENDPOINT", "JIJ_SIGNING_KEY"] {
        help.env(name, SECRET);
    }
    let said = said(&run(help));
    assert!(
        said.contains("JIJ_OTLP_ENDPOINT") && !said.contains(SECRET),
        "{said}"
    );
}

/// Serves on this database until it answers, calls `look`, and gives what was logged.
async fn logged(url: &str, log: &Path, look: impl FnOnce()) -> String {
    let mut command = serve(url, &[("JIJ_LOG", "warn"), ("JIJ_DRAIN_DELAY", "0")]);
    command.stderr(File::create(log).expect("a file"));
    let program = Program::serve(command).await;
    look();
    program.kill();
    fs::read_to_string(log).expect("a log")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_embedded_database_is_its_owners_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    let own = folder.path().join("data").join("jij");
    let file = own.join("jij.sqlite3");
    let url = format!("sqlite://{}", file.display());
    let made = run(command(BINARY, &url, &["migrate"]));
    assert!(made.status.success(), "{}", said(&made));
    let first = logged(&url, &log, || {
        assert_eq!((mode(&own), mode(&file)), (0o700, 0o600));
        for beside in ["jij.sqlite3-wal", "jij.sqlite3-shm"] {
            assert_eq!(mode(&own.join(beside)), 0o600, "{beside}");
        }
    })
    .await;
    assert!(!first.contains("chmod"), "{first}");

    set_mode(&own, 0o755);
    set_mode(&file, 0o644);
    let shared = logged(&url, &log, || ()).await;
    for expected in ["0755", "0700", "0644", "0600", "jij.sqlite3", "chmod"] {
        assert!(shared.contains(expected), "{expected}: {shared}");
    }
    assert_eq!(mode(&file), 0o644, "it is for the operator to decide");
}
