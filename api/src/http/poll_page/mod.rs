//! `/p/{slug}` and `/embed/{id}`: a poll as a page that anyone can vote on, by itself and in a
//! frame on a partner's page.
//!
//! The page is a form first: without any script it is sent to its own address, which answers with
//! the page again, with what was told of each field and what was typed. Its script sends the same
//! form without leaving the page, and follows the results. No cookie is set: who votes is told by
//! a visitor's token that is in the page, and that the script keeps.
//!
//! What everyone gets is made and compressed once (`kept.rs`, `packed.rs`); only the token in it
//! is each one's own.

mod bars;
mod document;
mod embedded;
mod fields;
mod filled;
mod frame;
mod html;
mod kept;
mod packed;
mod sheet;
mod vote;

pub(super) use kept::Pages;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{Actor, Error, Locale, Services, embed::Opening};
use serde::Deserialize;

use self::{
    document::{Document, Notice, Told},
    filled::Filled,
    frame::Frame,
    sheet::Sheet,
};
use super::{
    AppState,
    accept::takes_brotli,
    bearer,
    language::{self, preferred},
    page::{Text, page},
};

/// The largest form that is read, in bytes: a thousand statements, or answers of many letters.
const BODY_LIMIT: usize = 256 * 1024;
const FETCH_DESTINATION: HeaderName = HeaderName::from_static("sec-fetch-dest");

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/p/{slug}", get(show).post(vote::own))
        .route("/embed/{id}", get(embedded::show).post(embedded::vote))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

/// What the address says beside the poll.
#[derive(Debug, Deserialize)]
struct Wish {
    #[serde(default)]
    lang: Option<String>,
}

impl Wish {
    /// The language that was asked for, else the first that the browser names.
    fn locale(&self, headers: &HeaderMap) -> Locale {
        self.named().unwrap_or_else(|| language::locale(headers))
    }

    /// The language that was asked for.
    fn named(&self) -> Option<Locale> {
        self.lang.as_deref().map(preferred)
    }
}

/// Who gets a page, and the token that says so.
struct Reader {
    actor: Actor,
    token: String,
}

impl Reader {
    /// Someone new.
    async fn new(services: &Services, frame: &Frame) -> domain::Result<Self> {
        let token = token(services, frame).await?;
        Self::of(services, token).await
    }

    /// Whoever this token names.
    async fn of(services: &Services, token: String) -> domain::Result<Self> {
        let (actor, _) = bearer::identify(services, &token).await?;
        Ok(Self { actor, token })
    }
}

/// A token for someone new.
async fn token(services: &Services, frame: &Frame) -> domain::Result<String> {
    let nobody = Actor::Visitor(None);
    let access = match &frame.embed {
        None => services.accounts.become_visitor(&nobody)?,
        Some(shown) => {
            // Whether it is kept is for the page's script to say.
            let opening = Opening {
                subject: None,
                is_kept: false,
            };
            let opened = services.embeds.open(&nobody, shown.id, opening).await;
            opened.map_err(|error| match error {
                Error::NotFound => Error::NotFound,
                Error::Internal(fault) => Error::Internal(fault),
                _ => Error::Unavailable,
            })?
        }
    };
    Ok(access.token)
}

