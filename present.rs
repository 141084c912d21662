//! `/present/{slug}`: the big screen of a room, and `/present/{slug}/remote`: the telephone that
//! leads it. Their scripts ask the public API; nothing here knows who looks.

mod files;
mod qr;

use std::borrow::Cow;

use axum::{
    Router,
    extract::{Path, Query, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::Locale;
use serde::Deserialize;

use super::{
    AppState,
    language::{locale, preferred},
    problem::not_found,
};

/// Nothing but the page's own files, and requests to this server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// What a page of a room may do with the device: fill the screen.
const PERMISSIONS: &str = "camera=(), fullscreen=(self), geolocation=(), microphone=()";

const SCREEN: &str = include_str!("../../../assets/present/screen.html");
const REMOTE: &str = include_str!("../../../assets/present/remote.html");

pub(super) fn routes() -> Router<AppState> {
    files::routes()
        .route("/present/{slug}", get(screen))
        .route("/present/{slug}/remote", get(remote))
        .route("/present/{slug}/qr.svg", get(qr::show))
}

/// How a page is asked for.
#[derive(Deserialize)]
struct Wish {
    /// `nl` or `en`; the browser's language where it is absent.
    lang: Option<String>,
}

async fn screen(
    state: State<AppState>,
    slug: Path<String>,
    wish: Query<Wish>,
    headers: HeaderMap,
) -> Response {
    page(SCREEN, state, slug, wish, &headers).await
}

async fn remote(
    state: State<AppState>,
    slug: Path<String>,
    wish: Query<Wish>,
    headers: HeaderMap,
) -> Response {
    page(REMOTE, state, slug, wish, &headers).await
}

/// A page for the poll with this slug. It is the same whether there is one or not, and whoever
/// asks: the script learns what its viewer may know.
async fn page(
    html: &str,
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Query(wish): Query<Wish>,
    headers: &HeaderMap,
) -> Response {
    if !is_slug(&slug) {
        return not_found().await.into_response();
    }
    let locale = match &wish.lang {
        Some(lang) => preferred(lang),
        None => locale(headers),
    };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_LANGUAGE, locale.tag()),
        (header::VARY, "accept-language"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (
            header::HeaderName::from_static("permissions-policy"),
            PERMISSIONS,
        ),
    ];
    let html = html
        .replace("{language}", locale.tag())
        .replace("{slug}", &slug)
        .replace("{site}", &attribute(&state.services.public_url))
        .replace("{script}", script(locale));
    (headers, html).into_response()
}

/// Whether a slug may be a poll's: then it holds nothing that HTML or an address gives a meaning.
fn is_slug(slug: &str) -> bool {
    let ours = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !slug.is_empty() && slug.len() <= 255 && slug.bytes().all(ours)
}

/// The operator's address as an attribute holds it.
fn attribute(text: &str) -> Cow<'_, str> {
    if text.contains(['&', '"', '<']) {
        let text = text.replace('&', "&amp;").replace('"', "&quot;");
        Cow::Owned(text.replace('<', "&lt;"))
    } else {
        Cow::Borrowed(text)
    }
}

fn script(locale: Locale) -> &'static str {
    locale.pick(
        "Dit scherm heeft JavaScript nodig.",
        "This screen needs JavaScript.",
    )
}
