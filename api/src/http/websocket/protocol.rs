//! What follows from what a client says: the rules of `graphql-transport-ws`, without a network.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::message::ClientMessage;
use crate::graphql::operation::GraphqlRequest;

/// How many operations may run at once on a socket.
pub(super) const MOST_OPERATIONS: usize = 20;
/// The longest reason that fits in a close frame, in bytes.
const LONGEST_REASON: usize = 123;

/// Where one connection stands.
#[derive(Debug, Default)]
pub(super) struct Protocol {
    phase: Phase,
    /// The ids of the operations that run.
    operations: Vec<String>,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Phase {
    /// The client has not said yet who it is.
    #[default]
    Silent,
    /// It has, and is not acknowledged yet.
    Introduced,
    Acknowledged,
    Closed,
}

/// What is to be done.
#[derive(Debug)]
pub(super) enum Step {
    Nothing,
    /// Find out who this is, then [`Protocol::acknowledge`] or close.
    Identify(Map<String, Value>),
    /// Answer a ping.
    Pong(Option<Map<String, Value>>),
    /// Begin an operation; tell [`Protocol::ended`] when it has ended.
    Start {
        id: String,
        request: GraphqlRequest,
    },
    /// Say that this operation cannot run beside so many others.
    Refuse {
        id: String,
    },
    /// Drop an operation, without a word.
    Stop {
        id: String,
    },
    Close(Closing),
}

/// Why a socket is closed, as its last frame says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Closing {
    pub(super) code: u16,
    pub(super) reason: Cow<'static, str>,
}

impl Closing {
    const fn new(code: u16, reason: &'static str) -> Self {
        Self {
            code,
            reason: Cow::Borrowed(reason),
        }
    }

    /// The server ends.
    pub(super) const fn going_away() -> Self {
        Self::new(1001, "Going away")
    }

    /// What arrives is no WebSocket.
    pub(super) const fn broken_frame() -> Self {
        Self::new(1002, "Not a WebSocket frame")
    }

    /// A text that is no UTF-8.
    pub(super) const fn broken_text() -> Self {
        Self::new(1007, "Not UTF-8")
    }

    /// A message over the limit.
    pub(super) const fn too_long() -> Self {
        Self::new(1009, "A message is at most 64 KiB")
    }

    /// Bytes where text is expected.
    pub(super) const fn not_text() -> Self {
        Self::new(4400, "Messages are text")
    }

    fn invalid(reason: &str) -> Self {
        let mut end = reason.len().min(LONGEST_REASON);
        while !reason.is_char_boundary(end) {
            end -= 1;
        }
        Self {
            code: 4400,
            reason: Cow::Owned(reason[..end].to_owned()),
        }
    }

    const fn unauthorized() -> Self {
        Self::new(4401, "Unauthorized")
    }

    /// The token is no good, or no longer.
    pub(super) const fn forbidden() -> Self {
        Self::new(4403, "Forbidden")
    }

    /// Nothing can be known of the token now; clients come back by themselves (RFC 6455, IANA 1013).
    pub(super) const fn try_again() -> Self {
        Self::new(1013, "Try again later")
    }

    /// The client does not read what it asked for; it may come back and ask for less at once.
    pub(super) const fn overfull() -> Self {
        Self::new(1013, "Too much waits to be read")
    }

    /// The client speaks another protocol.
    pub(super) const fn not_acceptable() -> Self {
        Self::new(4406, "Subprotocol not acceptable")
    }

    const fn silent() -> Self {
        Self::new(4408, "Connection initialisation timeout")
    }

    fn exists_already(id: &str) -> Self {
        let reason = format!("Subscriber for {id} already exists");
        if reason.len() > LONGEST_REASON {
            return Self::new(4409, "Subscriber already exists");
        }
        Self {
            code: 4409,
            reason: Cow::Owned(reason),
        }
    }

    const fn introduced_already() -> Self {
        Self::new(4429, "Too many initialisation requests")
    }
}

impl Protocol {
    /// What follows from a message.
    pub(super) fn hear(&mut self, text: &str) -> Step {
        if self.phase == Phase::Closed {
            return Step::Nothing;
        }
        let message = match ClientMessage::read(text) {
            Ok(message) => message,
            Err(reason) => return self.close(Closing::invalid(&reason)),
        };
        match message {
            ClientMessage::ConnectionInit(parameters) => {
                if self.phase != Phase::Silent {
                    return self.close(Closing::introduced_already());
                }
                self.phase = Phase::Introduced;
                Step::Identify(parameters)
            }
            ClientMessage::Ping(details) => Step::Pong(details),
            ClientMessage::Pong => Step::Nothing,
            ClientMessage::Subscribe { id, request } => self.begin(id, request),
            ClientMessage::Complete { id } => {
                // One that has ended already crossed our own word of it on the way.
                if self.ended(&id) {
                    Step::Stop { id }
                } else {
                    Step::Nothing
                }
            }
        }
    }

    fn begin(&mut self, id: String, request: GraphqlRequest) -> Step {
        if self.phase != Phase::Acknowledged {
            return self.close(Closing::unauthorized());
        }
        if self.operations.contains(&id) {
            return self.close(Closing::exists_already(&id));
        }
        if self.operations.len() >= MOST_OPERATIONS {
            return Step::Refuse { id };
        }
        self.operations.push(id.clone());
        Step::Start { id, request }
    }

    /// The client is known.
    pub(super) fn acknowledge(&mut self) {
        if self.phase == Phase::Introduced {
            self.phase = Phase::Acknowledged;
        }
    }

    /// The time for saying who it is has passed.
    pub(super) fn waited(&mut self) -> Step {
        if self.phase == Phase::Silent {
            self.close(Closing::silent())
        } else {
            Step::Nothing
        }
    }

