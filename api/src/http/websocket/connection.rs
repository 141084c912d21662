//! One socket, from its first message to its last.
//!
//! A socket is one task that does whatever it can: it runs its operations, writes what they have
//! to say, and hears the client. Nothing is queued for a client that is slow to read: of each
//! operation only the newest result waits, and messages are heard only while the answers to
//! earlier ones fit in a few KiB.

use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    net::IpAddr,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::{
    Error,
    body::Bytes,
    extract::ws::{Message, WebSocket},
    http::StatusCode,
};
use chrono::TimeDelta;
use domain::{Error as DomainError, Locale, access::Access};
use futures_util::{FutureExt, Sink, Stream, StreamExt, future::BoxFuture, stream};
use serde_json::{Map, Value, json};
use tokio::time::{Sleep, sleep};

use super::{
    ending::{Ending, unreadable},
    message,
    operation::{Operation, Operations, Word},
    protocol::{Closing, MOST_OPERATIONS, Protocol, Step},
};
use crate::{
    graphql::operation::GraphqlRequest,
    http::{
        AppState,
        bearer::{Sender, bearer},
        connections::Place,
        edge::{Caller, Transport},
        language::preferred,
        problem::Problem,
        request_id::RequestId,
    },
};

/// From how many bytes of answers that wait on no further message is heard.
const MOST_WAITING: usize = 8 * 1024;
/// How many bytes are gathered before they are written.
const GATHERED: usize = super::WRITE_BUFFER;
/// The longest head of a frame that the server writes, in bytes (RFC 6455, section 5.2).
const FRAME_HEAD: usize = 10;
/// The longest that a timer runs before it looks at the clock again.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);

/// One socket that speaks the protocol.
pub(super) struct Connection {
    socket: WebSocket,
    state: AppState,
    place: Place,
    sender: Sender,
    access: Access,
    access_end: BoxFuture<'static, ()>,
    locale: Locale,
    address: Option<IpAddr>,
    protocol: Protocol,
    operations: Operations,
    /// What is to be said beside the operations.
    answers: VecDeque<Message>,
    waiting: usize,
    /// Bytes that were written and have not left yet.
    unflushed: usize,
    /// It did not leave at once.
    blocked: bool,
    /// The client gave a sign of life since it was last asked for one.
    alive: bool,
    beat: Pin<Box<Sleep>>,
    expiry: Option<Pin<Box<Sleep>>>,
    end: BoxFuture<'static, ()>,
}

/// What a connection woke for.
enum Event {
    Heard(Message),
    /// More waits for the client than a socket holds.
    Overfull,
    /// What arrives cannot be read.
    Unreadable(Error),
    /// Nobody is there any more.
    Gone,
    Beat,
    /// The sender's token has expired, or what it gave access by has ended.
    Expired,
    /// The server ends.
    End,
}

impl Connection {
    pub(super) fn new(
        socket: WebSocket,
        state: AppState,
        place: Place,
        sender: Sender,
        locale: Locale,
        address: Option<IpAddr>,
    ) -> Self {
        let beat = Box::pin(sleep(place.limits().init_within));
        let end = place.end().boxed();
        let access = state.services.accesses.hold(&sender.actor);
        let access_end = access.ended().boxed();
        let mut connection = Self {
            socket,
            state,
            place,
            sender,
            access,
            access_end,
            locale,
            address,
            protocol: Protocol::default(),
            operations: Operations::default(),
            answers: VecDeque::new(),
            waiting: 0,
            unflushed: 0,
            blocked: false,
            alive: true,
            beat,
            expiry: None,
            end,
        };
        connection.watch_expiry();
        connection
    }

    /// Speaks until one of both ends it. The place is free after that.
    pub(super) async fn run(mut self) {
        let ending = loop {
            let event = poll_fn(|context| self.poll_event(context)).await;
            if let Some(ending) = self.handle(event).await {
                break ending;
            }
        };
        // What runs is dropped first: nobody will hear of it.
        self.operations.clear();
        ending.carry_out(self.socket).await;
    }

