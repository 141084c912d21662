//! `jij backup`: a copy that is made while people vote holds everything that was acknowledged
//! before, and is whole.

use std::{
    collections::HashMap,
    os::unix::fs::PermissionsExt,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use domain::database::{Database, Settings};
use entity::ballot_event;
use harness::{
    DatabaseKind, Program, TestDatabase, Wire,
    program::{command, output},
};
use sea_orm::{ConnectionTrait, EntityTrait};
use tokio::task::JoinSet;

use super::{
    kill::{BINARY, Writer, open, target},
    recount::recount_in,
};

const WRITERS: usize = 8;
/// Ballots before the copy begins, as many again while others are cast, and after it.
const BALLOTS: usize = 400;

/// Runs a command; gives its exit code, standard output and standard error.
fn run(url: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = output(BINARY, url, arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

async fn run_beside(url: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let url = url.to_owned();
    let arguments: Vec<String> = arguments.iter().map(|one| (*one).to_owned()).collect();
    let ended = tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        run(&url, &arguments)
    });
    ended.await.expect("the command")
}

fn path(file: &Path) -> &str {
    file.to_str().expect("a path")
}

/// A migrated database with a poll in a file of its own.
async fn with_poll() -> TestDatabase {
    let storage = TestDatabase::create(DatabaseKind::Sqlite).await;
    let storage = storage.expect("SQLite");
    let (services, database) = open(&storage).await;
    target(&services).await;
    database.close().await.expect("closed");
    storage
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_a_stream_of_ballots_holds_all_that_was_acknowledged_before() {
    let storage = TestDatabase::create(DatabaseKind::Sqlite).await;
    let storage = storage.expect("SQLite");
    let (services, database) = open(&storage).await;
    let target = Arc::new(target(&services).await);
    database.close().await.expect("closed");
    let mut serve = command(BINARY, &storage.url, &["serve"]);
    // All of them vote from one address.
    serve.env("JIJ_UNLIMITED_VOTER_NETWORKS", "127.0.0.0/8");
    let server = Program::serve(serve).await;
    let address = server.address;
    let mut writers: Vec<Writer> = (0..WRITERS).map(Writer::new).collect();
    for writer in &mut writers {
        let mut wire = Wire::connect(address).await.expect("a connection");
        for _ in 0..BALLOTS / WRITERS {
            assert!(writer.cast(&mut wire, &target, &services).await);
        }
    }
    let before: Vec<String> = writers.iter().flat_map(Writer::names).collect();
    assert_eq!(before.len(), BALLOTS);

    let (heard, over) = (
        Arc::new(AtomicUsize::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let mut tasks = JoinSet::new();
    for mut writer in writers {
        let (target, services) = (Arc::clone(&target), services.clone());
        let (heard, over) = (Arc::clone(&heard), Arc::clone(&over));
        tasks.spawn(async move {
            let mut wire = Wire::connect(address).await.expect("a connection");
            while !over.load(Ordering::Relaxed) {
                assert!(writer.cast(&mut wire, &target, &services).await);
                heard.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    let until = async |many: usize| {
        while heard.load(Ordering::Relaxed) < many {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    until(BALLOTS).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("copy.sqlite3");
    let (code, said, complained) = run_beside(&storage.url, &["backup", path(&file)]).await;
    assert_eq!(code, Some(0), "{said}{complained}");
    // People go on voting.
    until(heard.load(Ordering::Relaxed) + BALLOTS).await;
    over.store(true, Ordering::Relaxed);
    tasks.join_all().await;
    let mode = file.metadata().expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "its owner alone may read it");

    let (code, said, complained) =
        run_beside("sqlite://none", &["backup", "check", path(&file)]).await;
    assert_eq!(code, Some(0), "{said}{complained}");
    let told: Vec<&str> = said
        .lines()
        .map(|line| line.split(':').next().unwrap_or_default())
        .collect();
    assert_eq!(
        told,
        [
            "file",
            "migrations",
            "integrity",
            "references",
            "ballots",
            "record of moderation"
        ],
        "{said}"
    );
    let files = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(files, 1, "a check leaves nothing beside the copy");

    let url = format!("sqlite://{}", file.display());
    let restored = Program::serve(command(BINARY, &url, &["serve"])).await;
    restored.ask_to_end();
    assert_eq!(restored.ended().await.code(), Some(0));
    let settings = Settings {
        url,
        connections: 1,
    };
    let database = Database::connect(&settings).await.expect("it connects");
    recount_in(database.read()).await;
    let events = ballot_event::Entity::find().all(database.read()).await;
    let events: HashMap<String, _> = events
        .expect("events")
        .into_iter()
        .map(|event| (event.idempotency_key, event.ballot_id))
        .collect();
    for name in before {
        assert!(
            events.contains_key(&name),
            "{name} was acknowledged before the backup"
        );
    }
    database.close().await.expect("closed");
    server.ask_to_end();
    assert_eq!(server.ended().await.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_overwrites_nothing_and_makes_no_database() {
    let storage = with_poll().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("copy.sqlite3");
    std::fs::write(&file, "iets anders").expect("a file");
    let (code, _, complained) = run(&storage.url, &["backup", path(&file)]);
    assert_eq!(code, Some(1));
    assert!(complained.contains("is not overwritten"), "{complained}");
    assert_eq!(std::fs::read(&file).expect("a file"), b"iets anders");

    let absent = folder.path().join("absent.sqlite3");
    let url = format!("sqlite://{}", absent.display());
    let other = folder.path().join("other.sqlite3");
    let (code, _, complained) = run(&url, &["backup", path(&other)]);
    assert_eq!(code, Some(1));
    assert!(complained.contains("there is no file"), "{complained}");
    let (code, said, _) = run(&url, &["backup", "check", path(&absent)]);
    assert_eq!(code, Some(1));
    assert!(said.starts_with("file: FAILED"), "{said}");
    assert!(!absent.exists() && !other.exists());
    let files = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(files, 1, "nothing half done is left");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_names_what_is_wrong_with_a_copy() {
    let storage = with_poll().await;
    let folder = tempfile::tempdir().expect("a folder");
    let copy = |name: &str| {
        let file = folder.path().join(name);
        let (code, _, complained) = run(&storage.url, &["backup", path(&file)]);
        assert_eq!(code, Some(0), "{complained}");
        file
    };
    let change = async |file: &Path, statement: &str| {
        let url = format!("sqlite://{}", file.display());
        let connection = sea_orm::Database::connect(url).await.expect("it opens");
        for statement in statement.split(';') {
            let changed = connection.execute_unprepared(statement).await;
            changed.expect("it is changed");
        }
        connection.close().await.expect("it closes");
    };
    let fails = |file: &Path, line: &str| {
        let (code, said, complained) = run(&storage.url, &["backup", "check", path(file)]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.lines().any(|said| said.starts_with(line)), "{said}");
        assert!(
            complained.contains("do not rely on this copy"),
            "{complained}"
        );
    };

    let sums = copy("sums");
    change(&sums, "UPDATE poll_run SET voter_count = voter_count + 1").await;
    fails(&sums, "ballots: FAILED, the sums of zwemmen-in-de-kanalen");

    let references = copy("references");
    change(&references, "PRAGMA foreign_keys = OFF; DELETE FROM poll").await;
    fails(&references, "references: FAILED");

    let behind = copy("behind");
    change(
        &behind,
        "DELETE FROM seaql_migrations WHERE version LIKE '%record_format'",
    )
    .await;
    fails(&behind, "migrations: FAILED");

    let damaged = copy("damaged");
    let mut bytes = std::fs::read(&damaged).expect("a copy");
    let (from, end) = (bytes.len() / 3, bytes.len() * 2 / 3);
    bytes[from..end].fill(0xAA);
    std::fs::write(&damaged, bytes).expect("it is damaged");
    fails(&damaged, "integrity: FAILED");

    let foreign = folder.path().join("foreign");
    std::fs::write(&foreign, "geen database ".repeat(1_000)).expect("a file");
    fails(&foreign, "file: FAILED");

    let half = copy("half");
    std::fs::write(folder.path().join("half-wal"), "rest").expect("a file");
    fails(&half, "file: FAILED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_database_is_checked_and_its_own_programs_are_named() {
    let Some(storage) = TestDatabase::create(DatabaseKind::Postgres).await else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("copy");
    let (code, said, complained) = run(&storage.url, &["backup", path(&file)]);
    assert_eq!(code, Some(1), "there is no copy yet: {said}");
    for line in ["server: PostgreSQL ", "database: ", "migrations: "] {
        assert!(said.lines().any(|said| said.starts_with(line)), "{said}");
    }
    assert!(
        complained.contains("pg_dump --format=custom"),
        "{complained}"
    );
    assert!(
        !complained.contains(&storage.url),
        "the address may hold a password"
    );
    assert!(!file.exists());
    let (code, said, complained) = run(&storage.url, &["backup", "check"]);
    assert_eq!(code, Some(0), "{said}{complained}");
    assert_eq!(said.lines().count(), 3, "{said}");
    storage.remove().await;
}
