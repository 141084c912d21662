//! Whether the process lives.

use axum::{Router, routing::get};

use super::AppState;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/livez", get(live))
}

/// The process answers.
async fn live() -> &'static str {
    "ok\n"
}
