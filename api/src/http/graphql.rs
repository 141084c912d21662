//! `POST /graphql`: one GraphQL request as JSON (GraphQL over HTTP).

use async_graphql::Variables;
use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;

use super::{AppState, bearer::actor, language::locale, problem::Problem};
use crate::graphql::{RequestContext, seal};

/// The largest body that is read, in bytes.
const BODY_LIMIT: usize = 256 * 1024;

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
const NO_CHANCE: Problem = Problem {
    status: StatusCode::SERVICE_UNAVAILABLE,
    code: "INTERNAL",
    message: "The server cannot answer now; try again.",
};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/graphql", post(answer))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

/// The members of a request; others are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    query: String,
    #[serde(default)]
    operation_name: Option<String>,
    #[serde(default)]
    variables: Option<serde_json::Map<String, serde_json::Value>>,
}

async fn answer(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let actor = actor(&state.services, &headers)?;
    let body = read(body)?;
    let request_id = domain::random::token().map_err(|_| NO_CHANCE)?;
    let mut request = async_graphql::Request::new(body.query).data(RequestContext::new(
        state.services.clone(),
        actor,
        locale(&headers),
    ));
    if let Some(variables) = body.variables {
        request = request.variables(Variables::from_json(variables.into()));
    }
    if let Some(name) = body.operation_name.filter(|name| !name.is_empty()) {
        request = request.operation_name(name);
    }
    state.documents.attach(&mut request);
    let mut response = state.schema.execute(request).await;
    seal(&mut response, &request_id);
    let headers = [(header::CACHE_CONTROL, "private, no-store")];
    Ok((headers, Json(response)).into_response())
}

fn read(body: Result<Bytes, BytesRejection>) -> Result<Body, Problem> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => TOO_LARGE,
        _ => BROKEN_OFF,
    })?;
    serde_json::from_slice(&body).map_err(|_| NOT_A_REQUEST)
}
