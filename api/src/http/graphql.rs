//! `POST /graphql`: one GraphQL request as JSON (GraphQL over HTTP).

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};

use super::{
    AppState,
    address::{Connection, address},
    bearer::sender,
    language::locale,
    problem::Problem,
    request::GraphqlRequest,
};
use crate::graphql::{RequestContext, seal};

/// The largest body that is read, in bytes.
pub(super) const BODY_LIMIT: usize = 256 * 1024;

const TOO_LARGE: Problem = Problem::bad_input(
    StatusCode::PAYLOAD_TOO_LARGE,
    "The body is larger than 256 KiB.",
);
const BROKEN_OFF: Problem = Problem::bad_input(
    StatusCode::BAD_REQUEST,
    "The body broke off before its end.",
);
const NOT_A_REQUEST: Problem = Problem::bad_input(
    StatusCode::BAD_REQUEST,
    "The body is a JSON object with a text `query`, and `variables` and `operationName` where needed.",
);

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/graphql", post(answer))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

async fn answer(
    State(state): State<AppState>,
    connection: Connection,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let sender = sender(&state.services, &headers).await?;
    let request = async_graphql::Request::from(read(body)?);
    let request_id = domain::random::token().map_err(|_| Problem::NO_CHANCE)?;
    let context = RequestContext::new(state.services.clone(), sender.actor, locale(&headers))
        .with_address(address(connection));
    let request = request.data(context);
    let mut response = state.schema.execute(request).await;
    seal(&mut response, &request_id);
    let wait = retry_after(&response);
    let headers = [(header::CACHE_CONTROL, "private, no-store")];
    let mut response = (headers, Json(response)).into_response();
    if let Some(seconds) = wait {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, seconds.into());
    }
    Ok(response)
}

/// The longest wait that an answer asks for, in seconds.
fn retry_after(response: &async_graphql::Response) -> Option<u64> {
    response
        .errors
        .iter()
        .filter_map(
            |error| match error.extensions.as_ref()?.get("retryAfter")? {
                async_graphql::Value::Number(seconds) => seconds.as_u64(),
                _ => None,
            },
        )
        .max()
}

/// The request that a body holds.
pub(super) fn read(body: Result<Bytes, BytesRejection>) -> Result<GraphqlRequest, Problem> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => TOO_LARGE,
        _ => BROKEN_OFF,
    })?;
    serde_json::from_slice(&body).map_err(|_| NOT_A_REQUEST)
}
