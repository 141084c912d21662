//! The reasons for which a database cannot be used.

use std::io;

use sea_orm::DbErr;

/// A reason for which a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The address is of a kind that is not supported.
    #[error("DATABASE_URL starts with sqlite:// or postgres://")]
    Scheme,
    /// The server is older than what the statements need.
    #[error("PostgreSQL 15 or newer is needed")]
    TooOld,
    /// The address cannot be read; it may hold a password and is not repeated.
    #[error("the address cannot be read: {0}")]
    Address(url::ParseError),
    /// A part of the address cannot be used; it may hold a password and is not repeated.
    #[error("a part of the address cannot be used: its user, password, name or a parameter")]
    Parameter,
    /// The database file or its folder cannot be made.
    #[error("the file {0} cannot be made: {1}")]
    File(String, io::Error),
    /// The server or the file cannot be used.
    #[error("{problem}")]
    Refused {
        /// The reason, without the password.
        problem: String,
        /// A cure.
        hint: &'static str,
    },
    /// The database refused or did not answer.
    #[error("the database cannot be reached: {0}")]
    Unreachable(DbErr),
}

impl ConnectError {
    /// Returns a cure.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Refused { hint, .. } => hint,
            Self::File(..) => "a path at which this user may make files",
            Self::Parameter => {
                "what is special in a user, password or name is percent-encoded: %40 for @, %2F for /, %23 for #, %3F for ?"
            }
            _ => "for example sqlite://data/jij.sqlite3 or postgres://jij@localhost/jij",
        }
    }
}
