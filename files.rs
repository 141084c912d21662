//! The styles and scripts of the screen and the remote control, as they are written.

use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};

use crate::http::AppState;

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// A file's address, media type and content.
macro_rules! file {
    ($name:literal, $media:expr) => {
        (
            concat!("/present/", $name),
            $media,
            include_str!(concat!("../../../assets/present/", $name)),
        )
    };
}

const FILES: [(&str, &str, &str); 14] = [
    file!("present.css", CSS),
    file!("charts.css", CSS),
    file!("remote.css", CSS),
    file!("charts.js", SCRIPT),
    file!("cloud.js", SCRIPT),
    file!("keys.js", SCRIPT),
    file!("lead.js", SCRIPT),
    file!("operations.js", SCRIPT),
    file!("remote.js", SCRIPT),
    file!("screen.js", SCRIPT),
    file!("server.js", SCRIPT),
    file!("sign-in.js", SCRIPT),
    file!("tables.js", SCRIPT),
    file!("words.js", SCRIPT),
];

pub(super) fn routes() -> Router<AppState> {
    FILES
        .into_iter()
        .fold(Router::new(), |router, (address, media, content)| {
            router.route(address, get(async move || file(media, content)))
        })
}

/// A file, which a browser asks for again: a new server may have a new one.
fn file(media: &'static str, content: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, content).into_response()
}
