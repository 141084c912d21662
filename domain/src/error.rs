//! How a use-case ends when it does not end well.

use std::{convert::Infallible, fmt, time::Duration};

use crate::clock::Instant;

/// What a use-case gives, or why not; `R` lists the reasons why it may be refused.
pub type Result<T, R = Infallible> = std::result::Result<T, Error<R>>;

/// How a use-case ends when it does not end well.
#[derive(thiserror::Error)]
pub enum Error<R> {
    /// A well-meant request is declined: every reason at once, never none.
    #[error("refused")]
    Refused(Vec<R>),
    /// There is no such thing, or the actor may not know that there is.
    #[error("not found")]
    NotFound,
    /// The actor may not do this.
    #[error("denied")]
    Denied,
    /// The actor's role counts only after a second factor, which they have not shown.
    #[error("no second factor")]
    SecondFactorMissing,
    /// The actor's account is blocked, until this instant or for good.
    #[error("blocked")]
    Blocked(Option<Instant>),
    /// Someone who signed in might.
    #[error("not signed in")]
    Unauthenticated,
    /// Too much at once; try again after the wait.
    #[error("too many")]
    TooMany(Duration),
    /// The database is out of reach; try again in a few seconds.
    #[error("unavailable")]
    Unavailable,
    /// A fault of ours; its text is for the log only.
    #[error("internal error")]
    Internal(#[source] Fault),
}

/// A fault of ours, whatever it is.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

impl<R> Error<R> {
    /// A single reason.
    pub fn refused(reason: R) -> Self {
        Self::Refused(vec![reason])
    }

    /// A fault of ours.
    pub fn internal(fault: impl Into<Fault>) -> Self {
        Self::Internal(fault.into())
    }

    /// The same error where the caller's reasons include these.
    pub fn widen<S: From<R>>(self) -> Error<S> {
        match self {
            Self::Refused(reasons) => Error::Refused(reasons.into_iter().map(S::from).collect()),
            Self::NotFound => Error::NotFound,
            Self::Denied => Error::Denied,
            Self::SecondFactorMissing => Error::SecondFactorMissing,
            Self::Blocked(until) => Error::Blocked(until),
            Self::Unauthenticated => Error::Unauthenticated,
            Self::TooMany(wait) => Error::TooMany(wait),
            Self::Unavailable => Error::Unavailable,
            Self::Internal(fault) => Error::Internal(fault),
        }
    }
}

/// As logs show it. Of a fault only its messages: the fields of a database's error repeat whole
/// rows (`Failing row contains …`), with what people wrote and their addresses.
impl<R: fmt::Debug> fmt::Debug for Error<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(reasons) => formatter.debug_tuple("Refused").field(reasons).finish(),
            Self::TooMany(wait) => formatter.debug_tuple("TooMany").field(wait).finish(),
            Self::NotFound
            | Self::Denied
            | Self::SecondFactorMissing
            | Self::Blocked(_)
            | Self::Unauthenticated
            | Self::Unavailable => fmt::Display::fmt(self, formatter),
            Self::Internal(fault) => {
                write!(formatter, "Internal({fault}")?;
                let mut cause = fault.source();
                while let Some(fault) = cause {
                    write!(formatter, ": {fault}")?;
                    cause = fault.source();
                }
                formatter.write_str(")")
            }
        }
    }
}

impl<R> From<crate::random::Unavailable> for Error<R> {
    fn from(fault: crate::random::Unavailable) -> Self {
        Self::internal(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("a row was refused")]
    struct RowFault {
        detail: &'static str,
        #[source]
        cause: std::io::Error,
    }

    #[test]
    fn a_fault_shows_its_messages_and_not_its_fields() {
        let fault = RowFault {
            detail: "Failing row contains (an@voorbeeld.nl)",
            cause: std::io::Error::other("a check failed"),
        };
        assert!(format!("{fault:?}").contains(fault.detail));
        let shown = format!("{:?}", Error::<Infallible>::internal(fault));
        assert_eq!(shown, "Internal(a row was refused: a check failed)");
    }
}
