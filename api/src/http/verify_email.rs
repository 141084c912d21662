//! `/verify-email`: where the link in a mail leads. Opening the page changes nothing, because
//! programs that guard mailboxes open links too; its button verifies the address.

use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{Actor, Error, Locale};
use serde::Deserialize;

use super::{AppState, language::locale};

/// Nothing but the page's own style, and its form to this server.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";
const PAGE: &str = include_str!("../../assets/verify-email/page.html");
const STYLE: &str = include_str!("../../assets/verify-email/page.css");
const FORM: &str = include_str!("../../assets/verify-email/form.html");
/// The largest form that is read, in bytes.
const BODY_LIMIT: usize = 4 * 1024;
/// The longest token that a page carries on, in bytes; ours have 43.
const TOKEN_LENGTH: usize = 100;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/verify-email", get(ask).post(verify))
        .route(
            "/verify-email/page.css",
            get(async || ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)),
        )
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    token: String,
}

/// What a page says.
struct Text {
    title: &'static str,
    body: &'static str,
}

async fn ask(headers: HeaderMap, Query(link): Query<Link>) -> Response {
    let locale = locale(&headers);
    let token = link.token;
    let ours = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if token.is_empty() || token.len() > TOKEN_LENGTH || !token.bytes().all(ours) {
        return page(StatusCode::NOT_FOUND, locale, &declined(locale), "");
    }
    let (text, button) = match locale {
        Locale::Nl => (
            Text {
                title: "Bevestig uw e-mailadres",
                body: "Hebt u een account aangevraagd bij JIJ&amp;Overijssel? Bevestig dan dat dit e-mailadres van u is.",
            },
            "Bevestigen",
        ),
        Locale::En => (
            Text {
                title: "Confirm your e-mail address",
                body: "Did you ask for an account at JIJ&amp;Overijssel? Then confirm that this e-mail address is yours.",
            },
            "Confirm",
        ),
    };
    // Checked above to hold nothing that HTML gives a meaning.
    let form = FORM.replace("{token}", &token).replace("{button}", button);
    page(StatusCode::OK, locale, &text, &form)
}

async fn verify(
    State(state): State<AppState>,
    headers: HeaderMap,
    Form(link): Form<Link>,
) -> Response {
    let locale = locale(&headers);
    let verified = state
        .services
        .accounts
        .confirm_email(&Actor::Visitor(None), &link.token)
        .await;
    let (status, text) = match verified {
        Ok(()) => (StatusCode::OK, confirmed(locale)),
        Err(Error::Refused(_)) => (StatusCode::GONE, declined(locale)),
        Err(error) => {
            tracing::error!(?error, "verifying an address failed");
            (StatusCode::SERVICE_UNAVAILABLE, failed(locale))
        }
    };
    page(status, locale, &text, "")
}

fn confirmed(locale: Locale) -> Text {
    match locale {
        Locale::Nl => Text {
            title: "Uw e-mailadres is bevestigd",
            body: "U kunt deze pagina sluiten en u aanmelden.",
        },
        Locale::En => Text {
            title: "Your e-mail address is confirmed",
            body: "You can close this page and sign in.",
        },
    }
}

fn declined(locale: Locale) -> Text {
    match locale {
        Locale::Nl => Text {
            title: "Deze link werkt niet meer",
            body: "De link is gebruikt, vervangen door een nieuwere, of ouder dan 24 uur. Meld u aan met uw e-mailadres en wachtwoord: was uw adres nog niet bevestigd, dan krijgt u een nieuwe link.",
        },
        Locale::En => Text {
            title: "This link no longer works",
            body: "The link was used, replaced by a newer one, or is older than 24 hours. Sign in with your e-mail address and password: if your address was not confirmed yet, you get a new link.",
        },
    }
}

fn failed(locale: Locale) -> Text {
    match locale {
        Locale::Nl => Text {
            title: "Dat lukte niet",
            body: "Er ging bij ons iets mis. Open de link over een paar minuten nog eens.",
        },
        Locale::En => Text {
            title: "That did not work",
            body: "Something went wrong on our side. Open the link again in a few minutes.",
        },
    }
}

fn page(status: StatusCode, locale: Locale, text: &Text, form: &str) -> Response {
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