async fn show(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Response {
    let locale = wish.locale(&headers);
    if is_framed(&headers) {
        return not_here(locale);
    }
    let frame = Frame::own(state.services.embeds.site(), &slug, locale);
    let _place = match state.admission.enter().await {
        Ok(place) => place,
        Err(problem) => return problem.into_response(),
    };
    served(&state, &frame, &headers).await
}

/// The page in this frame.
async fn served(state: &AppState, frame: &Frame, headers: &HeaderMap) -> Response {
    let shown = if headers.contains_key(header::AUTHORIZATION) {
        show_known(state, frame, headers).await
    } else {
        show_new(state, frame, headers).await
    };
    shown.unwrap_or_else(|error| failed(error, frame.locale))
}

/// The page for someone whose token was sent along: as they filled it in.
async fn show_known(
    state: &AppState,
    frame: &Frame,
    headers: &HeaderMap,
) -> domain::Result<Response> {
    let sender = match bearer::sender(&state.services, headers).await {
        Ok(sender) => sender,
        // A token that could not be looked up is still good: only one that is not is let go.
        Err(problem) => return Ok(problem.into_response()),
    };
    let Some(sheet) = Sheet::read(&state.services, &sender.actor, &frame.slug).await? else {
        return Ok(unknown(frame.locale));
    };
    let mut filled = Filled::default();
    for asked in &sheet.asked {
        filled.record(asked);
    }
    let document = Document::new(&sheet, frame, &filled, &Told::new(), Notice::None);
    // Who sends a token has it.
    Ok(answer(state, StatusCode::OK, frame, headers, &document, "").await)
}

/// The page for someone who was not here before, with a token of their own.
async fn show_new(
    state: &AppState,
    frame: &Frame,
    headers: &HeaderMap,
) -> domain::Result<Response> {
    let services = &state.services;
    let Some(kept) = state.pages.page(services, frame).await? else {
        return Ok(unknown(frame.locale));
    };
    if kept.is_shuffled {
        return show_shuffled(state, frame, headers).await;
    }
    let token = token(services, frame).await?;
    let packed = kept.packed.as_ref().filter(|_| takes_brotli(headers));
    let packed = packed.and_then(|page| page.with(&token));
    let is_packed = packed.is_some();
    let body = packed.unwrap_or_else(|| kept.document.with(&token).into());
    let headers = kept.headers.clone();
    Ok(sent(StatusCode::OK, headers, is_packed, body))
}

/// The page for someone who was not here before, with the options in an order of their own.
async fn show_shuffled(
    state: &AppState,
    frame: &Frame,
    headers: &HeaderMap,
) -> domain::Result<Response> {
    let services = &state.services;
    let Reader { actor, token } = Reader::new(services, frame).await?;
    let Some(sheet) = Sheet::read_new(services, &actor, &frame.slug).await? else {
        return Ok(unknown(frame.locale));
    };
    let filled = Filled::default();
    let document = Document::new(&sheet, frame, &filled, &Told::new(), Notice::None);
    Ok(answer(state, StatusCode::OK, frame, headers, &document, &token).await)
}

/// A page for one.
async fn answer(
    state: &AppState,
    status: StatusCode,
    frame: &Frame,
    headers: &HeaderMap,
    document: &Document,
    token: &str,
) -> Response {
    let packed = if takes_brotli(headers) {
        state.pages.packed(frame, document).await
    } else {
        None
    };
    match packed.and_then(|page| page.with(token)) {
        Some(body) => sent(status, frame.headers(), true, body),
        None => sent(status, frame.headers(), false, document.with(token).into()),
    }
}

fn sent(status: StatusCode, headers: HeaderMap, is_packed: bool, body: Vec<u8>) -> Response {
    let mut response = (status, headers, body).into_response();
    if is_packed {
        let brotli = HeaderValue::from_static("br");
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_ENCODING, brotli);
    }
    response
}

/// Whether the browser says that the page is to stand inside another.
fn is_framed(headers: &HeaderMap) -> bool {
    headers.get(&FETCH_DESTINATION).is_some_and(|destination| {
        [&b"iframe"[..], b"frame", b"embed", b"object"].contains(&destination.as_bytes())
    })
}

/// There is no such poll, or not for this reader.
fn unknown(locale: Locale) -> Response {
    let text = match locale {
        Locale::Nl => Text {
            title: "Deze peiling is er niet",
            body: "Kijk of het adres klopt. Misschien is de peiling nog niet te zien.",
        },
        Locale::En => Text {
            title: "There is no such poll",
            body: "See whether the address is right. The poll may not be visible yet.",
        },
    };
    page(StatusCode::NOT_FOUND, locale, &text, "")
}

/// The poll's own page stands alone.
fn not_here(locale: Locale) -> Response {
    let text = match locale {
        Locale::Nl => Text {
            title: "Deze pagina staat alleen",
            body: "Op een andere site staat een peiling met de code die een partner daarvoor krijgt.",
        },
        Locale::En => Text {
            title: "This page stands alone",
            body: "On another site a poll is shown by the code that a partner gets for that.",
        },
    };
    page(StatusCode::FORBIDDEN, locale, &text, "")
}

fn failed(error: Error<std::convert::Infallible>, locale: Locale) -> Response {
    if matches!(error, Error::NotFound) {
        return unknown(locale);
    }
    if let Error::Internal(fault) = error {
        tracing::error!(fault, "a poll's page could not be made");
    }
    let text = match locale {
        Locale::Nl => Text {
            title: "Dat lukte niet",
            body: "Er ging bij ons iets mis. Open de peiling over een paar minuten nog eens.",
        },
        Locale::En => Text {
            title: "That did not work",
            body: "Something went wrong on our side. Open the poll again in a few minutes.",
        },
    };
    page(StatusCode::SERVICE_UNAVAILABLE, locale, &text, "")
}
