//! The database: connecting, reading, writing in a transaction, and paging by keyset.
//!
//! `SQLite` has one connection that writes and a pool that only reads (WAL: readers never wait
//! for the writer, and the writer never finds the file locked). `PostgreSQL` has one pool, and a
//! connection of its own for the one task that writes all the time.

mod address;
mod connect_error;
mod copy;
mod equal;
mod fault;
mod file;
mod handback;
mod health;
mod keyset;
mod lock;
mod message;
mod options;
mod probe;
mod reason;
mod transaction;

use std::{
    fmt,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sea_orm::{
    AccessMode, DatabaseBackend, IsolationLevel, SqliteTransactionMode, Statement,
    TransactionOptions,
};

use crate::Error;
use file::OpenedFile;
use options::{postgres, sqlite};
use transaction::Pool;

pub use connect_error::ConnectError;
pub use copy::{CopyError, Server};
pub use equal::equal;
pub use keyset::keyset;
pub use lock::MigrationLock;
pub use message::Messages;
pub use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};
pub use transaction::Transaction;

/// How long a statement waits for another's lock.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request waits for a free connection before it is told to come back.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// The oldest `PostgreSQL` that is tested, as `server_version_num`.
const OLDEST_POSTGRES: i32 = 150_000;
/// How often a transaction is tried that the database broke off in favour of another.
const ATTEMPTS: u32 = 5;

/// For statements that find every row by a whole key: a plan is made once, and none that was
/// made while a table was empty reads all of it once it is full.
const BY_KEY: [(&str, &str); 4] = [
    ("plan_cache_mode", "force_generic_plan"),
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
];

/// Where the data is, and how many connections it gets.
#[derive(Clone)]
pub struct Settings {
    /// `sqlite://PATH` or `postgres://…`.
    pub url: String,
    /// Connections of the pool; on `SQLite` the readers.
    pub connections: u32,
}

/// Without the address, which may hold a password.
impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}

/// Has what remains of a transaction find its rows by key, as the counting does; for statements
/// that find every row so. `SQLite` looks up what is written as a look-up.
pub(crate) async fn find_by_key(transaction: &impl ConnectionTrait) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DatabaseBackend::Postgres {
        let settings = BY_KEY.map(|(name, value)| format!("SET LOCAL {name} = {value}"));
        transaction.execute_unprepared(&settings.join("; ")).await?;
    }
    Ok(())
}

/// A connected database.
#[derive(Debug, Clone)]
pub struct Database {
    reader: Pool,
    writer: Pool,
    steady: Pool,
    probe: DatabaseConnection,
    /// The file of an embedded database; none if it lies in memory.
    file: Option<OpenedFile>,
}

/// Returns the file of an embedded database that is not there yet, by its whole path; none if it is
/// there, or the database is no file.
pub fn missing_file(url: &str) -> Result<Option<PathBuf>, ConnectError> {
    address::check(url)?;
    if !url.starts_with("sqlite:") {
        return Ok(None);
    }
    let file = address::file(url)?.filter(|file| !file.exists());
    Ok(file.map(|file| std::path::absolute(&file).unwrap_or(file)))
}

impl Database {
    /// Connects, and makes an embedded database that is not there yet.
    pub async fn connect(settings: &Settings) -> Result<Self, ConnectError> {
        address::check(&settings.url)?;
        if settings.url.starts_with("sqlite:") {
            Self::connect_sqlite(settings).await
        } else if settings.url.starts_with("postgres://")
            || settings.url.starts_with("postgresql://")
        {
            Self::connect_postgres(settings).await
        } else {
            Err(ConnectError::Scheme)
        }
    }

    async fn connect_sqlite(settings: &Settings) -> Result<Self, ConnectError> {
        let path = address::file(&settings.url)?;
        // Two at once cannot both give a new file its journal mode.
        let lock = match &path {
            Some(path) => prepare(path)
                .await
                .map_err(|error| ConnectError::File(path.display().to_string(), error))?,
            None => None,
        };
        let size = settings.connections;
        let writer = sea_orm::Database::connect(sqlite(settings, 1, false)).await;
        let writer = writer.map_err(|fault| match &path {
            Some(path) => reason::of_file(fault, path),
            None => fault.into(),
        })?;
        let reader = sea_orm::Database::connect(sqlite(settings, size, true)).await?;
        drop(lock);
        let writer = Pool::new(writer, 1);
        Ok(Self {
            file: path.map(OpenedFile::at),
            probe: reader.clone(),
            reader: Pool::new(reader, size),
            steady: writer.clone(),
            writer,
        })
    }

    async fn connect_postgres(settings: &Settings) -> Result<Self, ConnectError> {
        reason::try_server(&settings.url).await?;
        let size = settings.connections;
        let pool = sea_orm::Database::connect(postgres(settings, size, "jij", &[])).await?;
        let version: Option<i32> = pool
            .query_one_raw(Statement::from_string(
                DatabaseBackend::Postgres,
                "SELECT current_setting('server_version_num')::int",
            ))
            .await?
            .and_then(|row| row.try_get_by_index(0).ok());
        if version.is_none_or(|version| version < OLDEST_POSTGRES) {
            return Err(ConnectError::TooOld);
        }
        let mut steady = postgres(settings, 1, "jij counting", &BY_KEY);
        steady.connect_lazy(true);
        let mut probe = postgres(settings, 1, "jij health", &[]);
        probe.connect_lazy(true);
        let pool = Pool::new(pool, size);
        Ok(Self {
            reader: pool.clone(),
            writer: pool,
            steady: Pool::new(sea_orm::Database::connect(steady).await?, 1),
            probe: sea_orm::Database::connect(probe).await?,
            file: None,
        })
    }

