//! Answers to requests that never reach GraphQL.

use async_graphql::{ErrorExtensionValues, Response as GraphqlResponse, ServerError};
use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

/// A GraphQL answer with one error and no data, under `status`.
pub(crate) fn refuse(status: StatusCode, code: &str, message: &str) -> Response {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code);
    let mut error = ServerError::new(message, None);
    error.extensions = Some(extensions);
    let body = GraphqlResponse::from_errors(vec![error]);
    (
        status,
        [(header::CACHE_CONTROL, "private, no-store")],
        Json(body),
    )
        .into_response()
}

/// There is no such address.
pub(crate) async fn not_found() -> (StatusCode, &'static str) {
    (StatusCode::NOT_FOUND, "Not found\n")
}
