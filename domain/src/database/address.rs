//! The address of a database, which may hold a password and is never repeated.

use std::{path::PathBuf, str::FromStr};

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, sqlite::SqliteConnectOptions},
};

use super::ConnectError;

/// Checks that an address can be read; the library that connects would repeat one that cannot.
pub(super) fn check(address: &str) -> Result<(), ConnectError> {
    let url = url::Url::parse(address).map_err(ConnectError::Address)?;
    // Such a database's name is the rest of a password, and would be shown.
    if url.scheme().starts_with("postgres")
        && (url.path().contains('@') || url.fragment().is_some())
    {
        return Err(ConnectError::Parameter);
    }
    Ok(())
}

/// Returns the file of an embedded database; none if it lies in memory.
pub(super) fn file(address: &str) -> Result<Option<PathBuf>, ConnectError> {
    if address.contains(":memory:") || address.contains("mode=memory") {
        return Ok(None);
    }
    let options = SqliteConnectOptions::from_str(address).map_err(|_| ConnectError::Parameter)?;
    Ok(Some(options.get_filename().to_owned()))
}

impl From<DbErr> for ConnectError {
    fn from(fault: DbErr) -> Self {
        match fault {
            DbErr::Conn(RuntimeErr::SqlxError(error))
                if matches!(&*error, sqlx::Error::Configuration(_)) =>
            {
                Self::Parameter
            }
            fault => Self::Unreachable(fault),
        }
    }
}
