//! Finding a `PostgreSQL` for the tests, or starting one.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
    time::Duration,
};

use sea_orm::{ConnectionTrait, DbErr, Statement};
use tempfile::TempDir;

/// Every database of this run has this at the front of its name.
pub(crate) fn prefix() -> String {
    format!("jij_test_{}", std::process::id())
}

/// The address of a server on which databases may be made: `TEST_POSTGRES_URL`, or the one on
/// this machine, or a private one started from the binaries that are found.
pub(crate) async fn server() -> Option<String> {
    if let Ok(url) = std::env::var("TEST_POSTGRES_URL") {
        execute(&url, &[]).await.expect("TEST_POSTGRES_URL answers");
        return Some(url);
    }
    for user in ["postgres", "root"] {
        let url = format!("postgres://{user}@127.0.0.1:5432/postgres");
        if execute(&url, &[]).await.is_ok() {
            return Some(url);
        }
    }
    private_server().await
}

/// Runs statements one by one on a connection of their own.
pub(crate) async fn execute(url: &str, statements: &[String]) -> Result<(), DbErr> {
    let mut options = sea_orm::ConnectOptions::new(url);
    options
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(20))
        .connect_timeout(Duration::from_secs(20))
        .sqlx_logging(false);
    let connection = sea_orm::Database::connect(options).await?;
    for statement in statements {
        connection.execute_unprepared(statement).await?;
    }
    connection.close().await
}

/// The address of another database on the same server.
pub(crate) fn with_database(server: &str, name: &str) -> String {
    let (address, options) = match server.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (server, String::new()),
    };
    let host = address.rsplit_once('/').map_or(address, |(host, _)| host);
    format!("{host}/{name}{options}")
}

/// Drops the databases of runs that were broken off.
pub(crate) async fn remove_left_over(server: &str) {
    let Ok(connection) = sea_orm::Database::connect(server).await else {
        return;
    };
    let names = connection
        .query_all_raw(Statement::from_string(
            sea_orm::DatabaseBackend::Postgres,
            "SELECT datname FROM pg_database WHERE datname LIKE 'jij\\_test\\_%'",
        ))
        .await
        .unwrap_or_default();
    for row in names {
        let Ok(name) = row.try_get_by_index::<String>(0) else {
            continue;
        };
        let run = name.split('_').nth(2).unwrap_or_default();
        if !Path::new("/proc").join(run).exists() {
            // Another run that starts now may drop it first.
            let _ = connection
                .execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                .await;
        }
    }
}

/// Starts a server in a folder of its own that ends with this process.
async fn private_server() -> Option<String> {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let binaries = binaries()?;
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().expect("a temporary folder"));
    let port = free_port();
    let script = format!(
        r#"set -e
        "{bin}/initdb" -D "{data}" -U postgres -A trust --no-sync >"{folder}/log" 2>&1
        "{bin}/postgres" -D "{data}" -p {port} -c listen_addresses=127.0.0.1 -k "{folder}" >>"{folder}/log" 2>&1 &
        server=$!
        trap 'kill -INT $server' EXIT
        while kill -0 {parent} 2>/dev/null && kill -0 $server 2>/dev/null; do sleep 1; done"#,
        bin = binaries.display(),
        data = folder.path().join("data").display(),
        folder = folder.path().display(),
        parent = std::process::id(),
    );
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(script)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    as_someone_else(&mut shell, folder.path());
    shell.spawn().ok()?;
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    for _ in 0..150 {
        if execute(&url, &[]).await.is_ok() {
            return Some(url);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    None
}

/// `PostgreSQL` refuses to run as root, so that root hands the folder to `nobody`.
pub(crate) fn as_someone_else(command: &mut Command, folder: &Path) {
    use std::os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    };
    const NOBODY: u32 = 65_534;
    let ours = std::fs::metadata("/proc/self").map(|process| process.uid());
    if ours.is_ok_and(|ours| ours == 0) && chown(folder, Some(NOBODY), Some(NOBODY)).is_ok() {
        command.uid(NOBODY).gid(NOBODY);
    }
}

pub(crate) fn binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    folders
        .into_iter()
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

pub(crate) fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port()
}
