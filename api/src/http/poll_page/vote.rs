//! The form as it is sent.

use std::{net::IpAddr, time::Duration};

use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{Error, Locale, id::QuestionId, poll::BallotRefusal};

use super::{
    Reader, Wish, answer,
    document::{Document, Notice, Told},
    failed,
    filled::{Filled, Place, Problem, Typed},
    frame::Frame,
    sheet::Sheet,
    unknown,
};
use crate::http::{
    AppState,
    address::{Connection, address},
};

/// The longest wait that the server itself asks for; a network's limit asks for longer ones.
const SOON: Duration = Duration::from_secs(10);

/// What became of a form.
#[derive(Debug, Default)]
struct Outcome {
    told: Told,
    /// The questions that were filled in and not counted.
    kept: Vec<QuestionId>,
    is_counted: bool,
    is_busy: bool,
    /// The wait before it may be sent again, if there is too much at once.
    wait: Option<Duration>,
    /// The address that the form comes from.
    client_ip: Option<IpAddr>,
}

/// Counts what was sent from the poll's own page, and answers with it.
pub(super) async fn own(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    Query(wish): Query<Wish>,
    connection: Connection,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let frame = Frame::own(state.services.embeds.site(), &slug, wish.locale(&headers));
    let _place = match state.admission.enter().await {
        Ok(place) => place,
        Err(problem) => return problem.into_response(),
    };
    counted(&state, &frame, address(connection), &headers, fields).await
}

/// Counts what was sent from the page in this frame, and answers with it.
pub(super) async fn counted(
    state: &AppState,
    frame: &Frame,
    client_ip: Option<IpAddr>,
    headers: &HeaderMap,
    fields: Vec<(String, String)>,
) -> Response {
    let mut filled = Filled::new(fields);
    taken(state, frame, client_ip, headers, &mut filled)
        .await
        .unwrap_or_else(|error| failed(error, frame.locale))
}

async fn taken(
    state: &AppState,
    frame: &Frame,
    client_ip: Option<IpAddr>,
    headers: &HeaderMap,
    filled: &mut Filled,
) -> domain::Result<Response> {
    let services = &state.services;
    let sent = filled.value("token").unwrap_or_default().trim().to_owned();
    let known = match sent.as_str() {
        "" => None,
        _ => Some(Reader::of(services, sent).await),
    };
    let (reader, is_expired) = match known {
        Some(Ok(reader)) => (reader, false),
        Some(Err(Error::Internal(fault))) => return Err(Error::Internal(fault)),
        Some(Err(Error::TooMany(_) | Error::Unavailable)) => return Err(Error::Unavailable),
        Some(Err(_)) => (Reader::new(services, frame).await?, true),
        None => (Reader::new(services, frame).await?, false),
    };
    let Some(mut sheet) = Sheet::read(services, &reader.actor, &frame.slug).await? else {
        return Ok(unknown(frame.locale));
    };
    let mut outcome = Outcome {
        client_ip,
        ..Outcome::default()
    };
    let notice = if is_expired {
        outcome.kept = sheet.asked.iter().map(|asked| asked.question.id).collect();
        Notice::Expired
    } else {
        cast(state, &reader, &sheet, filled, frame.locale, &mut outcome).await?;
        if let Some(after) = Sheet::read(services, &reader.actor, &frame.slug).await? {
            sheet = after;
        }
        outcome.notice()
    };
    for asked in &sheet.asked {
        if !outcome.kept.contains(&asked.question.id) {
            filled.record(asked);
        }
    }
    let document = Document::new(&sheet, frame, filled, &outcome.told, notice);
    let status = match notice {
        Notice::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Notice::Limited => StatusCode::TOO_MANY_REQUESTS,
        Notice::Expired => StatusCode::UNAUTHORIZED,
        Notice::Problems | Notice::Empty => StatusCode::UNPROCESSABLE_ENTITY,
        Notice::Counted | Notice::None => StatusCode::OK,
    };
    let mut answer = answer(state, status, frame, headers, &document, &reader.token).await;
    if let Some(wait) = outcome.wait {
        let wait = HeaderValue::from(wait.as_secs().max(1));
        answer.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    Ok(answer)
}

/// Casts a ballot for each question that was filled in.
async fn cast(
    state: &AppState,
    reader: &Reader,
    sheet: &Sheet,
    filled: &Filled,
    locale: Locale,
    outcome: &mut Outcome,
) -> domain::Result<()> {
    for asked in &sheet.asked {
        let id = asked.question.id;
        let Some(typed) = filled.ballot(asked, locale) else {
            continue;
        };
        if !typed.problems.is_empty() {
            outcome.keep(id, typed.problems);
            continue;
        }
        let marks = typed.draft.marks.clone();
        let fields = typed.fields().to_vec();
        let polls = &state.services.polls;
        let cast = polls.cast_from(outcome.client_ip, &reader.actor, id, typed.draft);
        match cast.await {
            Ok(_) => outcome.is_counted = true,
            Err(Error::Refused(reasons)) => {
                let is_final = reasons.contains(&BallotRefusal::AlreadyVoted);
                let told = Typed::told(&marks, &fields, &reasons, locale);
                // What is on record stands: that is what is shown.
                if is_final {
                    outcome.told.insert(id, told);
                } else {
                    outcome.keep(id, told);
                }
            }
            Err(
                Error::Unauthenticated
                | Error::Denied
                | Error::SecondFactorMissing
                | Error::Blocked(_),
            ) => {
                let message = locale.pick(
                    "Hier stemt u met een account.",
                    "Here one votes with an account.",
                );
                let problem = Problem {
                    place: Place::Question,
                    message: message.to_owned(),
                };
                outcome.keep(id, vec![problem]);
            }
            Err(Error::TooMany(wait)) => {
                outcome.kept.push(id);
                outcome.wait = outcome.wait.max(Some(wait));
            }
            Err(Error::Unavailable) => {
                outcome.kept.push(id);
                outcome.is_busy = true;
            }
            // It went while it was filled in.
            Err(Error::NotFound) => {}
            Err(Error::Internal(fault)) => return Err(Error::Internal(fault)),
        }
    }
    Ok(())
}

impl Outcome {
    fn keep(&mut self, question: QuestionId, told: Vec<Problem>) {
        self.kept.push(question);
        self.told.insert(question, told);
    }

    fn notice(&self) -> Notice {
        if self.wait.is_some_and(|wait| wait > SOON) {
            Notice::Limited
        } else if self.is_busy || self.wait.is_some() {
            Notice::Busy
        } else if !self.told.is_empty() {
            Notice::Problems
        } else if self.is_counted {
            Notice::Counted
        } else {
            Notice::Empty
        }
    }
}
