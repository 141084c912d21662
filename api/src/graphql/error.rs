//! Top-level errors: their one list of codes, and what of a fault leaves the server.

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, Response, Value};
use chrono::SecondsFormat;
use domain::{
    Error, Locale,
    account::AccountRefusal,
    clock::Instant,
    error::Fault,
    refusal::{Path, Refusal},
};

/// When to try again where the service cannot answer.
const RETRY_SECONDS: u64 = 5;

/// `extensions.code` of a top-level error. What a request may be refused for in the normal run
/// of things is a `UserError` of the mutation's payload instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// Sign in first, or again.
    Unauthenticated,
    /// Signed in, and not allowed.
    Forbidden,
    /// Signed in with a role that counts only after a second factor, which this session lacks.
    SecondFactorMissing,
    /// Signed in to an account that is blocked; `extensions.blockedUntil` says until when, and is
    /// absent where the block does not end by itself.
    AccountBlocked,
    /// There is no such thing, or you may not know that there is.
    NotFound,
    /// Too much at once; `extensions.retryAfter` says how many seconds to wait.
    RateLimited,
    /// The request breaks the schema or a documented limit; `extensions.field` names the place.
    BadInput,
    /// The answer would hold more than it may.
    AnswerTooLarge,
    /// The service is out of reach of its data; try again in a few seconds.
    Unavailable,
    /// A fault of ours, logged under `extensions.requestId`.
    Internal,
}

impl Code {
    fn name(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::SecondFactorMissing => "SECOND_FACTOR_MISSING",
            Self::AccountBlocked => "ACCOUNT_BLOCKED",
            Self::NotFound => "NOT_FOUND",
            Self::RateLimited => "RATE_LIMITED",
            Self::BadInput => "BAD_INPUT",
            Self::AnswerTooLarge => "ANSWER_TOO_LARGE",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }
}

/// Why a field has no answer. It never implements `Display`: its way to the client is
/// [`async_graphql::Error`] with a code, and nothing else.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Code,
    message: String,
    field: Path,
    retry_after: Option<u64>,
    blocked_until: Option<Instant>,
    fault: Option<Arc<Fault>>,
}

impl Failure {
    fn new(code: Code, message: &str) -> Self {
        Self {
            code,
            message: message.to_owned(),
            field: Path::default(),
            retry_after: None,
            blocked_until: None,
            fault: None,
        }
    }

    /// There is no such thing, or the actor may not know that there is.
    pub(crate) fn not_found() -> Self {
        Self::new(Code::NotFound, "There is no such thing.")
    }

    /// The answer would hold more than it may. Whoever executes the request answers this alone.
    pub(crate) fn answer_too_large() -> Self {
        Self::new(Code::AnswerTooLarge, "The answer is too large.")
    }

    /// A value in the request that breaks the schema's documented form.
    pub(crate) fn bad_input(field: Path, message: &str) -> Self {
        Self {
            field,
            ..Self::new(Code::BadInput, message)
        }
    }
}

impl<R: Refusal> From<Error<R>> for Failure {
    fn from(error: Error<R>) -> Self {
        match error {
            Error::Refused(reasons) => match reasons.first() {
                Some(reason) => Self::bad_input(reason.path(), &reason.message(Locale::En)),
                None => Self::new(Code::BadInput, "The request is refused."),
            },
            Error::NotFound => Self::not_found(),
            Error::Denied => Self::new(Code::Forbidden, "You may not do this."),
            Error::SecondFactorMissing => Self::new(
                Code::SecondFactorMissing,
                "Your role counts only with a second factor, and this session has shown none: set \
                 one (secondFactorEnroll), or sign in with it.",
            ),
            Error::Blocked(until) => Self {
                blocked_until: until,
                ..Self::new(
                    Code::AccountBlocked,
                    &AccountRefusal::Blocked(until).message(Locale::En),
                )
            },
            Error::Unauthenticated => Self::new(Code::Unauthenticated, "Sign in first."),
            Error::TooMany(wait) => Self {
                retry_after: Some(wait.as_secs().max(1)),
                ..Self::new(Code::RateLimited, "Too much at once; try again later.")
            },
            Error::Unavailable => Self {
                retry_after: Some(RETRY_SECONDS),
                ..Self::new(
                    Code::Unavailable,
                    "The service cannot answer now; try again.",
                )
            },
            Error::Internal(fault) => Self {
                fault: Some(Arc::new(fault)),
                ..Self::new(Code::Internal, "Something went wrong on our side.")
            },
        }
    }
}

impl From<Failure> for async_graphql::Error {
    fn from(failure: Failure) -> Self {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", failure.code.name());
        if !failure.field.segments().is_empty() {
            extensions.set("field", failure.field.segments().to_vec());
        }
        if let Some(seconds) = failure.retry_after {
            extensions.set("retryAfter", seconds);
        }
        if let Some(until) = failure.blocked_until {
            let until = until.to_rfc3339_opts(SecondsFormat::Millis, true);
            extensions.set("blockedUntil", until);
        }
        Self {
            message: failure.message,
            source: failure
                .fault
                .map(|fault| fault as Arc<dyn std::any::Any + Send + Sync>),
            extensions: Some(extensions),
        }
    }
}

/// The most errors in an answer; `extensions.errorsOmitted` counts the others.
const MOST_ERRORS: usize = 10;
/// The longest message of an error, in bytes: some quote what was sent.
const LONGEST_MESSAGE: usize = 400;

fn shorten(message: &mut String) {
    if message.len() > LONGEST_MESSAGE {
        message.truncate(message.floor_char_boundary(LONGEST_MESSAGE));
        message.push('…');
    }
}

/// What a field gives that may be null, so that an error makes null of this field and of nothing
/// around it (GraphQL specification, 6.4.4): async-graphql takes an error out of
/// `Result<Option<_>>` past the field.
pub(crate) async fn nullable<T>(
    found: impl Future<Output = async_graphql::Result<Option<T>>>,
) -> Option<async_graphql::Result<T>> {
    found.await.transpose()
}

/// Prepares an answer for leaving the server: every error carries a code, and a fault of ours
/// only the request's id, its text going to the log.
pub fn seal(response: &mut Response, request_id: &str) {
    if let Some(omitted) = response.errors.len().checked_sub(MOST_ERRORS + 1) {
        let omitted = Value::from(omitted + 1);
        let extensions = &mut response.extensions;
        extensions.insert("errorsOmitted".to_owned(), omitted);
        response.errors.truncate(MOST_ERRORS);
    }
    for error in &mut response.errors {
        shorten(&mut error.message);
        let extensions = error
            .extensions
            .get_or_insert_with(ErrorExtensionValues::default);
        match extensions.get("code") {
            None => extensions.set("code", Code::BadInput.name()),
            Some(Value::String(code)) if code == Code::Internal.name() => {
                extensions.set("requestId", request_id);
                let fault = error
                    .source
                    .as_ref()
                    .and_then(|source| source.downcast_ref::<Fault>());
                tracing::error!(request_id, path = ?error.path, fault = fault.map(tracing::field::display), "internal error");
            }
            Some(_) => {}
        }
    }
}
