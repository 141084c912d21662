//! `/join`: where people type the six digits that they see in a room, without a script; and
//! `/join/{code}`, where a QR code leads.

use axum::{
    Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use domain::{Actor, Error, Locale};
use serde::Deserialize;

use super::{
    AppState,
    address::{Connection, address},
    language::locale,
    page::{Text, page},
};

const FORM: &str = include_str!("../../assets/join/form.html");

/// What was typed.
#[derive(Deserialize)]
struct Typed {
    code: Option<String>,
}

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/join", get(enter))
        .route("/join/{code}", get(follow))
}

/// The code of a link is taken for what one would have typed; what no code can hold is left out,
/// so that nothing else comes into the address.
async fn follow(Path(code): Path<String>) -> Redirect {
    let digits: String = code.chars().filter(char::is_ascii_digit).take(7).collect();
    Redirect::to(&format!("../join?code={digits}"))
}

/// The form; or, with a code, on to the poll whose room has it.
async fn enter(
    State(state): State<AppState>,
    connection: Connection,
    headers: HeaderMap,
    Query(typed): Query<Typed>,
) -> Response {
    let locale = locale(&headers);
    let Some(code) = typed.code else {
        return form(StatusCode::OK, locale, &asked(locale));
    };
    let polls = &state.services.polls;
    let found = polls
        .by_join_code(&Actor::Visitor(None), address(connection), &code)
        .await;
    match found {
        Ok(Some(poll)) => {
            // A slug holds nothing that an address gives a meaning.
            let poll = Redirect::to(&format!("p/{}", poll.slug));
            ([(header::CACHE_CONTROL, "private, no-store")], poll).into_response()
        }
        Ok(None) => form(StatusCode::NOT_FOUND, locale, &unknown(locale)),
        Err(Error::TooMany(wait)) => {
            let mut response = form(StatusCode::TOO_MANY_REQUESTS, locale, &too_many(locale));
            let seconds = wait.as_secs().max(1);
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds.into());
            response
        }
        Err(error) => {
            tracing::error!(?error, "a room cannot be looked up");
            form(StatusCode::SERVICE_UNAVAILABLE, locale, &failed(locale))
        }
    }
}

fn form(status: StatusCode, locale: Locale, text: &Text) -> Response {
    let label = locale.pick("Code van zes cijfers", "Code of six digits");
    let button = locale.pick("Doe mee", "Join");
    let form = FORM.replace("{label}", label).replace("{button}", button);
    page(status, locale, text, &form)
}

fn asked(locale: Locale) -> Text {
    match locale {
        Locale::Nl => Text {
            title: "Doe mee",
            body: "Typ de code die u in de zaal op het scherm ziet.",
        },
        Locale::En => Text {
            title: "Join",
            body: "Type the code that you see on the screen in the room.",
        },
    }
}

fn unknown(locale: Locale) -> Text {
    match locale {
        Locale::Nl => Text {
            title: "Deze code kennen we niet",
            body: "Kijk of de zes cijfers kloppen. Misschien is de bijeenkomst al afgelopen.",
        },
        Locale::En => Text {
            title: "We do not know this code",
            body: "See whether the six digits are right. The meeting may be over.",
        },
    }
}

fn too_many(locale: Locale) -> Text {
    match locale {
        Locale::Nl => Text {
            title: "Even wachten",
            body: "Er is te vaak een code geprobeerd die niet klopt. Probeer het over een minuut nog eens.",
        },
        Locale::En => Text {
            title: "Please wait",
            body: "Codes that are not right were tried too often. Try again in a minute.",
        },
    }
}

fn failed(locale: Locale) -> Text {
    match locale {
        Locale::Nl => Text {
            title: "Dat lukte niet",
            body: "Er ging bij ons iets mis. Probeer het over een paar minuten nog eens.",
        },
        Locale::En => Text {
            title: "That did not work",
            body: "Something went wrong on our side. Try again in a few minutes.",
        },
    }
}
