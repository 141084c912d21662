//! Answers to requests that never reach GraphQL.

use async_graphql::{ErrorExtensionValues, Response as GraphqlResponse, ServerError};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Why a request never reached GraphQL: answered as a GraphQL error without data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// `extensions.code` of the error.
    pub(crate) code: &'static str,
    pub(crate) message: &'static str,
}

impl Problem {
    /// There was no chance to be had from the machine.
    pub(crate) const NO_CHANCE: Self = Self {
        status: StatusCode::SERVICE_UNAVAILABLE,
        code: "INTERNAL",
        message: "The server cannot answer now; try again.",
    };

    /// The request is not one, or breaks a limit.
    pub(crate) const fn bad_input(status: StatusCode, message: &'static str) -> Self {
        Self {
            status,
            code: "BAD_INPUT",
            message,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", self.code);
        let mut error = ServerError::new(self.message, None);
        error.extensions = Some(extensions);
        let body = GraphqlResponse::from_errors(vec![error]);
        let headers = [(header::CACHE_CONTROL, "private, no-store")];
        let mut response = (self.status, headers, Json(body)).into_response();
        let more = match self.status {
            StatusCode::UNAUTHORIZED => {
                Some((header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""))
            }
            StatusCode::SERVICE_UNAVAILABLE => Some((header::RETRY_AFTER, "5")),
            StatusCode::METHOD_NOT_ALLOWED => Some((header::ALLOW, "POST")),
            _ => None,
        };
        if let Some((name, value)) = more {
            let value = HeaderValue::from_static(value);
            response.headers_mut().insert(name, value);
        }
        response
    }
}

/// There is no such address.
pub(crate) async fn not_found() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "Not found\n")
}
