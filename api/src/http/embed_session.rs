//! `POST /embed/{id}/session`: a token for someone who votes in an embed, in the answer's body and
//! nowhere else: a frame on another site may have no cookies and no storage.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use chrono::SecondsFormat;
use domain::{
    Actor, Error,
    embed::{EmbedRefusal, Opening},
    id::EmbedId,
    refusal::Refusal,
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{AppState, language::locale, problem::Problem, request::is_json};

/// The largest body that is read, in bytes: what a partner signs has at most 2 KiB.
const BODY_LIMIT: usize = 4 * 1_024;

const NOT_JSON: Problem = Problem::new(
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    "NOT_JSON",
    "The body is application/json, in UTF-8.",
);
const BAD_BODY: Problem = Problem::bad_input(
    StatusCode::BAD_REQUEST,
    "The body is a JSON object of at most 4 KiB, with `subject` and `kept` where needed.",
);
const UNKNOWN: Problem = Problem::new(
    StatusCode::NOT_FOUND,
    "NOT_FOUND",
    "There is no such embed, or it was revoked.",
);

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/embed/{id}/session", post(open))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

/// What a page sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    /// What the partner signed of its visitor.
    #[serde(default)]
    subject: Option<String>,
    /// Whether the page can keep the token.
    #[serde(default = "yes")]
    kept: bool,
}

fn yes() -> bool {
    true
}

async fn open(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    // Before anything is parsed: what comes on top costs next to nothing.
    let place = match state.admission.enter().await {
        Ok(place) => place,
        Err(problem) => return problem.into_response(),
    };
    let (id, opening) = match asked(&id, &headers, body) {
        Ok(asked) => asked,
        Err(problem) => return problem.into_response(),
    };
    let nobody = Actor::Visitor(None);
    let opened = state.services.embeds.open(&nobody, id, opening).await;
    drop(place);
    match opened {
        Ok(access) => {
            let expires_at = access
                .expires_at
                .to_rfc3339_opts(SecondsFormat::Millis, true);
            let body = json!({ "token": access.token, "expiresAt": expires_at });
            ([(header::CACHE_CONTROL, "private, no-store")], Json(body)).into_response()
        }
        Err(Error::Refused(reasons)) => refused(&reasons, &headers),
        Err(Error::NotFound) => UNKNOWN.into_response(),
        Err(Error::Internal(fault)) => {
            tracing::error!(fault, "a session of an embed cannot be opened");
            Problem::UNAVAILABLE.into_response()
        }
        Err(_) => Problem::UNAVAILABLE.into_response(),
    }
}

fn asked(
    id: &str,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(EmbedId, Opening), Problem> {
    let id = Uuid::try_parse(id).map_err(|_| UNKNOWN)?;
    if !is_json(headers) {
        return Err(NOT_JSON);
    }
    let body = body.map_err(|_| BAD_BODY)?;
    // A list would be read as one, its values in the order of the names.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(BAD_BODY);
    }
    let sent: Sent = serde_json::from_slice(&body).map_err(|_| BAD_BODY)?;
    let opening = Opening {
        subject: sent.subject,
        is_kept: sent.kept,
    };
    Ok((EmbedId(id), opening))
}

fn refused(reasons: &[EmbedRefusal], headers: &HeaderMap) -> Response {
    let locale = locale(headers);
    let errors: Vec<serde_json::Value> = reasons
        .iter()
        .map(|reason| {
            json!({
                "message": reason.message(locale),
                "extensions": { "code": "SUBJECT_INVALID" },
            })
        })
        .collect();
    let body = Json(json!({ "errors": errors }));
    let headers = [(header::CACHE_CONTROL, "private, no-store")];
    (StatusCode::UNPROCESSABLE_ENTITY, headers, body).into_response()
}
