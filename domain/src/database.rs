//! The database: connecting, reading, writing in a transaction, and paging by keyset.
//!
//! `SQLite` has one connection that writes and a pool that only reads (WAL: readers never wait
//! for the writer, and the writer never finds the file locked). `PostgreSQL` has one pool, and a
//! connection of its own for the one task that writes all the time.

mod message;

use std::{borrow::Cow, path::Path, sync::Arc, time::Duration};

use sea_orm::{
    ColumnTrait, ConnAcquireErr, ConnectOptions, DatabaseBackend, DatabaseTransaction, DbErr,
    EntityTrait, ExecResult, Order, QueryFilter, QueryOrder, QueryResult, QuerySelect, RuntimeErr,
    Select, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
    sea_query::{Expr, ExprTrait},
    sqlx::{
        error::DatabaseError,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};

use crate::{
    Error,
    page::{Sort, Window},
};

pub use message::Messages;
pub use sea_orm::{ConnectionTrait, DatabaseConnection};

/// How long a statement may take.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a statement waits for another's lock.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request waits for a free connection before it is told to come back.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
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
#[derive(Debug, Clone)]
pub struct Settings {
    /// `sqlite://PATH` or `postgres://…`.
    pub url: String,
    /// Connections of the pool; on `SQLite` the readers.
    pub connections: u32,
}

/// A connected database.
#[derive(Debug, Clone)]
pub struct Database {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    steady: DatabaseConnection,
}

/// The transaction that a piece of work runs in; [`Database::write`] commits it.
#[derive(Debug)]
pub struct Transaction(Arc<DatabaseTransaction>);

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.0.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.0.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.0.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.0.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.0.query_all_raw(statement).await
    }
}

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The address is of a kind that is not supported.
    #[error("DATABASE_URL starts with sqlite:// or postgres://")]
    Scheme,
    /// The server is older than what the statements need.
    #[error("PostgreSQL 15 or newer is needed")]
    TooOld,
    /// The folder of the database file cannot be made.
    #[error("the folder {0} cannot be made: {1}")]
    Folder(String, std::io::Error),
    /// The database refused or did not answer.
    #[error("the database cannot be reached: {0}")]
    Unreachable(#[from] DbErr),
}

impl Database {
    /// Connects, and makes an embedded database that is not there yet.
    pub async fn connect(settings: &Settings) -> Result<Self, ConnectError> {
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
        let path = settings
            .url
            .trim_start_matches("sqlite:")
            .trim_start_matches("//");
        if let Some(folder) = Path::new(path.split('?').next().unwrap_or(path)).parent() {
            std::fs::create_dir_all(folder)
                .map_err(|error| ConnectError::Folder(folder.display().to_string(), error))?;
        }
        let writer = sea_orm::Database::connect(sqlite(settings, 1, false)).await?;
        let reader =
            sea_orm::Database::connect(sqlite(settings, settings.connections, true)).await?;
        Ok(Self {
            reader,
            steady: writer.clone(),
            writer,
        })
    }

    async fn connect_postgres(settings: &Settings) -> Result<Self, ConnectError> {
        let pool =
            sea_orm::Database::connect(postgres(settings, settings.connections, &[])).await?;
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
        let mut steady = postgres(settings, 1, &BY_KEY);
        steady
            .connect_lazy(true)
            .test_before_acquire_if_idle_for(Duration::from_secs(1));
        Ok(Self {
            reader: pool.clone(),
            writer: pool,
            steady: sea_orm::Database::connect(steady).await?,
        })
    }

    /// A connection for statements that only read.
    pub fn read(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// The connection for statements that stand outside a transaction: migrations and checks.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Whether the database is a file of ours rather than a server.
    pub fn is_embedded(&self) -> bool {
        self.writer.get_database_backend() == DatabaseBackend::Sqlite
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
        connection: &DatabaseConnection,
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
            let transaction = Arc::new(connection.begin_with_options(options).await?);
            let outcome = work(Transaction(Arc::clone(&transaction))).await;
            // The work's handle is gone with its future, so this one is the last.
            let transaction = Arc::into_inner(transaction)
                .ok_or_else(|| Error::internal("a transaction outlived its work"))?;
            match outcome {
                Ok(done) => {
                    transaction.commit().await?;
                    return Ok(done);
                }
                Err(Error::Internal(fault)) if attempt < ATTEMPTS && is_transient(&fault) => {
                    attempt += 1;
                    roll_back(transaction).await;
                }
                Err(error) => {
                    roll_back(transaction).await;
                    return Err(error);
                }
            }
        }
    }

