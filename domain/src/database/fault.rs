//! What the database's faults mean to whoever asked.

use std::{borrow::Cow, time::Duration};

use sea_orm::{
    ConnAcquireErr, DbErr, RuntimeErr,
    sqlx::{self, error::DatabaseError},
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

/// Whether the server is gone or going: the connection broke, or `PostgreSQL` shuts down, starts
/// up, or lacks a connection (classes 08 and 57P, and 53300).
fn is_absence(fault: &DbErr) -> bool {
    let broken = match fault {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => matches!(
            &**error,
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed
        ),
        _ => false,
    };
    let told =
        |code: Cow<'_, str>| code.starts_with("08") || code.starts_with("57P") || code == "53300";
    broken || code(fault).is_some_and(told)
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
