//! The id of a request: on its answer, in the log, and in errors of ours.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::problem::Problem;

/// Carries the id of a request, by which the operator finds it in the log.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request.
#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) String);

impl RequestId {
    /// Returns a new one; UNAVAILABLE where the machine gives no chance.
    pub(super) fn new() -> Result<Self, Problem> {
        domain::random::token()
            .map(Self)
            .map_err(|_| Problem::UNAVAILABLE)
    }
}

/// Gives each request an id, and each answer that of its request.
pub(super) async fn name(mut request: Request, next: Next) -> Response {
    let id = match RequestId::new() {
        Ok(id) => id,
        Err(problem) => return problem.into_response(),
    };
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).await;
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