    /// An operation has ended; gives whether it ran.
    pub(super) fn ended(&mut self, id: &str) -> bool {
        let position = self.operations.iter().position(|running| running == id);
        if let Some(position) = position {
            self.operations.swap_remove(position);
        }
        position.is_some()
    }

    fn close(&mut self, closing: Closing) -> Step {
        self.phase = Phase::Closed;
        self.operations.clear();
        Step::Close(closing)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn subscribe(id: &str) -> String {
        json!({ "type": "subscribe", "id": id, "payload": { "query": "{ __typename }" } })
            .to_string()
    }

    fn complete(id: &str) -> String {
        json!({ "type": "complete", "id": id }).to_string()
    }

    const INIT: &str = r#"{"type":"connection_init","payload":{"authorization":"x"}}"#;
    const PING: &str = r#"{"type":"ping","payload":{"a":1}}"#;

    fn acknowledged() -> Protocol {
        let mut protocol = Protocol::default();
        assert!(matches!(protocol.hear(INIT), Step::Identify(_)));
        protocol.acknowledge();
        protocol
    }

    fn code(step: &Step) -> u16 {
        match step {
            Step::Close(closing) => {
                assert!(closing.reason.len() <= LONGEST_REASON);
                closing.code
            }
            step => panic!("{step:?}"),
        }
    }

    #[test]
    fn a_client_says_who_it_is_then_asks() {
        let mut protocol = Protocol::default();
        match protocol.hear(INIT) {
            Step::Identify(parameters) => assert_eq!(parameters["authorization"], "x"),
            step => panic!("{step:?}"),
        }
        protocol.acknowledge();
        assert!(matches!(protocol.waited(), Step::Nothing));
        match protocol.hear(&subscribe("1")) {
            Step::Start { id, request } => {
                assert_eq!(id, "1");
                assert_eq!(request.query.as_deref(), Some("{ __typename }"));
            }
            step => panic!("{step:?}"),
        }
    }

    #[test]
    fn who_stays_silent_is_closed_with_4408() {
        let mut protocol = Protocol::default();
        assert!(matches!(protocol.hear(PING), Step::Pong(Some(_))));
        assert_eq!(code(&protocol.waited()), 4408);
        assert!(matches!(protocol.hear(INIT), Step::Nothing), "too late");
    }

    #[test]
    fn who_introduces_itself_twice_is_closed_with_4429() {
        assert_eq!(code(&acknowledged().hear(INIT)), 4429);
        let mut protocol = Protocol::default();
        protocol.hear(INIT);
        assert_eq!(
            code(&protocol.hear(INIT)),
            4429,
            "also before it is acknowledged"
        );
    }

    #[test]
    fn who_asks_before_it_is_acknowledged_is_closed_with_4401() {
        let mut protocol = Protocol::default();
        assert_eq!(code(&protocol.hear(&subscribe("1"))), 4401);
        let mut protocol = Protocol::default();
        protocol.hear(INIT);
        assert_eq!(code(&protocol.hear(&subscribe("1"))), 4401);
    }

    #[test]
    fn what_is_no_message_is_closed_with_4400_and_a_reason() {
        let step = acknowledged().hear(&format!("{{\"type\":\"{}\"}}", "é".repeat(200)));
        assert_eq!(code(&step), 4400);
    }

    #[test]
    fn an_id_that_runs_is_closed_with_4409() {
        let mut protocol = acknowledged();
        protocol.hear(&subscribe("a"));
        match protocol.hear(&subscribe("a")) {
            Step::Close(closing) => {
                assert_eq!(closing.code, 4409);
                assert_eq!(closing.reason, "Subscriber for a already exists");
            }
            step => panic!("{step:?}"),
        }
        let long = "a".repeat(200);
        let mut protocol = acknowledged();
        protocol.hear(&subscribe(&long));
        assert_eq!(code(&protocol.hear(&subscribe(&long))), 4409);
    }

    #[test]
    fn an_id_is_free_again_once_its_operation_has_ended() {
        let mut protocol = acknowledged();
        protocol.hear(&subscribe("a"));
        assert!(matches!(protocol.hear(&complete("a")), Step::Stop { .. }));
        assert!(matches!(protocol.hear(&complete("a")), Step::Nothing));
        assert!(matches!(protocol.hear(&subscribe("a")), Step::Start { .. }));
        assert!(protocol.ended("a"));
        assert!(!protocol.ended("a"));
        assert!(matches!(protocol.hear(&subscribe("a")), Step::Start { .. }));
    }

    #[test]
    fn the_operation_too_many_is_refused_and_the_others_run_on() {
        let mut protocol = acknowledged();
        for id in 0..MOST_OPERATIONS {
            let step = protocol.hear(&subscribe(&id.to_string()));
            assert!(matches!(step, Step::Start { .. }));
        }
        assert!(matches!(
            protocol.hear(&subscribe("more")),
            Step::Refuse { .. }
        ));
        protocol.hear(&complete("0"));
        assert!(matches!(
            protocol.hear(&subscribe("more")),
            Step::Start { .. }
        ));
    }

    #[test]
    fn pings_are_answered_at_any_time_and_pongs_never() {
        let mut protocol = Protocol::default();
        for _ in 0..2 {
            match protocol.hear(PING) {
                Step::Pong(Some(details)) => assert_eq!(details["a"], 1),
                step => panic!("{step:?}"),
            }
            assert!(matches!(
                protocol.hear(r#"{"type":"ping"}"#),
                Step::Pong(None)
            ));
            assert!(matches!(protocol.hear(r#"{"type":"pong"}"#), Step::Nothing));
            protocol = acknowledged();
        }
    }
}
