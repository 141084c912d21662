//! `/graphql/stream`: GraphQL over server-sent events, a connection for each operation.
//!
//! `POST` takes what `POST /graphql` takes. `GET` takes it as parameters of the address, for
//! `EventSource`, which sends no headers of its own: it asks for what everyone may see. A token
//! in an address would end up in logs and histories, so none is read there.

use std::{
    collections::VecDeque,
    convert::Infallible,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use async_graphql::parser::types::OperationType;
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderName, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{access::Access, clock::SharedClock};
use futures_util::{FutureExt, Stream, StreamExt, future::BoxFuture, stream::BoxStream};
use tokio::time::{Sleep, sleep};

use super::{
    AppState,
    address::{Connection, address},
    bearer::{Sender, hold, sender},
    connections::Place,
    language::locale,
    problem::Problem,
    request::{self, BODY_LIMIT},
};
use crate::graphql::{Payload, RequestContext, operation::GraphqlRequest, subscribe};

const NOT_ACCEPTABLE: Problem = Problem::bad_input(
    StatusCode::NOT_ACCEPTABLE,
    "This address answers with text/event-stream.",
);
const CHANGES_NOTHING: Problem = Problem::bad_input(
    StatusCode::METHOD_NOT_ALLOWED,
    "A mutation is sent with POST.",
);

const NEXT: Bytes = Bytes::from_static(b"event: next\ndata: ");
const END_OF_EVENT: Bytes = Bytes::from_static(b"\n\n");
/// With an empty `data`, without which `EventSource` would not tell the page.
const COMPLETE: Bytes = Bytes::from_static(b"event: complete\ndata: \n\n");
/// The result before the end of a stream whose sender's access has ended.
const ACCESS_ENDED: Bytes = Bytes::from_static(
    br#"{"errors":[{"message":"The access token is invalid or has expired.","extensions":{"code":"UNAUTHENTICATED"}}]}"#,
);
const COMMENT: Bytes = Bytes::from_static(b":\n\n");

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/graphql/stream", get(by_address).post(by_body))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

async fn by_address(
    State(state): State<AppState>,
    connection: Connection,
    headers: HeaderMap,
    address: Uri,
) -> Result<Response, Problem> {
    let request = request::of_address(&address)?;
    stream(&state, connection, &headers, request, true).await
}

async fn by_body(
    State(state): State<AppState>,
    connection: Connection,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let request = request::of_body(&headers, body)?;
    stream(&state, connection, &headers, request, false).await
}

async fn stream(
    state: &AppState,
    connection: Connection,
    headers: &HeaderMap,
    request: GraphqlRequest,
    changes_nothing: bool,
) -> Result<Response, Problem> {
    if !accepts_events(headers) {
        return Err(NOT_ACCEPTABLE);
    }
    let address = address(connection);
    let place = state.connections.admit("stream", headers, address)?;
    let sender = sender(&state.services, headers).await?;
    let access = hold(&state.services, &sender).await?;
    let request_id = domain::random::token().map_err(|_| Problem::UNAVAILABLE)?;
    let prepared = state.documents.prepare(request, &sender.actor);
    if let Ok(prepared) = &prepared
        && changes_nothing
        && prepared.kind == OperationType::Mutation
    {
        return Err(CHANGES_NOTHING);
    }
    let results = match prepared {
        Ok(prepared) => {
            let context = RequestContext::new(
                state.services.clone(),
                sender.actor.clone(),
                locale(headers),
            )
            .with_address(address)
            .with_connection(place.id())
            .with_answer_limit(state.documents.rules().answer_bytes);
            subscribe(&state.schema, prepared.operation, context, request_id).boxed()
        }
        Err(refusal) => futures_util::stream::iter([refusal.payload(&request_id)]).boxed(),
    };
    let events = Events::new(results, place, sender, access, state.services.clock.clone());
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-store"),
        // A proxy that gathers an answer before it passes it on would gather for ever.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(events)).into_response())
}

/// A media type without its parameters.
fn essence(value: &[u8]) -> &[u8] {
    value
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default()
        .trim_ascii()
}

fn accepts_events(headers: &HeaderMap) -> bool {
    let mut ranges = headers
        .get_all(header::ACCEPT)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .map(essence)
        .peekable();
    ranges.peek().is_none()
        || ranges.any(|range| {
            [&b"text/event-stream"[..], b"text/*", b"*/*"]
                .iter()
                .any(|good| range.eq_ignore_ascii_case(good))
        })
}

/// The events of one operation, as they go over the network.
///
/// The next state is taken once the one before was handed on, so that a slow reader misses states
/// instead of being sent all of them late.
struct Events {
    results: BoxStream<'static, Payload>,
    /// What is left of the event that is being sent.
    rest: VecDeque<Bytes>,
    complete: bool,
    place: Place,
    sender: Sender,
    _access: Access,
    access_end: BoxFuture<'static, ()>,
    clock: SharedClock,
    comment: Pin<Box<Sleep>>,
    end: BoxFuture<'static, ()>,
}

impl Events {
    fn new(
        results: BoxStream<'static, Payload>,
        place: Place,
        sender: Sender,
        access: Access,
        clock: SharedClock,
    ) -> Self {
        Self {
            results,
            rest: VecDeque::new(),
            complete: false,
            comment: Box::pin(sleep(place.limits().comment_every)),
            end: place.end().boxed(),
            place,
            sender,
            access_end: access.ended().boxed(),
            _access: access,
            clock,
        }
    }
}

impl Stream for Events {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Some(part) = this.rest.pop_front() {
            return Poll::Ready(Some(Ok(part)));
        }
        if this.complete {
            return Poll::Ready(None);
        }
        if this.sender.has_expired(this.clock.now())
            || this.access_end.poll_unpin(context).is_ready()
        {
            this.complete = true;
            this.rest.extend([ACCESS_ENDED, END_OF_EVENT, COMPLETE]);
            return Poll::Ready(Some(Ok(NEXT)));
        }
        let result = if this.end.poll_unpin(context).is_ready() {
            Poll::Ready(None)
        } else {
            this.results.poll_next_unpin(context)
        };
        match result {
            Poll::Ready(Some(result)) => {
                this.rest.extend([result, END_OF_EVENT]);
                return Poll::Ready(Some(Ok(NEXT)));
            }
            Poll::Ready(None) => {
                this.complete = true;
                return Poll::Ready(Some(Ok(COMPLETE)));
            }
            Poll::Pending => {}
        }
        if this.comment.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        this.comment.set(sleep(this.place.limits().comment_every));
        Poll::Ready(Some(Ok(COMMENT)))
    }
}
