//! The plain pages that links in mails lead to, without a script.

use axum::{
    Router,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::Locale;
use serde::Deserialize;

use super::AppState;

/// Nothing but the page's own style, and its form to this server.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";
const PAGE: &str = include_str!("../../assets/verify-email/page.html");
const STYLE: &str = include_str!("../../assets/verify-email/page.css");
/// The largest form that is read, in bytes.
pub(super) const BODY_LIMIT: usize = 4 * 1024;
/// The largest form that is read in which people write, in bytes: what is too long for its field is
/// refused by a sentence, not by the form's size.
pub(super) const FORM_LIMIT: usize = 64 * 1024;
/// The longest token that a page carries on, in bytes; ours have 43.
const TOKEN_LENGTH: usize = 100;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(
        "/verify-email/page.css",
        get(async || ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)),
    )
}

/// What a link carries, and the page's form sends on.
#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    pub(super) token: String,
}

impl Link {
    /// The token, if it may be one of ours: then it holds nothing that HTML gives a meaning.
    pub(super) fn token(&self) -> Option<&str> {
        let ours = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let token = self.token.as_str();
        let fits = !token.is_empty() && token.len() <= TOKEN_LENGTH && token.bytes().all(ours);
        fits.then_some(token)
    }
}

/// What a page says.
pub(super) struct Text {
    pub(super) title: &'static str,
    /// HTML.
    pub(super) body: &'static str,
}

impl Text {
    /// Something went wrong on our side.
    pub(super) fn failed(locale: Locale) -> Self {
        match locale {
            Locale::Nl => Self {
                title: "Dat lukte niet",
                body: "Er ging bij ons iets mis. Open de link over een paar minuten nog eens.",
            },
            Locale::En => Self {
                title: "That did not work",
                body: "Something went wrong on our side. Open the link again in a few minutes.",
            },
        }
    }

    /// Who comes too often has to wait.
    pub(super) fn too_many(locale: Locale) -> Self {
        match locale {
            Locale::Nl => Self {
                title: "Even wachten",
                body: "Dit is te vaak achter elkaar geprobeerd. Probeer het over een kwartier nog eens.",
            },
            Locale::En => Self {
                title: "Please wait",
                body: "This was tried too often in a row. Try again in a quarter of an hour.",
            },
        }
    }

    /// A link that is good for a quarter of an hour is not good any more.
    pub(super) fn expired(locale: Locale) -> Self {
        match locale {
            Locale::Nl => Self {
                title: "Deze link werkt niet meer",
                body: "De link is gebruikt, vervangen door een nieuwere, of ouder dan een kwartier. Vraag een nieuwe aan.",
            },
            Locale::En => Self {
                title: "This link no longer works",
                body: "The link was used, replaced by a newer one, or is older than a quarter of an hour. Ask for a new one.",
            },
        }
    }
}

/// A page; `form` is HTML that stands below its text.
pub(super) fn page(status: StatusCode, locale: Locale, text: &Text, form: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::CONTENT_LANGUAGE, locale.tag()),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // The page's address holds the token.
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    let html = PAGE
        .replace("{language}", locale.tag())
        .replace("{title}", text.title)
        .replace("{body}", text.body)
        .replace("{form}", form);
    (status, headers, html).into_response()
}
