//! Several processes on a new database at the same moment: each waits for the one before.

use std::{
    fs::File,
    io::Write,
    path::Path,
    process::{Output, Stdio},
    time::Duration,
};

use domain::database::{Database, Settings};
use harness::{
    DatabaseKind, Program, TestDatabase,
    program::{command, output},
};
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

const BINARY: &str = env!("CARGO_BIN_EXE_jij-under-test");
/// Enough to meet at every step of opening and migrating.
const PROCESSES: usize = 6;
/// The wait before looking again.
const PAUSE: Duration = Duration::from_millis(20);

/// Starts these commands at once, and gives how each ended.
fn all_at_once(url: &str, commands: &[&[&str]]) -> Vec<Output> {
    let started: Vec<_> = commands
        .iter()
        .map(|arguments| {
            let mut child = command(BINARY, url, arguments)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the program starts");
            let mut input = child.stdin.take().expect("a pipe");
            // One that asks for no password may have ended.
            let _ = input.write_all(b"veilig-genoeg-lang-wachtwoord\n");
            child
        })
        .collect();
    let ended = started
        .into_iter()
        .map(std::process::Child::wait_with_output);
    ended.map(|output| output.expect("it ends")).collect()
}

fn assert_well(outputs: &[Output]) {
    for output in outputs {
        let complained = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{complained}");
    }
}

async fn migrate_at_once(kind: DatabaseKind) {
    let Some(storage) = TestDatabase::create_empty(kind).await else {
        return;
    };
    let outputs = all_at_once(&storage.url, &[&["migrate"][..]; PROCESSES]);
    assert_well(&outputs);
    let said: Vec<String> = outputs
        .iter()
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .collect();
    let idle = said.iter().filter(|said| *said == "0 migrations applied\n");
    assert_eq!(idle.count(), PROCESSES - 1, "one applies all: {said:?}");
    let settings = Settings {
        url: storage.url.clone(),
        connections: 1,
    };
    let database = Database::connect(&settings).await.expect("it connects");
    let pending = migration::pending(database.writer()).await;
    assert_eq!(pending.expect("tables"), Vec::<String>::new());
    database.close().await.expect("it closes");
    storage.remove().await;
}

/// Makes accounts and checks records beside a server that starts, which brings an embedded
/// database up as they do; a server's is migrated beside them.
async fn serve_beside_commands(kind: DatabaseKind) {
    let Some(storage) = TestDatabase::create_empty(kind).await else {
        return;
    };
    match storage.url.strip_prefix("sqlite://") {
        // A server of the public makes no file: one that is there and empty is as new.
        Some(file) => {
            let folder = Path::new(file).parent().expect("a folder");
            std::fs::create_dir_all(folder).expect("a folder");
            File::create(file).expect("an empty file");
        }
        None => assert_well(&[output(BINARY, &storage.url, &["migrate"])]),
    }
    let server = Program::serve(command(BINARY, &storage.url, &["serve"]));
    let url = storage.url.clone();
    let commands = tokio::task::spawn_blocking(move || {
        let create = |email| ["account", "create", email, "--name", "An Smit"];
        all_at_once(
            &url,
            &[
                &create("an@voorbeeld.nl"),
                &create("bo@voorbeeld.nl"),
                &create("cor@voorbeeld.nl"),
                &["poll", "recount"],
                &["moderation", "verify"],
            ],
        )
    });
    let (server, outputs) = tokio::join!(server, commands);
    assert_well(&outputs.expect("they end"));
    server.ask_to_end();
    assert_eq!(server.ended().await.code(), Some(0));
    storage.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_migrate_at_once_wait_for_each_other_on_sqlite() {
    migrate_at_once(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_migrate_at_once_wait_for_each_other_on_postgres() {
    migrate_at_once(DatabaseKind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_and_commands_start_at_once_on_a_new_database_on_sqlite() {
    serve_beside_commands(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_and_commands_start_at_once_on_a_new_database_on_postgres() {
    serve_beside_commands(DatabaseKind::Postgres).await;
}

/// Returns how many processes wait for the lock of this database.
async fn waiting(database: &Database) -> i64 {
    let statement = "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database \
                     WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()";
    let statement = Statement::from_string(DatabaseBackend::Postgres, statement);
    let row = database.read().query_one_raw(statement).await;
    let row = row.expect("the server tells").expect("a row");
    row.try_get_by_index(0).expect("a number")
}

/// On a server nobody migrates by itself: what starts while another migrates waits for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_starts_during_a_migration_waits_for_it() {
    let Some(storage) = TestDatabase::create_empty(DatabaseKind::Postgres).await else {
        return;
    };
    let settings = Settings {
        url: storage.url.clone(),
        connections: 1,
    };
    let database = Database::connect(&settings).await.expect("it connects");
    let lock = database.lock_migrations().await.expect("the lock");
    let server = Program::serve(command(BINARY, &storage.url, &["serve"]));
    let migrate = async {
        while waiting(&database).await == 0 {
            tokio::time::sleep(PAUSE).await;
        }
        migration::up(database.writer()).await.expect("it migrates");
        drop(lock);
    };
    let (server, ()) = tokio::join!(server, migrate);
    server.ask_to_end();
    assert_eq!(server.ended().await.code(), Some(0));
    database.close().await.expect("it closes");
    storage.remove().await;
}
