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
    time::Duration,
};

use async_graphql::parser::types::OperationType;
use axum::{
    Extension, Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderName, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{access::Access, clock::SharedClock};
use futures_util::{
    FutureExt, Stream, StreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use tokio::time::{Sleep, sleep};

use super::{
    AppState,
    accept::takes_events,
    address::{Connection, address},
    bearer::{Sender, hold, sender},
    connections::Place,
    edge::{Caller, Transport},
    language::locale,
    problem::Problem,
    request::{self, BODY_LIMIT},
    request_id::RequestId,
};
use crate::graphql::{Payload, operation::GraphqlRequest};

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
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    address: Uri,
) -> Result<Response, Problem> {
    let request = request::of_address(&address)?;
    answer(&state, connection, request_id, &headers, request, true).await
}

async fn by_body(
    State(state): State<AppState>,
    connection: Connection,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let request = request::of_body(&headers, body)?;
    answer(&state, connection, request_id, &headers, request, false).await
}

async fn answer(
    state: &AppState,
    connection: Connection,
    request_id: RequestId,
    headers: &HeaderMap,
    request: GraphqlRequest,
    changes_nothing: bool,
) -> Result<Response, Problem> {
    if !takes_events(headers) {
        return Err(NOT_ACCEPTABLE);
    }
    let address = address(connection);
    let place = state.connections.admit("stream", headers, address)?;
    let _turn = state.enter().await?;
    let sender = sender(&state.services, headers).await?;
    let access = hold(&state.services, &sender).await?;
    let prepared = state.prepare(request, &sender.actor, Transport::EventStream);
    if let Ok(prepared) = &prepared
        && changes_nothing
        && prepared.kind == OperationType::Mutation
    {
        return Err(CHANGES_NOTHING);
    }
    let results = match prepared {
        Ok(prepared) => {
            let caller = Caller {
                actor: sender.actor.clone(),
                locale: locale(headers),
                address,
                connection: Some(place.id()),
                transport: Transport::EventStream,
                request_id,
            };
            // Whoever has the head of the answer misses nothing that happens from then on.
            state.results(caller, prepared).await
        }
        Err(refusal) => stream::iter([refusal.payload(&request_id.0)]).boxed(),
    };
    let events = Events::new(results, place, sender, access, state.services.clock.clone());
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-store"),
        (
            header::VARY,
            "Accept, Accept-Language, Authorization, Origin",
        ),
        // A proxy that gathers an answer before it passes it on would gather for ever.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(events)).into_response())
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
            // The first at once: who waits for states knows that they follow from here, and a
            // proxy passes the head on.
            comment: Box::pin(sleep(Duration::ZERO)),
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
