//! The checks that a connection passes when it goes back to its pool.
//!
//! sqlx returns a connection whatever state it is in. A connection that is in a transaction, or
//! still busy with a statement whose request was dropped, is closed instead; the pool makes a new
//! one when it needs it. On `PostgreSQL` closing also cancels the statement: the server looks for
//! its client while it works (`client_connection_check_interval`).

use std::time::Duration;

use sea_orm::sqlx::{
    self, Connection, Executor, PgConnection, Postgres, Row, Sqlite, SqliteConnection,
    pool::PoolOptions,
};
use tokio::time::timeout;

/// How long a returned connection may stay busy with what nobody waits for.
const BUSY_AT_MOST: Duration = Duration::from_millis(500);

/// Sent without a prepared statement, where the two times are equal outside a transaction and
/// differ inside one; it fails in a transaction that has failed.
const IS_OUTSIDE: &str = "SELECT now() = statement_timestamp()";

pub(super) fn check_postgres(pool: PoolOptions<Postgres>) -> PoolOptions<Postgres> {
    pool.after_release(|connection, _| Box::pin(is_clean_postgres(connection)))
}

pub(super) fn check_sqlite(pool: PoolOptions<Sqlite>) -> PoolOptions<Sqlite> {
    pool.after_release(|connection, _| Box::pin(is_clean_sqlite(connection)))
}

async fn is_clean_postgres(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let asked = timeout(BUSY_AT_MOST, connection.fetch_one(IS_OUTSIDE)).await;
    // An error closes the connection without waiting for what it is busy with.
    let busy = |_| sqlx::Error::Protocol("a dropped statement is cancelled".to_owned());
    asked.map_err(busy)??.try_get(0)
}

async fn is_clean_sqlite(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // What was asked of the connection before is done once it answers.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}