    /// Opens the file of a database that nothing writes to, such as a copy, and leaves it and its
    /// folder as they are.
    pub async fn open_copy(path: &Path) -> Result<Self, CopyError> {
        let connection = copy::open(path).await?;
        let pool = Pool::new(connection.clone(), 1);
        Ok(Self {
            reader: pool.clone(),
            writer: pool.clone(),
            steady: pool,
            probe: connection,
            file: None,
        })
    }

    /// Returns if the file of an embedded database is still the one that was opened: what is
    /// written to one that was replaced or removed is lost with its last connection.
    pub fn is_in_place(&self) -> bool {
        self.file.as_ref().is_none_or(OpenedFile::is_in_place)
    }

    /// A connection for statements that only read.
    pub fn read(&self) -> &DatabaseConnection {
        &self.reader.connection
    }

    /// The connection for statements that stand outside a transaction: migrations and checks.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer.connection
    }

    /// Whether the database is a file of ours rather than a server.
    pub fn is_embedded(&self) -> bool {
        self.writer.connection.get_database_backend() == DatabaseBackend::Sqlite
    }

    /// Runs `work` in one transaction: committed if it succeeds, without a trace otherwise. Run
    /// again, up to five times, where the database breaks it off for another's sake.
    pub async fn write<T, R, F>(
        &self,
        work: impl Fn(Transaction) -> F + Send + Sync,
    ) -> crate::Result<T, R>
    where
        T: Send,
        R: Send,
        F: Future<Output = crate::Result<T, R>> + Send,
    {
        self.write_on(&self.writer, work).await
    }

    /// As [`write`](Self::write), on the connection that is kept for the one task that writes
    /// all the time: it waits for no other request, its statements stay prepared, and they are
    /// planned to find their rows by key.
    pub async fn write_steadily<T, R, F>(
        &self,
        work: impl Fn(Transaction) -> F + Send + Sync,
    ) -> crate::Result<T, R>
    where
        T: Send,
        R: Send,
        F: Future<Output = crate::Result<T, R>> + Send,
    {
        self.write_on(&self.steady, work).await
    }

    async fn write_on<T, R, F>(
        &self,
        pool: &Pool,
        work: impl Fn(Transaction) -> F + Send + Sync,
    ) -> crate::Result<T, R>
    where
        T: Send,
        R: Send,
        F: Future<Output = crate::Result<T, R>> + Send,
    {
        let options = TransactionOptions {
            sqlite_transaction_mode: self
                .is_embedded()
                .then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let mut attempt = 1;
        loop {
            let transaction = Arc::new(pool.begin(options, None).await?);
            let outcome = work(Transaction(Arc::clone(&transaction))).await;
            // The work's handle is gone with its future, so this one is the last.
            let transaction = Arc::into_inner(transaction)
                .ok_or_else(|| Error::internal("a transaction outlived its work"))?;
            match outcome {
                Ok(done) => {
                    transaction.commit().await?;
                    return Ok(done);
                }
                Err(Error::Internal(fault))
                    if attempt < ATTEMPTS && fault::is_transient(&fault) =>
                {
                    attempt += 1;
                    transaction.roll_back().await;
                }
                Err(error) => {
                    transaction.roll_back().await;
                    return Err(error);
                }
            }
        }
    }

    /// A transaction that only reads, and whose statements all see the database as it was at one
    /// moment, whatever is written meanwhile; they may take their time. It ends when dropped.
    pub async fn snapshot(&self) -> Result<Transaction, DbErr> {
        let (options, first) = if self.is_embedded() {
            (TransactionOptions::default(), None)
        } else {
            let options = TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            };
            (options, Some("SET LOCAL statement_timeout = 0"))
        };
        Ok(Transaction(Arc::new(
            self.reader.begin(options, first).await?,
        )))
    }

    /// Empties the write-ahead log of an embedded database, so that what was overwritten is in it no
    /// longer; waits for nobody who reads. A server's log is its operator's to keep.
    pub(crate) async fn empty_log(&self) -> Result<(), DbErr> {
        if self.is_embedded() {
            self.writer
                .connection
                .execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)")
                .await?;
        }
        Ok(())
    }

    /// Ends every connection once its transaction has ended; other handles on the database are of
    /// no use any more.
    pub async fn close(self) -> Result<(), DbErr> {
        self.reader.connection.close().await?;
        self.steady.connection.close().await?;
        self.probe.close().await?;
        self.writer.connection.close().await
    }

    /// Calls `observer` after every statement; for tests that count them.
    pub fn observe(&mut self, observer: impl Fn(&str) + Send + Sync + 'static) {
        let observer = Arc::new(observer);
        for pool in [&mut self.reader, &mut self.writer, &mut self.steady] {
            let observer = Arc::clone(&observer);
            let connection = &mut pool.connection;
            connection.set_metric_callback(move |info| observer(&info.statement.sql));
        }
    }
}

/// Makes the file of a database and its folder, and waits for the lock of that folder.
async fn prepare(path: &Path) -> io::Result<Option<File>> {
    file::prepare_folder(path)?;
    let lock = lock::folder(path).await?;
    file::prepare(path)?;
    Ok(lock)
}
