//! Copies of a database: making one, and finding out if one is whole.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbErr, QueryResult, SqlxSqliteConnector, Statement,
    sqlx::{
        self, Connection, SqliteConnection,
        sqlite::{SqliteConnectOptions, SqlitePoolOptions},
    },
};

use super::{Database, LOCK_TIMEOUT, address, file};

/// Problems that a check of the whole file lists at most.
const MOST_PROBLEMS: u32 = 10;

/// A reason for which a database is not copied, or a copy not opened.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The database lies in memory.
    #[error("a database in memory has no file to copy")]
    Memory,
    /// The address cannot be read.
    #[error(transparent)]
    Address(#[from] super::ConnectError),
    /// There is no such file.
    #[error("there is no file {}", .0.display())]
    Missing(PathBuf),
    /// There is a file where the copy would be.
    #[error("{} is there already and is not overwritten", .0.display())]
    Exists(PathBuf),
    /// There is a copy that is not done.
    #[error("{} is there: a copy is being made, or was broken off; remove it if none is", .0.display())]
    Unfinished(PathBuf),
    /// The file was copied while a server used it, or one does so now.
    #[error("{} lies beside it: without that the file is not the whole database", .0.display())]
    InUse(PathBuf),
    /// The copy cannot be written.
    #[error("{} cannot be written: {}", .0.display(), .1)]
    Write(PathBuf, io::Error),
    /// The database answers with an error.
    #[error("the database answers with an error: {0}")]
    Database(#[from] sqlx::Error),
}

/// Facts about a server's database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// The server's version, such as `16.4`.
    pub version: String,
    /// The size of the database in bytes.
    pub bytes: i64,
}

impl Database {
    /// Copies the embedded database at `address`, as it is at one moment, to a new file that only
    /// its owner may read; returns its size in bytes. Whoever writes to the database meanwhile
    /// goes on. The copy has its name only once all of it is on disk.
    pub async fn copy(address: &str, to: &Path) -> Result<u64, CopyError> {
        address::check(address)?;
        let from = address::file(address)?.ok_or(CopyError::Memory)?;
        if !from.exists() {
            return Err(CopyError::Missing(from));
        }
        if to.symlink_metadata().is_ok() {
            return Err(CopyError::Exists(to.to_owned()));
        }
        let mut unfinished = to.as_os_str().to_owned();
        unfinished.push(".unfinished");
        let unfinished = PathBuf::from(unfinished);
        file::make(&unfinished).map_err(|fault| match fault.kind() {
            io::ErrorKind::AlreadyExists => CopyError::Unfinished(unfinished.clone()),
            _ => CopyError::Write(unfinished.clone(), fault),
        })?;
        let copied = match vacuum(&from, &unfinished).await {
            Ok(()) => {
                finish(&unfinished, to).map_err(|fault| CopyError::Write(to.to_owned(), fault))
            }
            Err(fault) => Err(fault),
        };
        if copied.is_err() {
            // The fault is what is told; the file says for itself that it is not done.
            let _ = fs::remove_file(&unfinished);
        }
        copied
    }

    /// Returns what is wrong with the pages and indices of an embedded database.
    pub async fn find_damage(&self) -> Result<Vec<String>, DbErr> {
        let check = format!("PRAGMA integrity_check({MOST_PROBLEMS})");
        let rows = self.ask(&check).await?;
        let found: Vec<String> = rows
            .iter()
            .map(|row| row.try_get_by_index(0))
            .collect::<Result<_, _>>()?;
        Ok(if found == ["ok"] { Vec::new() } else { found })
    }

    /// Returns how many rows of an embedded database refer to one that is not there.
    pub async fn count_broken_references(&self) -> Result<usize, DbErr> {
        Ok(self.ask("PRAGMA foreign_key_check").await?.len())
    }

    /// Returns what a server says of itself and of the database.
    pub async fn server(&self) -> Result<Server, DbErr> {
        let facts =
            "SELECT current_setting('server_version'), pg_database_size(current_database())";
        let rows = self.ask(facts).await?;
        let row = rows
            .first()
            .ok_or_else(|| DbErr::RecordNotFound(facts.to_owned()))?;
        Ok(Server {
            version: row.try_get_by_index(0)?,
            bytes: row.try_get_by_index(1)?,
        })
    }

    async fn ask(&self, statement: &str) -> Result<Vec<QueryResult>, DbErr> {
        let connection = self.read();
        let backend = connection.get_database_backend();
        let statement = Statement::from_string(backend, statement);
        connection.query_all_raw(statement).await
    }
}

/// Opens a file for reading only, in the belief that nothing changes it: no file is made beside
/// it, and none is needed where it may not be written.
pub(super) async fn open(path: &Path) -> Result<DatabaseConnection, CopyError> {
    if !path.exists() {
        return Err(CopyError::Missing(path.to_owned()));
    }
    for suffix in ["-wal", "-journal"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(suffix);
        if fs::metadata(&beside).is_ok_and(|beside| beside.len() > 0) {
            return Err(CopyError::InUse(beside.into()));
        }
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .immutable(true);
    let pool = SqlitePoolOptions::new().max_connections(1);
    let pool = pool.connect_with(options).await?;
    // The first look at the file: before it, anything is a database.
    sqlx::query("PRAGMA schema_version").execute(&pool).await?;
    Ok(SqlxSqliteConnector::from_sqlx_sqlite_pool(pool))
}

/// Writes what a database holds at one moment into an empty file.
async fn vacuum(from: &Path, to: &Path) -> Result<(), CopyError> {
    let options = SqliteConnectOptions::new()
        .filename(from)
        .busy_timeout(LOCK_TIMEOUT);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let copied = sqlx::query("VACUUM INTO ?")
        .bind(to.to_string_lossy().into_owned())
        .execute(&mut connection)
        .await;
    // The last connection to a database leaves all of it in its one file.
    connection.close().await?;
    copied?;
    Ok(())
}

/// Gives a copy its name once it is on disk; returns its size.
fn finish(unfinished: &Path, to: &Path) -> io::Result<u64> {
    let copy = File::open(unfinished)?;
    copy.sync_all()?;
    let bytes = copy.metadata()?.len();
    fs::rename(unfinished, to)?;
    #[cfg(unix)]
    File::open(file::folder(to))?.sync_all()?;
    Ok(bytes)
}
