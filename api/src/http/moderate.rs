//! `/moderate`: the console with which moderators work. Its files are public and say nothing; what
//! it shows it asks from the API, as who signed in there.

use axum::{
    Router,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::AppState;

/// Nothing but the page's own files, and requests to this server; a script makes no markup of
/// text.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const IMAGE: &str = "image/svg+xml";

/// A file of the console, at the address that its name gives.
macro_rules! asset {
    ($media:expr, $name:literal) => {
        (
            concat!("/moderate/", $name),
            $media,
            include_str!(concat!("../../assets/moderate/", $name)),
        )
    };
}

/// The console's files: address, media type, content.
const FILES: [(&str, &str, &str); 29] = [
    (
        "/moderate",
        HTML,
        include_str!("../../assets/moderate/index.html"),
    ),
    asset!(CSS, "case.css"),
    asset!(CSS, "form.css"),
    asset!(CSS, "frame.css"),
    asset!(CSS, "queue.css"),
    asset!(IMAGE, "icon.svg"),
    asset!(SCRIPT, "api.js"),
    asset!(SCRIPT, "block.js"),
    asset!(SCRIPT, "case.js"),
    asset!(SCRIPT, "claim.js"),
    asset!(SCRIPT, "clock.js"),
    asset!(SCRIPT, "console.js"),
    asset!(SCRIPT, "decision.js"),
    asset!(SCRIPT, "drafts.js"),
    asset!(SCRIPT, "dutch.js"),
    asset!(SCRIPT, "element.js"),
    asset!(SCRIPT, "english.js"),
    asset!(SCRIPT, "figures.js"),
    asset!(SCRIPT, "keep.js"),
    asset!(SCRIPT, "keys.js"),
    asset!(SCRIPT, "list.js"),
    asset!(SCRIPT, "live.js"),
    asset!(SCRIPT, "operations.js"),
    asset!(SCRIPT, "queue.js"),
    asset!(SCRIPT, "say.js"),
    asset!(SCRIPT, "session.js"),
    asset!(SCRIPT, "sign-in.js"),
    asset!(SCRIPT, "templates.js"),
    asset!(SCRIPT, "words.js"),
];

pub(super) fn routes() -> Router<AppState> {
    FILES
        .into_iter()
        .fold(Router::new(), |router, (address, media, content)| {
            let tag = tag(content);
            let answer = async move |headers: HeaderMap| file(media, content, &tag, &headers);
            router.route(address, get(answer))
        })
}

/// What a content is known by.
fn tag(content: &str) -> String {
    let digest = Sha256::digest(content);
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..18]))
}

/// A file, or that who asks has it already: it is asked for anew at each visit, so that the parts
/// of the console are always of one make.
fn file(media: &'static str, content: &'static str, tag: &str, request: &HeaderMap) -> Response {
    let is_known = request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|known| known.trim().trim_start_matches("W/"))
        .any(|known| known == tag || known == "*");
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(POLICY),
        ),
    ];
    let mut response = if is_known {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, content).into_response()
    };
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
