//! Answers to requests that never reach GraphQL.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::accept::Form;
use crate::graphql::Payload;

/// Why a request never reached GraphQL: answered as a GraphQL error without data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// `extensions.code` of the error.
    pub(crate) code: &'static str,
    pub(crate) message: &'static str,
    /// The methods that are allowed, where this one is not.
    pub(crate) allow: &'static str,
}

impl Problem {
    /// The server lacks what it needs to answer: its data, or chance from the machine.
    pub(crate) const UNAVAILABLE: Self = Self::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "UNAVAILABLE",
        "The server cannot answer now; try again.",
    );

    /// A problem with a code of its own.
    pub(crate) const fn new(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self {
            status,
            code,
            message,
            allow: "POST",
        }
    }

    /// The request is not one, or breaks a limit.
    pub(crate) const fn bad_input(status: StatusCode, message: &'static str) -> Self {
        Self::new(status, "BAD_INPUT", message)
    }

    /// The one error that it is.
    pub(crate) fn errors(self) -> [Value; 1] {
        [json!({ "message": self.message, "extensions": { "code": self.code } })]
    }

    fn body(self) -> Value {
        json!({ "errors": self.errors() })
    }

    /// The answer as a connection that stays open sends it.
    pub(crate) fn payload(self) -> Payload {
        Payload::from(self.body().to_string())
    }

    /// The answer in this form.
    pub(crate) fn answer(self, form: Form) -> Response {
        let headers = [
            (header::CONTENT_TYPE, form.media()),
            (header::CACHE_CONTROL, "private, no-store"),
        ];
        let mut response = (self.status, headers, self.body().to_string()).into_response();
        let more = match self.status {
            StatusCode::UNAUTHORIZED => {
                Some((header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""))
            }
            StatusCode::SERVICE_UNAVAILABLE => Some((header::RETRY_AFTER, "5")),
            StatusCode::METHOD_NOT_ALLOWED => Some((header::ALLOW, self.allow)),
            _ => None,
        };
        if let Some((name, value)) = more {
            let value = HeaderValue::from_static(value);
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.answer(Form::default())
    }
}

/// There is no such address.
pub(crate) async fn not_found() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "Not found\n")
}
