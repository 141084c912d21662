//! `POST /graphql`: one GraphQL request as JSON (GraphQL over HTTP).

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use domain::{Actor, Locale};
use serde::Deserialize;

use super::{AppState, problem::refuse};
use crate::graphql::{RequestContext, seal};

/// The largest body that is read, in bytes.
const BODY_LIMIT: usize = 256 * 1024;

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
) -> Response {
    let actor = match actor(&state, &headers) {
        Ok(actor) => actor,
        Err(refusal) => return refusal,
    };
    let body = match read(body) {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let mut request = async_graphql::Request::new(body.query).data(RequestContext::new(
        state.services.clone(),
        actor,
        locale(&headers),
    ));
    if let Some(variables) = body.variables {
        request = request.variables(async_graphql::Variables::from_json(
            serde_json::Value::Object(variables),
        ));
    }
    if let Some(name) = body.operation_name.filter(|name| !name.is_empty()) {
        request = request.operation_name(name);
    }
    let request_id = match domain::random::token() {
        Ok(token) => token,
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let mut response = state.schema.execute(request).await;
    seal(&mut response, &request_id);
    (
        [(
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-store"),
        )],
        axum::Json(response),
    )
        .into_response()
}

fn read(body: Result<Bytes, BytesRejection>) -> Result<Body, Response> {
    let body = body.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            refuse(
                StatusCode::PAYLOAD_TOO_LARGE,
                "BAD_INPUT",
                "The body is larger than 256 KiB.",
            )
        } else {
            refuse(
                StatusCode::BAD_REQUEST,
                "BAD_INPUT",
                "The body broke off before its end.",
            )
        }
    })?;
    serde_json::from_slice(&body).map_err(|_| {
        refuse(
            StatusCode::BAD_REQUEST,
            "BAD_INPUT",
            "The body is a JSON object with a text `query`, and `variables` and `operationName` where needed.",
        )
    })
}

/// Who asks; a token that is not good is refused, never treated as none.
fn actor(_state: &AppState, headers: &HeaderMap) -> Result<Actor, Response> {
    match headers.get(header::AUTHORIZATION) {
        None => Ok(Actor::Visitor(None)),
        Some(_) => Err(refuse(
            StatusCode::UNAUTHORIZED,
            "UNAUTHENTICATED",
            "The token is not good.",
        )),
    }
}

/// The first of our languages that the client names; Dutch where it names none.
fn locale(headers: &HeaderMap) -> Locale {
    headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .into_iter()
        .flat_map(|value| value.split(','))
        .find_map(|range| {
            let tag = range.split([';', '-']).next().unwrap_or_default().trim();
            if tag.eq_ignore_ascii_case("nl") {
                Some(Locale::Nl)
            } else if tag.eq_ignore_ascii_case("en") {
                Some(Locale::En)
            } else {
                None
            }
        })
        .unwrap_or_default()
}
