//! Which web pages may read what the server answers (CORS), and what every answer says to a
//! browser.
//!
//! There are no cookies anywhere: a page can send nothing in a person's name that it was not
//! given, so that nothing has to be kept from it but answers.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{AppState, origin};

/// What a page may send, as a preflight asks.
const PREFLIGHT: [(HeaderName, &str); 3] = [
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
    (
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        "accept-language, authorization, content-type, graphql-cost, if-none-match",
    ),
    (header::ACCESS_CONTROL_MAX_AGE, "7200"),
];

/// What every answer says unless its route says otherwise: nothing in it is to be run, guessed
/// at, or told to other sites.
const EVERYWHERE: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    ),
];

/// The headers of every page: a window of another site that opened it, or that it opened, does not
/// get hold of it.
const PAGES: [(HeaderName, &str); 1] = [(
    HeaderName::from_static("cross-origin-opener-policy"),
    "same-origin",
)];

/// Answers preflights, lets pages of the allowed origins read the GraphQL routes, and adds what
/// every answer says.
pub(super) async fn answer(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let allowed = request
        .uri()
        .path()
        .starts_with("/graphql")
        .then(|| allowed_origin(&state, request.headers()))
        .flatten();
    let is_preflight = request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if is_preflight && allowed.is_some() {
        let mut response = StatusCode::NO_CONTENT.into_response();
        add(response.headers_mut(), PREFLIGHT);
        response
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    if let Some(origin) = allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let exposed = HeaderValue::from_static("etag, retry-after, x-request-id");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        if !headers.contains_key(header::VARY) {
            headers.insert(header::VARY, HeaderValue::from_static("Origin"));
        }
    }
    add(headers, EVERYWHERE);
    if is_page(headers) {
        add(headers, PAGES);
    }
    if let Some(value) = &state.strict_transport {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value.clone());
    }
    response
}

fn is_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// The origin of the page that asks, where it may read the answer.
fn allowed_origin(state: &AppState, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    origin::check(state.connections.allowed_origins(), headers).ok()?;
    Some(origin.clone())
}

/// Adds headers that are not there yet.
fn add<const N: usize>(headers: &mut HeaderMap, more: [(HeaderName, &'static str); N]) {
    for (name, value) in more {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use super::super::{graphql::COST, request_id::REQUEST_ID};
    use super::*;

    #[test]
    fn a_page_may_ask_for_the_cost() {
        let (_, headers) = &PREFLIGHT[1];
        assert!(headers.contains(COST.as_str()));
        assert_eq!(REQUEST_ID.as_str(), "x-request-id");
    }
}
