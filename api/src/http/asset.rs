//! The files of the pages that the server carries: compressed on their way, and not sent again to
//! who has them.

use axum::{
    Router,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use tower::ServiceBuilder;
use tower_http::{compression::CompressionLayer, set_header::SetResponseHeaderLayer};

use super::AppState;

pub(super) const HTML: &str = "text/html; charset=utf-8";
pub(super) const CSS: &str = "text/css; charset=utf-8";
pub(super) const SCRIPT: &str = "text/javascript; charset=utf-8";
pub(super) const IMAGE: &str = "image/svg+xml";

/// A file that is the same for everyone.
#[derive(Clone)]
pub(super) struct Asset {
    media: &'static str,
    content: &'static str,
    tag: String,
}

impl Asset {
    pub(super) fn new(media: &'static str, content: &'static str) -> Self {
        Self {
            media,
            content,
            // Weak: it is the same however it is compressed (RFC 9110, section 8.8.1).
            tag: format!("W/{}", tag(content)),
        }
    }

    /// The file, or that who asks has it already: it is asked for anew at each visit, so that the
    /// parts of a page are always of one make.
    pub(super) fn answer(&self, request: &HeaderMap) -> Response {
        let headers = [
            (header::CONTENT_TYPE, self.media),
            (header::CACHE_CONTROL, "no-cache"),
            (header::ETAG, self.tag.as_str()),
        ];
        if is_known(&self.tag, request) {
            (StatusCode::NOT_MODIFIED, headers).into_response()
        } else {
            (headers, self.content).into_response()
        }
    }
}

/// What a content is known by: a strong entity tag.
pub(super) fn tag(content: &str) -> String {
    let digest = Sha256::digest(content);
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..18]))
}

/// Whether who asks has what this tag names (RFC 9110, section 13.1.2).
pub(super) fn is_known(tag: &str, request: &HeaderMap) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let tag = opaque(tag);
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(opaque)
        .any(|known| known == tag || known == "*")
}

/// Routes of a page's files: address, media type, content.
pub(super) fn routes(
    files: impl IntoIterator<Item = (&'static str, &'static str, &'static str)>,
) -> Router<AppState> {
    files
        .into_iter()
        .fold(Router::new(), |router, (address, media, content)| {
            let asset = Asset::new(media, content);
            router.route(
                address,
                get(async move |headers: HeaderMap| asset.answer(&headers)),
            )
        })
}

/// Sends what the routes answer compressed, under a `Content-Security-Policy`.
pub(super) fn sent(routes: Router<AppState>, policy: &'static str) -> Router<AppState> {
    let header = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    routes.layer(
        ServiceBuilder::new()
            .layer(header(header::CONTENT_SECURITY_POLICY, policy))
            .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .layer(header(header::REFERRER_POLICY, "no-referrer"))
            .layer(CompressionLayer::new()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_had_already_is_known_among_others() {
        let tag = tag("inhoud");
        for (value, known) in [
            (tag.clone(), true),
            (format!("W/{tag}"), true),
            (format!("\"other\", {tag}"), true),
            ("*".to_owned(), true),
            ("\"other\"".to_owned(), false),
            (String::new(), false),
        ] {
            let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, value.parse().unwrap())]);
            assert_eq!(is_known(&tag, &headers), known, "{value}");
            assert_eq!(is_known(&format!("W/{tag}"), &headers), known, "{value}");
        }
        assert!(!is_known(&tag, &HeaderMap::new()));
    }
}
