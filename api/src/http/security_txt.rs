//! `/.well-known/security.txt`: where to report a weakness (RFC 9116).

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::clock::Instant;

use super::AppState;

/// Where to report a weakness, as the operator set it.
#[derive(Debug, Clone)]
pub struct SecurityContact {
    /// `mailto:`, `tel:` or `https:` addresses, the best one first; at least one.
    pub contacts: Vec<String>,
    /// Until when the operator stands for what is said here.
    pub expires_at: Instant,
    /// Where the policy on reports stands.
    pub policy: Option<String>,
    /// Where the file itself stands: `https://…/.well-known/security.txt`.
    pub canonical: String,
}

impl SecurityContact {
    /// The file: UTF-8, a field a line.
    fn text(&self) -> String {
        let mut lines: Vec<String> = self
            .contacts
            .iter()
            .map(|contact| format!("Contact: {contact}"))
            .collect();
        lines.push(format!(
            "Expires: {}",
            self.expires_at.format("%Y-%m-%dT%H:%M:%SZ")
        ));
        lines.extend(self.policy.iter().map(|policy| format!("Policy: {policy}")));
        lines.push("Preferred-Languages: nl, en".to_owned());
        lines.push(format!("Canonical: {}", self.canonical));
        lines.push(String::new());
        lines.join("\n")
    }
}

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/.well-known/security.txt", get(tell))
}

async fn tell(State(state): State<AppState>) -> Response {
    match &state.security {
        Some(contact) => {
            let headers = [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
                (header::CACHE_CONTROL, "public, max-age=3600"),
            ];
            (headers, contact.text()).into_response()
        }
        None => (StatusCode::NOT_FOUND, "Not found\n").into_response(),
    }
}
