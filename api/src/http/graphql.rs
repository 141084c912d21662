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
    let sender = sender(&state.services, &headers)?;
    let _place = state.admission.enter().await?;
    let request = state.request(read(body)?);
    let request_id = domain::random::token().map_err(|_| Problem::NO_CHANCE)?;
    let context = RequestContext::new(state.services.clone(), sender.actor, locale(&headers))
        .with_address(address(connection));
    let mut response = state.schema.execute(request.data(context)).await;
    seal(&mut response, &request_id);
    let headers = [(header::CACHE_CONTROL, "private, no-store")];
    Ok((headers, Json(response)).into_response())
}

/// The request that a body holds.
pub(super) fn read(body: Result<Bytes, BytesRejection>) -> Result<GraphqlRequest, Problem> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => TOO_LARGE,
        _ => BROKEN_OFF,
    })?;
    serde_json::from_slice(&body).map_err(|_| NOT_A_REQUEST)
}
