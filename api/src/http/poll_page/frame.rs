//! Where a poll's page is shown, and what follows from that: its language, its colour, and what it
//! may do.

use std::sync::{Arc, LazyLock};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{Locale, embed::Shown};
use sha2::{Digest, Sha256};

use crate::graphql::operation;

static STYLE: LazyLock<String> =
    LazyLock::new(|| dense(include_str!("../../../assets/poll/page.css")));
static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    dense(include_str!("../../../assets/poll/page.js"))
        .replace("{watch}", operation::own::POLL_PAGE)
});
static SCRIPT_HASH: LazyLock<String> = LazyLock::new(|| hash(&SCRIPT));

/// The colour of the province's own pages.
const ACCENT: &str = "#00587c";
/// What an answer depends on beside its address.
const VARY: &str = "Accept-Encoding, Accept-Language, Authorization";
/// What no page of ours needs.
const PERMISSIONS: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), \
     payment=(), usb=(), browsing-topics=()";

/// Where a poll's page is shown.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// The page's own path.
    pub(super) path: String,
    /// Where people reach the platform, without a slash at the end.
    pub(super) site: String,
    /// The poll's address.
    pub(super) slug: String,
    pub(super) locale: Locale,
    /// On whose pages, where it is shown by a partner.
    pub(super) embed: Option<Arc<Shown>>,
    /// A colour that white text can be read on, as `#rrggbb`.
    accent: String,
}

impl Frame {
    /// The poll's own page.
    pub(super) fn own(site: &str, slug: &str, locale: Locale) -> Self {
        Self {
            path: format!("/p/{slug}"),
            site: site.to_owned(),
            slug: slug.to_owned(),
            locale,
            embed: None,
            accent: ACCENT.to_owned(),
        }
    }

    /// The page in a frame of a partner; in the embed's language where none is asked for.
    pub(super) fn embedded(site: &str, shown: Arc<Shown>, wished: Option<Locale>) -> Self {
        Self {
            path: format!("/embed/{}", shown.id.0),
            site: site.to_owned(),
            slug: shown.poll_slug.clone(),
            locale: wished.unwrap_or(shown.locale),
            accent: shown
                .accent
                .map_or_else(|| ACCENT.to_owned(), |accent| accent.to_string()),
            embed: Some(shown),
        }
    }

    /// What the beginning of its page depends on.
    pub(super) fn look(&self) -> String {
        format!("{} {}", self.accent, self.locale.tag())
    }

    /// The page's style.
    pub(super) fn style(&self) -> String {
        format!(":root{{--accent:{}}}\n{}", self.accent, *STYLE)
    }

    /// What the page says to a browser.
    pub(super) fn headers(&self) -> HeaderMap {
        let ancestors = match &self.embed {
            Some(shown) => shown.origins.join(" "),
            None => "'none'".to_owned(),
        };
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; \
             connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}",
            hash(&self.style()),
            *SCRIPT_HASH,
        );
        // Of hashes, origins and fixed words: always a header's value.
        let policy = HeaderValue::try_from(policy).unwrap_or_else(|_| {
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")
        });
        HeaderMap::from_iter([
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            ),
            // It holds a token.
            (
                header::CACHE_CONTROL,
                HeaderValue::from_static("private, no-store"),
            ),
            (
                header::CONTENT_LANGUAGE,
                HeaderValue::from_static(self.locale.tag()),
            ),
            (header::CONTENT_SECURITY_POLICY, policy),
            (
                header::REFERRER_POLICY,
                HeaderValue::from_static("same-origin"),
            ),
            (
                HeaderName::from_static("permissions-policy"),
                HeaderValue::from_static(PERMISSIONS),
            ),
            (header::VARY, HeaderValue::from_static(VARY)),
        ])
    }
}

/// The page's script.
pub(super) fn script() -> &'static str {
    &SCRIPT
}

/// A hash as a content security policy has it.
fn hash(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text))
}

/// A style or script without indents, comments on lines of their own, and empty lines.
fn dense(text: &str) -> String {
    let mut dense = String::with_capacity(text.len());
    for line in text.lines().map(str::trim) {
        if !line.is_empty() && !line.starts_with("//") && !line.starts_with("/*") {
            dense.push_str(line);
            dense.push('\n');
        }
    }
    dense
}