    /// Ends every connection of this pool; other handles on it are of no use any more.
    pub async fn close(self) -> Result<(), DbErr> {
        self.reader.close().await?;
        self.steady.close().await?;
        self.writer.close().await
    }

    /// Calls `observer` after every statement; for tests that count them.
    pub fn observe(&mut self, observer: impl Fn(&str) + Send + Sync + 'static) {
        let observer = Arc::new(observer);
        for connection in [&mut self.reader, &mut self.writer, &mut self.steady] {
            let observer = Arc::clone(&observer);
            connection.set_metric_callback(move |info| observer(&info.statement.sql));
        }
    }
}

/// Ends a transaction without a trace. Failing to is not the caller's concern: the pool drops a
/// connection that cannot roll back, which rolls back as well.
async fn roll_back(transaction: DatabaseTransaction) {
    if let Err(fault) = transaction.rollback().await {
        tracing::warn!(%fault, "rolling back failed");
    }
}

fn pool(settings: &Settings, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(settings.url.clone());
    options
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .sqlx_logging(false);
    options
}

fn postgres(
    settings: &Settings,
    connections: u32,
    planning: &'static [(&'static str, &'static str)],
) -> ConnectOptions {
    let mut options = pool(settings, connections);
    options.map_sqlx_postgres_opts(move |options| {
        let milliseconds = |time: Duration| time.as_millis().to_string();
        options
            .application_name("jij")
            .options([
                ("statement_timeout", milliseconds(STATEMENT_TIMEOUT)),
                ("lock_timeout", milliseconds(LOCK_TIMEOUT)),
                (
                    "idle_in_transaction_session_timeout",
                    milliseconds(STATEMENT_TIMEOUT),
                ),
                ("timezone", "UTC".to_owned()),
            ])
            .options(planning.iter().copied())
    });
    options
}

fn sqlite(settings: &Settings, connections: u32, query_only: bool) -> ConnectOptions {
    let mut options = pool(settings, connections);
    options.map_sqlx_sqlite_opts(move |options| {
        options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(LOCK_TIMEOUT)
            .pragma("query_only", if query_only { "ON" } else { "OFF" })
    });
    options
}

/// The database's own code for what went wrong in a statement.
fn code(fault: &DbErr) -> Option<Cow<'_, str>> {
    match fault {
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            error.as_database_error().and_then(DatabaseError::code)
        }
        _ => None,
    }
}

/// Whether trying the same transaction again may succeed: `PostgreSQL` broke it off as a
/// serialisation failure (40001) or a deadlock's victim (40P01).
fn is_transient(fault: &crate::error::Fault) -> bool {
    fault
        .downcast_ref::<DbErr>()
        .and_then(code)
        .is_some_and(|code| code == "40001" || code == "40P01")
}

/// Whether the database had too much to do: `SQLite`'s file stayed locked by another process
/// (5 `SQLITE_BUSY` and its extended codes), or `PostgreSQL` ended a wait for a lock (55P03) or a
/// statement that took too long (57014).
fn is_overload(fault: &DbErr) -> bool {
    matches!(fault, DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))
        || code(fault)
            .is_some_and(|code| matches!(&*code, "5" | "261" | "517" | "773" | "55P03" | "57014"))
}

impl<R> From<DbErr> for Error<R> {
    fn from(fault: DbErr) -> Self {
        if is_overload(&fault) {
            tracing::warn!(%fault, "the database had too much to do");
            Self::TooMany(Duration::from_secs(1))
        } else {
            Self::internal(fault)
        }
    }
}

/// `select` sorted by `column` and then `id`, both `direction`, and cut to `window`, one row
/// more than its limit so that the page knows whether it is the last.
pub fn keyset<E: EntityTrait>(
    select: Select<E>,
    column: impl ColumnTrait,
    id: impl ColumnTrait,
    direction: &Order,
    window: &Window,
) -> Select<E> {
    let descending = (*direction == Order::Desc) != window.backward;
    let select = match &window.from {
        None => select,
        Some(key) => {
            let value = match &key.sort {
                Sort::Number(number) => Value::from(*number),
                Sort::Instant(instant) => Value::from(*instant),
                Sort::Text(text) => Value::from(text.clone()),
            };
            let row = Expr::tuple([
                Expr::col(column.as_column_ref()),
                Expr::col(id.as_column_ref()),
            ]);
            let from = Expr::tuple([Expr::val(value), Expr::val(key.id)]);
            select.filter(if descending {
                row.lt(from)
            } else {
                row.gt(from)
            })
        }
    };
    let order = if descending { Order::Desc } else { Order::Asc };
    select
        .order_by(column, order.clone())
        .order_by(id, order)
        .limit(u64::from(window.limit) + 1)
}
