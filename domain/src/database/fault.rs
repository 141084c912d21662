//! What the database's faults mean to whoever asked.

use std::{borrow::Cow, time::Duration};

use sea_orm::{
    ConnAcquireErr, DbErr, RuntimeErr,
    sqlx::{
        self,
        error::DatabaseError,
        postgres::{PgDatabaseError, PgSeverity},
    },
};

use crate::Error;

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
pub(super) fn is_transient(fault: &crate::error::Fault) -> bool {
    fault
        .downcast_ref::<DbErr>()
        .and_then(code)
        .is_some_and(|code| code == "40001" || code == "40P01")
}

/// Whether the database had too much to do: `SQLite`'s file stayed locked by another process
/// (5 `SQLITE_BUSY` and its extended codes), or `PostgreSQL` ended a wait for a lock (55P03) or a
/// statement that took too long (57014).
pub(super) fn is_overload(fault: &DbErr) -> bool {
    matches!(fault, DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))
        || code(fault)
            .is_some_and(|code| matches!(&*code, "5" | "261" | "517" | "773" | "55P03" | "57014"))
}

/// Returns if the server is gone or going: the connection broke, or `PostgreSQL` ended it with a
/// code that says so.
fn is_absence(fault: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(error))
    | DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))) = fault
    else {
        return false;
    };
    match &**error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed => true,
        sqlx::Error::Database(told) => told
            .try_downcast_ref::<PgDatabaseError>()
            .is_some_and(|told| ends_connection(told.severity(), told.code())),
        _ => false,
    }
}

/// Returns if `PostgreSQL`, or a pooler before it, ended the connection since the server shuts
/// down, starts up, lacks a connection or cannot be reached (57P, 53300, and class 08). What ends
/// a statement alone is no absence, whatever its class: a value that a statement does not take is
/// a protocol violation, 08P01, as well.
fn ends_connection(severity: PgSeverity, code: &str) -> bool {
    matches!(severity, PgSeverity::Fatal | PgSeverity::Panic)
        && (code.starts_with("08") || code.starts_with("57P") || code == "53300")
}

impl<R> From<DbErr> for Error<R> {
    fn from(fault: DbErr) -> Self {
        if is_absence(&fault) {
            tracing::warn!(%fault, "the database is out of reach");
            Self::Unavailable
        } else if is_overload(&fault) {
            tracing::warn!(%fault, "the database had too much to do");
            Self::TooMany(Duration::from_secs(1))
        } else {
            Self::internal(fault)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_ends_the_connection_is_an_absence() {
        use PgSeverity::{Error, Fatal, Panic};
        for (severity, code) in [
            (Fatal, "57P01"),
            (Fatal, "57P03"),
            (Fatal, "53300"),
            // PgBouncer, where its wait for a server is over.
            (Fatal, "08P01"),
            (Panic, "57P02"),
        ] {
            assert!(ends_connection(severity, code), "{code}");
        }
        for (severity, code) in [
            (Error, "08P01"),
            (Error, "22021"),
            (Error, "22P03"),
            (Fatal, "28P01"),
        ] {
            assert!(!ends_connection(severity, code), "{code}");
        }
    }
}
