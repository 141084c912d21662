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

use async_graphql::{
    Request,
    parser::types::{DocumentOperations, OperationType},
};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{
        DefaultBodyLimit, Query, State,
        rejection::{BytesRejection, QueryRejection},
    },
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::clock::SharedClock;
use futures_util::{FutureExt, Stream, StreamExt, future::BoxFuture, stream::BoxStream};
use serde::Deserialize;
use tokio::time::{Sleep, sleep};

use super::{
    AppState,
    address::{Connection, address},
    bearer::{Sender, sender},
    connections::Place,
    graphql::{BODY_LIMIT, read},
    language::locale,
    problem::Problem,
    request::GraphqlRequest,
};
use crate::graphql::{Payload, RequestContext, subscribe};

const NOT_ACCEPTABLE: Problem = Problem::bad_input(
    StatusCode::NOT_ACCEPTABLE,
    "This address answers with text/event-stream.",
);
const NOT_JSON: Problem = Problem::bad_input(
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    "The body is application/json.",
);
const NOT_A_REQUEST: Problem = Problem::bad_input(
    StatusCode::BAD_REQUEST,
    "The address has a parameter `query`, and where needed `operationName`, and `variables` as a JSON object.",
);
const CHANGES_NOTHING: Problem = Problem::bad_input(
    StatusCode::METHOD_NOT_ALLOWED,
    "A mutation is sent with POST.",
);

const NEXT: Bytes = Bytes::from_static(b"event: next\ndata: ");
const END_OF_EVENT: Bytes = Bytes::from_static(b"\n\n");
/// With an empty `data`, without which `EventSource` would not tell the page.
const COMPLETE: Bytes = Bytes::from_static(b"event: complete\ndata: \n\n");
const COMMENT: Bytes = Bytes::from_static(b":\n\n");

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/graphql/stream", get(by_address).post(by_body))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

/// The parameters of an address; others are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    query: String,
    operation_name: Option<String>,
    variables: Option<String>,
}

async fn by_address(
    State(state): State<AppState>,
    connection: Connection,
    headers: HeaderMap,
    parameters: Result<Query<Parameters>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(parameters) = parameters.map_err(|_| NOT_A_REQUEST)?;
    let variables = parameters.variables.filter(|text| !text.is_empty());
    let mut request = state.request(GraphqlRequest {
        query: parameters.query,
        operation_name: parameters.operation_name,
        variables: match variables {
            Some(text) => serde_json::from_str(&text).map_err(|_| NOT_A_REQUEST)?,
            None => None,
        },
    });
    if changes(&mut request) {
        return Err(CHANGES_NOTHING);
    }
    stream(&state, connection, &headers, request)
}

async fn by_body(
    State(state): State<AppState>,
    connection: Connection,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let media = headers.get(header::CONTENT_TYPE);
    if !media
        .is_some_and(|value| essence(value.as_bytes()).eq_ignore_ascii_case(b"application/json"))
    {
        return Err(NOT_JSON);
    }
    let request = state.request(read(body)?);
    stream(&state, connection, &headers, request)
}

fn stream(
    state: &AppState,
    connection: Connection,
    headers: &HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    if !accepts_events(headers) {
        return Err(NOT_ACCEPTABLE);
    }
    let place = state.connections.admit("stream", headers)?;
    let sender = sender(&state.services, headers)?;
    let request_id = domain::random::token().map_err(|_| Problem::NO_CHANCE)?;
    let context = RequestContext::new(
        state.services.clone(),
        sender.actor.clone(),
        locale(headers),
    )
    .with_address(address(connection));
    let results = subscribe(&state.schema, request, context, request_id);
    let events = Events::new(results, place, sender, state.services.clock.clone());
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-store"),
        // A proxy that gathers an answer before it passes it on would gather for ever.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(events)).into_response())
}

/// Whether the request's operation is a mutation; what cannot be read is found out on execution.
fn changes(request: &mut Request) -> bool {
    let asked = request.operation_name.clone();
    let Ok(document) = request.parsed_query() else {
        return false;
    };
    let is_mutation = |operation: OperationType| operation == OperationType::Mutation;
    match &document.operations {
        DocumentOperations::Single(operation) => is_mutation(operation.node.ty),
        DocumentOperations::Multiple(operations) => asked
            .and_then(|name| operations.get(name.as_str()))
            .is_some_and(|operation| is_mutation(operation.node.ty)),
    }
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
    clock: SharedClock,
    comment: Pin<Box<Sleep>>,
    end: BoxFuture<'static, ()>,
}

impl Events {
    fn new(
        results: impl Stream<Item = Payload> + Send + 'static,
        place: Place,
        sender: Sender,
        clock: SharedClock,
    ) -> Self {
        Self {
            results: results.boxed(),
            rest: VecDeque::new(),
            complete: false,
            comment: Box::pin(sleep(place.limits().comment_every)),
            end: place.end().boxed(),
            place,
            sender,
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
        let ends =
            this.end.poll_unpin(context).is_ready() || this.sender.has_expired(this.clock.now());
        let result = if ends {
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
