//! How a use-case ends when it does not end well.

use std::{convert::Infallible, time::Duration};

/// What a use-case gives, or why not; `R` lists the reasons why it may be refused.
pub type Result<T, R = Infallible> = std::result::Result<T, Error<R>>;

/// How a use-case ends when it does not end well.
#[derive(Debug, thiserror::Error)]
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
            Self::Unauthenticated => Error::Unauthenticated,
            Self::TooMany(wait) => Error::TooMany(wait),
            Self::Unavailable => Error::Unavailable,
            Self::Internal(fault) => Error::Internal(fault),
        }
    }
}

impl<R> From<crate::random::Unavailable> for Error<R> {
    fn from(fault: crate::random::Unavailable) -> Self {
        Self::internal(fault)
    }
}
