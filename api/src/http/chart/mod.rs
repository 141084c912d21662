//! `/polls/{slug}/questions/{n}.svg`: the results of a question as a picture, for newsletters,
//! social cards and whoever has no script. It shows what everyone may see, whoever asks.

mod canvas;
mod cloud;
mod columns;
mod rows;
mod text;

use std::sync::LazyLock;

use axum::{
    Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    Actor, Locale, Result, Services,
    poll::{Poll, Question, QuestionKind, QuestionResults},
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use self::canvas::{Canvas, STYLE};
use super::{
    AppState,
    language::{locale, preferred},
    problem::not_found,
};

/// A picture that does nothing: no script, and no style but its own.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{style}'; frame-ancestors 'none'; sandbox")
});
/// As fresh as the poll's own fields.
const FRESHNESS: &str = "public, max-age=2";

/// How the picture is asked for.
#[derive(Deserialize)]
struct Wish {
    /// `nl` or `en`, so that whoever sends the address to others chooses for all of them; by the
    /// request's `Accept-Language` where it is absent.
    lang: Option<String>,
}

impl Wish {
    fn locale(&self, headers: &HeaderMap) -> Locale {
        match &self.lang {
            Some(lang) => preferred(lang),
            None => locale(headers),
        }
    }
}

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/polls/{slug}/questions/{file}", get(show))
}

async fn show(
    State(state): State<AppState>,
    Path((slug, file)): Path<(String, String)>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Response {
    let Some(number) = number(&file) else {
        return not_found().await.into_response();
    };
    let locale = wish.locale(&headers);
    match picture(&state.services, locale, &slug, number).await {
        Ok(Some(svg)) => answer(svg, locale, &headers),
        Ok(None) => not_found().await.into_response(),
        Err(error) => {
            tracing::error!(?error, "a picture cannot be drawn");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// The place of the question that `3.svg` asks for, counted from 0.
fn number(file: &str) -> Option<i32> {
    let digits = file.strip_suffix(".svg")?;
    let plain = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse::<i32>().ok().filter(|_| plain)?.checked_sub(1)
}

/// The picture of the question at this place, if everyone may know of it.
async fn picture(
    services: &Services,
    locale: Locale,
    slug: &str,
    position: i32,
) -> Result<Option<String>> {
    let everyone = Actor::Visitor(None);
    let polls = &services.polls;
    let Some(poll) = polls.by_slug(&everyone, slug).await? else {
        return Ok(None);
    };
    let mut questions = polls.questions(&everyone, &[poll.id]).await?;
    let question = questions
        .remove(&poll.id)
        .unwrap_or_default()
        .into_iter()
        .find(|question| question.position == position);
    let Some(question) = question else {
        return Ok(None);
    };
    let results = polls.results(&everyone, &[question.id]).await?;
    let results = results.get(&question.id).map(AsRef::as_ref);
    Ok(Some(draw(locale, &poll, &question, results)))
}

fn draw(
    locale: Locale,
    poll: &Poll,
    question: &Question,
    results: Option<&QuestionResults>,
) -> String {
    let sentence = results.map_or_else(
        || hidden(locale, poll.voter_count),
        |results| results.summary(locale),
    );
    let mut canvas = Canvas::new(locale, &poll.title, &question.prompt, &sentence);
    if let Some(results) = results {
        match results.kind {
            QuestionKind::WordCloud => cloud::cloud(&mut canvas, results),
            QuestionKind::Number => columns::whole(&mut canvas, results),
            QuestionKind::Scale if results.options.len() == 1 => {
                columns::whole(&mut canvas, results);
            }
            _ => rows::rows(&mut canvas, results),
        }
    }
    canvas.finish()
}

/// What is said of results that are not everyone's to see yet.
fn hidden(locale: Locale, voters: i64) -> String {
    match (locale, voters) {
        (Locale::Nl, 1) => {
            "De uitkomsten zijn nog niet zichtbaar; 1 persoon heeft gestemd.".to_owned()
        }
        (Locale::Nl, _) => {
            format!("De uitkomsten zijn nog niet zichtbaar; {voters} mensen hebben gestemd.")
        }
        (Locale::En, 1) => "The results cannot be seen yet; 1 person voted.".to_owned(),
        (Locale::En, _) => format!("The results cannot be seen yet; {voters} people voted."),
    }
}

/// The picture, or that it is the one which the client has. Its tag is made of what it shows, so
/// that a new wording counts as well as a new ballot.
fn answer(svg: String, locale: Locale, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", STANDARD.encode(&Sha256::digest(&svg)[..15]));
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|one| one.trim().trim_start_matches("W/"))
        .any(|one| one == tag || one == "*");
    let head = [
        (header::ETAG, tag.as_str()),
        (header::CACHE_CONTROL, FRESHNESS),
        (header::VARY, "accept-language"),
        (header::CONTENT_SECURITY_POLICY, POLICY.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    if known {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    let body = [
        (header::CONTENT_TYPE, "image/svg+xml; charset=utf-8"),
        (header::CONTENT_LANGUAGE, locale.tag()),
    ];
    (head, body, svg).into_response()
}