    async fn handle(&mut self, event: Event) -> Option<Ending> {
        match event {
            Event::Heard(message) => {
                self.alive = true;
                match message {
                    Message::Text(text) => {
                        let step = self.protocol.hear(&text);
                        self.follow(step).await
                    }
                    Message::Binary(_) => Some(Ending::Close(Closing::not_text())),
                    Message::Close(_) => Some(Ending::Closed),
                    Message::Ping(_) | Message::Pong(_) => None,
                }
            }
            Event::Overfull => Some(Ending::Close(Closing::overfull())),
            Event::Unreadable(error) => Some(unreadable(error)),
            Event::Gone => Some(Ending::Gone),
            Event::Beat => self.beat(),
            Event::Expired => Some(Ending::Close(Closing::forbidden())),
            Event::End => Some(Ending::Close(Closing::going_away())),
        }
    }

    async fn follow(&mut self, step: Step) -> Option<Ending> {
        match step {
            Step::Nothing => {}
            Step::Identify(parameters) => return self.identify(&parameters).await,
            Step::Pong(details) => self.answer(message::pong(details)),
            Step::Start { id, request } => return self.start(id, request).await,
            Step::Refuse { id } => self.answer(message::error(&id, &[too_many()])),
            Step::Stop { id } => self.operations.stop(&id),
            Step::Close(closing) => return Some(Ending::Close(closing)),
        }
        None
    }

