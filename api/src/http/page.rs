//! The plain pages that links in mails lead to, without a script.

use std::{fmt::Debug, time::Duration};

use axum::{
    Router,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{Error, Locale};
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
/// The longest wait of which a page does not say that there were too many tries.
const A_MINUTE: Duration = Duration::from_mins(1);
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
    fn failed(locale: Locale) -> Self {
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

    /// The server has too much to do, or a wait is nearly over.
    fn busy(locale: Locale) -> Self {
        match locale {
            Locale::Nl => Self {
                title: "Even wachten",
                body: "Dat kan nu even niet. Probeer het over een minuut nog eens.",
            },
            Locale::En => Self {
                title: "Please wait",
                body: "That is not possible just now. Try again in a minute.",
            },
        }
    }

    /// Who comes too often has to wait.
    fn too_many(locale: Locale) -> Self {
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

/// The page of a request that failed for no reason of the form's: whoever comes too often waits, and
/// a fault of ours goes to the log under what was being done.
pub(super) fn failed<R: Debug>(locale: Locale, error: &Error<R>, doing: &'static str) -> Response {
    let (status, text) = match error {
        Error::TooMany(wait) if *wait <= A_MINUTE => {
            (StatusCode::TOO_MANY_REQUESTS, Text::busy(locale))
        }
        Error::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, Text::too_many(locale)),
        error => {
            tracing::error!(?error, doing, "a page's form failed");
            (StatusCode::SERVICE_UNAVAILABLE, Text::failed(locale))
        }
    };
    page(status, locale, &text, "")
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

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use domain::account::AccountRefusal;

    use super::*;

    #[tokio::test]
    async fn a_busy_server_is_told_from_too_many_tries() {
        for (error, status, says) in [
            (
                Error::TooMany(Duration::from_secs(1)),
                429,
                "over een minuut",
            ),
            (Error::TooMany(Duration::from_mins(15)), 429, "te vaak"),
            (Error::Unavailable, 503, "bij ons iets mis"),
        ] {
            let error: Error<AccountRefusal> = error;
            let response = failed(Locale::Nl, &error, "testing");
            assert_eq!(response.status(), status, "{says}");
            let body = to_bytes(response.into_body(), 1 << 16).await.unwrap();
            assert!(str::from_utf8(&body).unwrap().contains(says), "{says}");
        }
    }
}
