//! The options of a connection.

use std::{sync::Arc, time::Duration};

use sea_orm::{
    ConnectOptions,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

use super::{ACQUIRE_TIMEOUT, LOCK_TIMEOUT, Settings, handback};

/// The longest that a statement may take.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);
/// The pause between two looks of a server for the client of a running statement.
const CLIENT_CHECK: Duration = Duration::from_millis(500);
/// The time that an idle connection is used without asking first if the server is still there.
const FRESH: Duration = Duration::from_secs(1);

fn pool(settings: &Settings, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(settings.url.clone());
    options
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .sqlx_logging(false);
    options
}

/// Returns how to connect to a server by this name, with these settings of its planner.
pub(super) fn postgres(
    settings: &Settings,
    connections: u32,
    name: &'static str,
    planning: &'static [(&'static str, &'static str)],
) -> ConnectOptions {
    let mut options = pool(settings, connections);
    let connected_by = handback::ConnectedBy::default();
    let known = Arc::clone(&connected_by);
    options
        .test_before_acquire_if_idle_for(FRESH)
        .map_sqlx_postgres_pool_opts(move |pool| handback::check_postgres(pool, &known));
    options.map_sqlx_postgres_opts(move |options| {
        let milliseconds = |time: Duration| time.as_millis().to_string();
        let options = options
            .application_name(name)
            .options([
                ("statement_timeout", milliseconds(STATEMENT_TIMEOUT)),
                ("lock_timeout", milliseconds(LOCK_TIMEOUT)),
                (
                    "idle_in_transaction_session_timeout",
                    milliseconds(STATEMENT_TIMEOUT),
                ),
                (
                    "client_connection_check_interval",
                    milliseconds(CLIENT_CHECK),
                ),
                ("timezone", "UTC".to_owned()),
            ])
            .options(planning.iter().copied());
        connected_by.get_or_init(|| options.clone());
        options
    });
    options
}

/// Returns how to open a file, for reading alone where `query_only`.
pub(super) fn sqlite(settings: &Settings, connections: u32, query_only: bool) -> ConnectOptions {
    let mut options = pool(settings, connections);
    options.map_sqlx_sqlite_pool_opts(handback::check_sqlite);
    options.map_sqlx_sqlite_opts(move |options| {
        options
            // The file was made before: a connection that finds none must not make an empty one.
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(LOCK_TIMEOUT)
            // What is erased is gone from the file as well.
            .pragma("secure_delete", "ON")
            .pragma("query_only", if query_only { "ON" } else { "OFF" })
    });
    options
}