    /// Takes what a browser's socket cannot send as headers from the first message.
    async fn identify(&mut self, parameters: &Map<String, Value>) -> Option<Ending> {
        let mut authorizations = parameters
            .iter()
            .filter(|(name, value)| name.eq_ignore_ascii_case("authorization") && !value.is_null())
            .map(|(_, value)| value);
        if let Some(authorization) = authorizations.next() {
            let value = authorization
                .as_str()
                .filter(|_| authorizations.next().is_none());
            let Some(value) = value else {
                return Some(Ending::Close(Closing::forbidden()));
            };
            match bearer(&self.state.services, value).await {
                Ok(sender) => {
                    self.access = self.state.services.accesses.hold(&sender.actor);
                    self.access_end = self.access.ended().boxed();
                    self.sender = sender;
                }
                Err(problem) if problem.status == StatusCode::UNAUTHORIZED => {
                    return Some(Ending::Close(Closing::forbidden()));
                }
                Err(_) => return Some(Ending::Close(Closing::try_again())),
            }
        }
        let language = parameters
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("accept-language"));
        if let Some(language) = language.and_then(|(_, value)| value.as_str()) {
            self.locale = preferred(language);
        }
        self.protocol.acknowledge();
        self.watch_expiry();
        self.answer(message::connection_ack());
        None
    }

    async fn start(&mut self, id: String, request: GraphqlRequest) -> Option<Ending> {
        let request_id = match (self.access.check().await, RequestId::new()) {
            (Err(DomainError::Unauthenticated), _) => {
                return Some(Ending::Close(Closing::forbidden()));
            }
            (Ok(()), Ok(request_id)) => request_id,
            _ => {
                self.protocol.ended(&id);
                self.answer(message::error(&id, &Problem::UNAVAILABLE.errors()));
                return None;
            }
        };
        let caller = Caller {
            actor: self.sender.actor.clone(),
            locale: self.locale,
            address: self.address,
            connection: Some(self.place.id()),
            transport: Transport::WebSocket,
            request_id,
        };
        let state = AppState::clone(&self.state);
        // In a box, which goes once the results have begun: ten thousand of them wait.
        let begun = async move { state.run(caller, request).await }.boxed();
        self.operations
            .add(Operation::new(id, stream::once(begun).flatten()));
        None
    }

    fn answer(&mut self, text: String) {
        self.waiting += text.len();
        self.answers.push_back(Message::Text(text.into()));
    }

    /// Now and then: whether the client said who it is, and whether it is still there.
    fn beat(&mut self) -> Option<Ending> {
        self.beat.set(sleep(self.place.limits().ping_every));
        if let Step::Close(closing) = self.protocol.waited() {
            return Some(Ending::Close(closing));
        }
        if !std::mem::take(&mut self.alive) {
            return Some(Ending::Gone);
        }
        self.answers.push_back(Message::Ping(Bytes::new()));
        None
    }

    fn watch_expiry(&mut self) {
        self.expiry = self.sender.expires_at.map(|expires_at| {
            let left = expires_at - self.state.services.clock.now();
            let wait = left.clamp(TimeDelta::zero(), LONGEST_WAIT);
            Box::pin(sleep(wait.to_std().unwrap_or_default()))
        });
    }

    fn has_expired(&self) -> bool {
        self.sender.has_expired(self.state.services.clock.now())
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        if self.end.poll_unpin(context).is_ready() {
            return Poll::Ready(Event::End);
        }
        if let Some(expiry) = &mut self.expiry
            && expiry.as_mut().poll(context).is_ready()
        {
            self.watch_expiry();
            context.waker().wake_by_ref();
        }
        if self.has_expired() || self.access_end.poll_unpin(context).is_ready() {
            return Poll::Ready(Event::Expired);
        }
        if self.beat.as_mut().poll(context).is_ready() {
            return Poll::Ready(Event::Beat);
        }
        loop {
            let news = self.operations.run(context);
            if let Poll::Ready(Err(_)) = self.poll_write(context) {
                return Poll::Ready(Event::Gone);
            }
            if self.operations.waiting() + self.unflushed > self.most_waiting() {
                return Poll::Ready(Event::Overfull);
            }
            if self.waiting < MOST_WAITING {
                match Pin::new(&mut self.socket).poll_next(context) {
                    Poll::Ready(Some(Ok(message))) => return Poll::Ready(Event::Heard(message)),
                    Poll::Ready(Some(Err(error))) => {
                        return Poll::Ready(Event::Unreadable(error));
                    }
                    Poll::Ready(None) => return Poll::Ready(Event::Gone),
                    Poll::Pending => {}
                }
            }
            if !news && !self.operations.may_begin() {
                return Poll::Pending;
            }
        }
    }

    /// Writes what there is to say; ready once all of it has left.
    fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        loop {
            if self.unflushed > 0 {
                let flushed = Pin::new(&mut self.socket).poll_flush(context);
                self.blocked |= flushed.is_pending();
                ready!(flushed)?;
                self.unflushed = 0;
                // What did not fit before has left since: somebody takes it.
                self.alive |= std::mem::take(&mut self.blocked);
            }
            let mut gathered = 0;
            while gathered < GATHERED {
                if Pin::new(&mut self.socket).poll_ready(context)?.is_pending() {
                    break;
                }
                let Some(message) = self.next_message() else {
                    break;
                };
                gathered += length(&message) + FRAME_HEAD;
                Pin::new(&mut self.socket).start_send(message)?;
                self.unflushed = gathered;
            }
            if self.unflushed == 0 {
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// Returns the most bytes that are held for the client: two answers of the largest kind at least, of
    /// which one is being written.
    fn most_waiting(&self) -> usize {
        let answer = self.state.documents.rules().answer_bytes;
        self.place
            .limits()
            .most_waiting
            .max(answer.saturating_mul(2))
    }

    fn next_message(&mut self) -> Option<Message> {
        if let Some(answer) = self.answers.pop_front() {
            if matches!(answer, Message::Text(_)) {
                self.waiting -= length(&answer);
            }
            return Some(answer);
        }
        let (id, word) = self.operations.say()?;
        let text = match word {
            Word::Next(text) => text,
            Word::Last(text) => {
                self.protocol.ended(&id);
                text
            }
        };
        Some(Message::Text(text.into()))
    }
}

fn length(message: &Message) -> usize {
    match message {
        Message::Text(text) => text.len(),
        Message::Binary(bytes) | Message::Ping(bytes) | Message::Pong(bytes) => bytes.len(),
        Message::Close(_) => 0,
    }
}

fn too_many() -> Value {
    json!({
        "message": format!("At most {MOST_OPERATIONS} operations run at once on a socket."),
        "extensions": { "code": "RATE_LIMITED", "retryAfter": 1 },
    })
}
