//! The checks that a connection passes when it goes back to its pool.
//!
//! sqlx returns a connection whatever state it is in. One that is in a transaction is closed; one
//! that is still busy with a statement whose request was dropped is replaced. On `PostgreSQL` the
//! server then cancels the statement: it looks for its client while it works
//! (`client_connection_check_interval`).

use std::{
    mem,
    sync::{Arc, OnceLock},
    time::Duration,
};

use sea_orm::sqlx::{
    self, Connection, Executor, PgConnection, Postgres, Row, Sqlite, SqliteConnection,
    pool::PoolOptions, postgres::PgConnectOptions,
};
use tokio::time::timeout;

/// The time that a returned connection may stay busy with what nobody waits for.
const BUSY_AT_MOST: Duration = Duration::from_millis(500);
/// The time that a new connection in its place may take.
const CONNECT_WITHIN: Duration = Duration::from_secs(3);

/// Sent without a prepared statement, where the two times are equal outside a transaction and
/// differ inside one; it fails in a transaction that has failed.
const IS_OUTSIDE: &str = "SELECT now() = statement_timestamp()";

/// The options that the connections of a pool are made with, known once the pool is.
pub(super) type ConnectedBy = Arc<OnceLock<PgConnectOptions>>;

pub(super) fn check_postgres(
    pool: PoolOptions<Postgres>,
    connected_by: &ConnectedBy,
) -> PoolOptions<Postgres> {
    let connected_by = Arc::clone(connected_by);
    pool.after_release(move |connection, _| {
        let connected_by = Arc::clone(&connected_by);
        Box::pin(async move { make_clean(connection, &connected_by).await })
    })
}

pub(super) fn check_sqlite(pool: PoolOptions<Sqlite>) -> PoolOptions<Sqlite> {
    pool.after_release(|connection, _| Box::pin(is_clean_sqlite(connection)))
}

/// Returns if the connection may be used again. An error is for one that is broken: sqlx would
/// wait for the server's word before it closes a connection over TLS without a farewell.
async fn make_clean(
    connection: &mut PgConnection,
    connected_by: &ConnectedBy,
) -> Result<bool, sqlx::Error> {
    match timeout(BUSY_AT_MOST, connection.fetch_one(IS_OUTSIDE)).await {
        Ok(Ok(row)) => row.try_get(0),
        Ok(Err(sqlx::Error::Database(_))) => Ok(false),
        Ok(Err(broken)) => Err(broken),
        Err(_) => {
            let Some(options) = connected_by.get() else {
                return Ok(false);
            };
            let new = timeout(CONNECT_WITHIN, PgConnection::connect_with(options));
            let new = new.await.map_err(|_| sqlx::Error::PoolTimedOut)??;
            // Dropped, the old one is closed at once.
            drop(mem::replace(connection, new));
            Ok(true)
        }
    }
}

async fn is_clean_sqlite(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // What was asked of the connection before is done once it answers.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}
