//! `/.well-known/jwks.json`: the public keys by which others verify our access tokens.

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::AppState;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/.well-known/jwks.json", get(keys))
}

async fn keys(State(state): State<AppState>) -> Response {
    match state.services.accounts.key_set().await {
        Ok(set) => {
            let headers = [
                (header::CONTENT_TYPE, "application/jwk-set+json"),
                // Shorter than the time that a new key is known before it signs.
                (header::CACHE_CONTROL, "public, max-age=60"),
            ];
            (headers, set).into_response()
        }
        Err(error) => {
            tracing::error!(?error, "the keys cannot be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
