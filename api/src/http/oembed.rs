//! `/oembed`: what a link to a poll becomes on the page that it is pasted into (oembed.com, 1.0).

use axum::{
    Json, Router,
    extract::{Query, State, rejection::QueryRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{Actor, Error, Locale, Result, embed::Link};
use serde::{Deserialize, Serialize};

use super::AppState;

/// How large the frame is where nothing smaller is asked for, in CSS pixels.
const WIDTH: u32 = 640;
const HEIGHT: u32 = 600;
/// How long the answer may be kept, in seconds.
const AGE: u32 = 300;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/oembed", get(answer))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    url: String,
    format: Option<String>,
    maxwidth: Option<u32>,
    maxheight: Option<u32>,
}

/// An answer in the specification's own words.
#[derive(Serialize)]
struct Rich {
    r#type: &'static str,
    version: &'static str,
    title: String,
    provider_name: &'static str,
    provider_url: String,
    cache_age: u32,
    html: String,
    width: u32,
    height: u32,
}

async fn answer(
    State(state): State<AppState>,
    asked: std::result::Result<Query<Asked>, QueryRejection>,
) -> Response {
    let Ok(Query(asked)) = asked else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if asked.url.is_empty() {
        return StatusCode::BAD_REQUEST.into_response();
    }
    if asked
        .format
        .as_deref()
        .is_some_and(|format| format != "json")
    {
        return StatusCode::NOT_IMPLEMENTED.into_response();
    }
    match found(&state, &asked).await {
        Ok(Some(rich)) => {
            let headers = [
                (header::CACHE_CONTROL, "public, max-age=300"),
                // What it tells, everyone may know.
                (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            ];
            (headers, Json(rich)).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(Error::Internal(fault)) => {
            tracing::error!(fault, "a link cannot be looked up");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn found(state: &AppState, asked: &Asked) -> Result<Option<Rich>> {
    let (embeds, polls) = (&state.services.embeds, &state.services.polls);
    let nobody = Actor::Visitor(None);
    let Some(link) = embeds.link(&asked.url) else {
        return Ok(None);
    };
    let (shown, slug) = match link {
        Link::Embed(id) => match embeds.shown(&nobody, id).await? {
            Some(shown) => (Some(shown.id), shown.poll_slug.clone()),
            None => return Ok(None),
        },
        Link::Poll(slug) => (None, slug),
    };
    let Some(poll) = polls.by_slug(&nobody, &slug).await? else {
        return Ok(None);
    };
    let width = asked.maxwidth.map_or(WIDTH, |most| most.min(WIDTH));
    let height = asked.maxheight.map_or(HEIGHT, |most| most.min(HEIGHT));
    let html = match shown {
        Some(id) => embeds.sized(id, &poll.title, width, height),
        // The page of a poll stands in no frame: what is pasted is a link that says what it is.
        None => embeds.quotation(&poll.slug, &poll.title, Locale::default()),
    };
    Ok(Some(Rich {
        r#type: "rich",
        version: "1.0",
        title: poll.title,
        provider_name: "JIJ&Overijssel",
        provider_url: embeds.site().to_owned(),
        cache_age: AGE,
        html,
        width,
        height,
    }))
}
