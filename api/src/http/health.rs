//! Whether the process lives, and whether it should be sent requests.

use axum::{Router, routing::get};

use super::{AppState, readiness::ready};

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/livez", get(live))
        .route("/readyz", get(ready))
}

/// The process answers.
async fn live() -> &'static str {
    "ok\n"
}
