//! `/reset-password`: where the link leads by which a person chooses another password. Opening
//! the page changes nothing; its form does.

use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::get,
};
use domain::{
    Actor, Error, Locale,
    account::{AccountRefusal, Password},
};
use serde::Deserialize;

use super::{
    AppState,
    language::locale,
    page::{FORM_LIMIT, Link, Text, failed, page},
};

const FORM: &str = include_str!("../../assets/verify-email/reset.html");

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/reset-password", get(ask).post(reset))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
}

#[derive(Deserialize)]
struct Sent {
    #[serde(flatten)]
    link: Link,
    #[serde(default)]
    password: String,
}

async fn ask(headers: HeaderMap, Query(link): Query<Link>) -> Response {
    let locale = locale(&headers);
    match link.token() {
        None => page(StatusCode::NOT_FOUND, locale, &Text::expired(locale), ""),
        Some(token) => page(StatusCode::OK, locale, &asked(locale), &form(locale, token)),
    }
}

async fn reset(
    State(state): State<AppState>,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Response {
    let locale = locale(&headers);
    let password = Password::from(sent.password.as_str());
    let outcome = state
        .services
        .accounts
        .reset_password(&Actor::Visitor(None), &sent.link.token, password)
        .await;
    match outcome {
        Ok(()) => page(StatusCode::OK, locale, &done(locale), ""),
        Err(Error::Refused(reasons)) if matches!(reasons[..], [AccountRefusal::Text(_)]) => {
            let token = sent.link.token().unwrap_or_default();
            page(StatusCode::OK, locale, &unfit(locale), &form(locale, token))
        }
        Err(Error::Refused(_)) => page(StatusCode::GONE, locale, &Text::expired(locale), ""),
        Err(error) => failed(locale, &error, "choosing another password"),
    }
}

fn form(locale: Locale, token: &str) -> String {
    let label = locale.pick(
        "Nieuw wachtwoord, 12 tot 128 tekens",
        "New password, 12 to 128 characters",
    );
    FORM.replace("{token}", token)
        .replace("{label}", label)
        .replace("{button}", locale.pick("Opslaan", "Save"))
}

fn asked(locale: Locale) -> Text {
    match locale {
        Locale::Nl => Text {
            title: "Kies een nieuw wachtwoord",
            body: "U wordt daarmee op al uw apparaten afgemeld.",
        },
        Locale::En => Text {
            title: "Choose a new password",
            body: "It signs you out on all your devices.",
        },
    }
}

fn unfit(locale: Locale) -> Text {
    match locale {
        Locale::Nl => Text {
            title: "Kies een ander wachtwoord",
            body: "Gebruik 12 tot 128 tekens; spaties tellen mee.",
        },
        Locale::En => Text {
            title: "Choose another password",
            body: "Use 12 to 128 characters; spaces count.",
        },
    }
}

fn done(locale: Locale) -> Text {
    match locale {
        Locale::Nl => Text {
            title: "Uw wachtwoord is gewijzigd",
            body: "U bent overal afgemeld en kunt u met het nieuwe wachtwoord aanmelden.",
        },
        Locale::En => Text {
            title: "Your password was changed",
            body: "You are signed out everywhere and can sign in with the new password.",
        },
    }
}
