//! `/verify-email`: where the link in a mail leads. Opening the page changes nothing, because
//! programs that guard mailboxes open links too; its button verifies the address.

use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::get,
};
use domain::{Actor, Error, Locale, account::Client};

use super::{
    AppState,
    address::{Connection, address},
    language::locale,
    page::{BODY_LIMIT, Link, Text, failed, page},
};

const FORM: &str = include_str!("../../assets/verify-email/form.html");
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/verify-email", get(ask).post(verify))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

async fn ask(headers: HeaderMap, Query(link): Query<Link>) -> Response {
    let locale = locale(&headers);
    let Some(token) = link.token() else {
        return page(StatusCode::NOT_FOUND, locale, &declined(locale), "");
    };
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
    let form = FORM.replace("{token}", token).replace("{button}", button);
    page(StatusCode::OK, locale, &text, &form)
}

async fn verify(
    State(state): State<AppState>,
    connection: Connection,
    headers: HeaderMap,
    Form(link): Form<Link>,
) -> Response {
    let locale = locale(&headers);
    let verified = state
        .services
        .accounts
        .confirm_email(
            &Actor::Visitor(None),
            Client::of(address(connection)),
            &link.token,
        )
        .await;
    match verified {
        Ok(()) => page(StatusCode::OK, locale, &confirmed(locale), ""),
        Err(Error::Refused(_)) => page(StatusCode::GONE, locale, &declined(locale), ""),
        Err(error) => failed(locale, &error, "verifying an address"),
    }
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
