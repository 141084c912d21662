//! The lock that lets one process at a time change the shape of a database.

use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
    time::Duration,
};

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, Connection, Executor, PgConnection, postgres::PgConnectOptions},
};

use super::{Database, file};

/// The key of the advisory lock: "jij" and "migr" in ASCII.
const KEY: i64 = 0x006a_696a_6d69_6772;
/// The pause between two tries of a folder's lock.
const PAUSE: Duration = Duration::from_millis(50);
/// Opens the transaction that holds the lock, which waits and lasts as long as it must. A lock of
/// a transaction, and not of a session, also holds behind a pooler.
const BEGIN: &str = "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; \
                     SET LOCAL idle_in_transaction_session_timeout = 0";

/// Keeps other processes from changing the shape of the database until it is dropped.
#[derive(Debug)]
#[must_use = "dropped, it keeps nobody away"]
pub struct MigrationLock {
    _held: Held,
}

#[derive(Debug)]
enum Held {
    Server { _connection: PgConnection },
    Folder { _folder: Option<File> },
}

impl Database {
    /// Waits until no other process changes the shape of this database, and keeps all others from
    /// it: by an advisory lock on a connection of its own, or by the lock of the file's folder.
    pub async fn lock_migrations(&self) -> Result<MigrationLock, DbErr> {
        let held = if self.is_embedded() {
            let folder = match &self.file {
                Some(file) => folder(file.path()).await,
                None => Ok(None),
            };
            Held::Folder {
                _folder: folder.map_err(|fault| DbErr::Custom(fault.to_string()))?,
            }
        } else {
            let pool = self.writer.connection.get_postgres_connection_pool();
            let connection = server(&pool.connect_options()).await;
            Held::Server {
                _connection: connection
                    .map_err(|fault| DbErr::Conn(RuntimeErr::SqlxError(fault.into())))?,
            }
        };
        Ok(MigrationLock { _held: held })
    }
}

async fn server(options: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    let mut connection = PgConnection::connect_with(options).await?;
    connection.execute(BEGIN).await?;
    let at_once: bool = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock($1)")
        .bind(KEY)
        .fetch_one(&mut connection)
        .await?;
    if !at_once {
        tell();
        sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(KEY)
            .execute(&mut connection)
            .await?;
    }
    Ok(connection)
}

/// Waits for the lock of the folder that a database file lies in. The file itself is never opened
/// beside `SQLite`: to close it would drop the locks that `SQLite` holds on it in this process. A
/// file of its own for the lock would stay behind. None where the folder cannot be locked, as on
/// some network drives.
pub(super) async fn folder(path: &Path) -> io::Result<Option<File>> {
    let folder = File::open(file::folder(path))?;
    let mut is_told = false;
    loop {
        match folder.try_lock() {
            Ok(()) => return Ok(Some(folder)),
            Err(TryLockError::WouldBlock) => {
                if !is_told {
                    tell();
                    is_told = true;
                }
                tokio::time::sleep(PAUSE).await;
            }
            Err(TryLockError::Error(fault)) => {
                tracing::warn!(%fault, "the folder of the database cannot be locked: start one process at a time");
                return Ok(None);
            }
        }
    }
}

fn tell() {
    tracing::info!("waiting for another process that opens or migrates this database");
}
