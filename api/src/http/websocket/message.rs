//! The messages of the protocol, as JSON.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::graphql::operation::GraphqlRequest;

/// The longest id of an operation, in bytes; a UUID has 36.
const LONGEST_ID: usize = 255;

/// What a client says.
#[derive(Debug)]
pub(super) enum ClientMessage {
    ConnectionInit(Map<String, Value>),
    Ping(Option<Map<String, Value>>),
    Pong,
    Subscribe { id: String, request: GraphqlRequest },
    Complete { id: String },
}

impl ClientMessage {
    /// The message, or what is wrong with it.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let message: Value =
            serde_json::from_str(text).map_err(|error| format!("Not JSON: {error}"))?;
        let Value::Object(mut message) = message else {
            return Err("A message is an object".to_owned());
        };
        let kind = match message.remove("type") {
            Some(Value::String(kind)) => kind,
            Some(_) => return Err("\"type\" is not a string".to_owned()),
            None => return Err("\"type\" is missing".to_owned()),
        };
        match kind.as_str() {
            "connection_init" => Ok(Self::ConnectionInit(
                details(&kind, &mut message)?.unwrap_or_default(),
            )),
            "ping" => details(&kind, &mut message).map(Self::Ping),
            "pong" => details(&kind, &mut message).map(|_| Self::Pong),
            "subscribe" => Ok(Self::Subscribe {
                id: id(&kind, &mut message)?,
                request: request(&mut message)?,
            }),
            "complete" => Ok(Self::Complete {
                id: id(&kind, &mut message)?,
            }),
            _ => Err(format!("No client sends the type {kind:?}")),
        }
    }
}

/// The `payload` of a message that needs none.
fn details(
    kind: &str,
    message: &mut Map<String, Value>,
) -> Result<Option<Map<String, Value>>, String> {
    match message.remove("payload") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(payload)) => Ok(Some(payload)),
        Some(_) => Err(format!("The payload of {kind:?} is not an object")),
    }
}

fn id(kind: &str, message: &mut Map<String, Value>) -> Result<String, String> {
    match message.remove("id") {
        Some(Value::String(id)) if id.is_empty() => Err(format!("The id of {kind:?} is empty")),
        Some(Value::String(id)) if id.len() > LONGEST_ID => {
            Err(format!("The id of {kind:?} is over {LONGEST_ID} bytes"))
        }
        Some(Value::String(id)) => Ok(id),
        _ => Err(format!("{kind:?} needs an id, a string")),
    }
}

fn request(message: &mut Map<String, Value>) -> Result<GraphqlRequest, String> {
    let Some(Value::Object(payload)) = message.remove("payload") else {
        return Err("\"subscribe\" needs a payload, an object".to_owned());
    };
    match payload.get("extensions") {
        None | Some(Value::Null | Value::Object(_)) => {}
        Some(_) => return Err("\"extensions\" is not an object".to_owned()),
    }
    let request = GraphqlRequest::deserialize(Value::Object(payload))
        .map_err(|error| format!("The payload of \"subscribe\": {error}"))?;
    if request.is_empty() {
        return Err("The payload of \"subscribe\": missing field `query`".to_owned());
    }
    Ok(request)
}

/// The connection may be used.
pub(super) fn connection_ack() -> String {
    json!({ "type": "connection_ack" }).to_string()
}

/// The answer to a ping, with the details that it had.
pub(super) fn pong(details: Option<Map<String, Value>>) -> String {
    match details {
        Some(payload) => json!({ "type": "pong", "payload": payload }),
        None => json!({ "type": "pong" }),
    }
    .to_string()
}

/// What stands before each payload of an operation; a brace closes the message.
pub(super) fn next_head(id: &str) -> String {
    format!("{{\"id\":{},\"type\":\"next\",\"payload\":", json!(id))
}

/// The operation has ended without a result.
pub(super) fn error(id: &str, errors: &[Value]) -> String {
    json!({ "id": id, "type": "error", "payload": errors }).to_string()
}

/// The operation has ended.
pub(super) fn complete(id: &str) -> String {
    json!({ "id": id, "type": "complete" }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_the_form_is_told_with_the_reason() {
        for (text, reason) in [
            ("", "Not JSON"),
            ("{", "Not JSON"),
            ("[]", "A message is an object"),
            ("{}", "\"type\" is missing"),
            (r#"{"type":1}"#, "\"type\" is not a string"),
            (
                r#"{"type":"start","id":"1"}"#,
                "No client sends the type \"start\"",
            ),
            (
                r#"{"type":"next","id":"1","payload":{}}"#,
                "No client sends",
            ),
            (
                r#"{"type":"connection_init","payload":"x"}"#,
                "The payload of \"connection_init\" is not an object",
            ),
            (
                r#"{"type":"ping","payload":[]}"#,
                "The payload of \"ping\" is not an object",
            ),
            (
                r#"{"type":"pong","payload":1}"#,
                "The payload of \"pong\" is not an object",
            ),
            (r#"{"type":"complete"}"#, "\"complete\" needs an id"),
            (
                r#"{"type":"complete","id":""}"#,
                "The id of \"complete\" is empty",
            ),
            (
                r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
                "\"subscribe\" needs an id",
            ),
            (
                r#"{"type":"subscribe","id":"1"}"#,
                "\"subscribe\" needs a payload",
            ),
            (
                r#"{"type":"subscribe","id":"1","payload":{}}"#,
                "The payload of \"subscribe\": missing field `query`",
            ),
            (
                r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
                "The payload of \"subscribe\": invalid type",
            ),
            (
                r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#,
                "The payload of \"subscribe\": invalid type",
            ),
            (
                r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","operationName":1}}"#,
                "The payload of \"subscribe\": invalid type",
            ),
            (
                r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","extensions":1}}"#,
                "\"extensions\" is not an object",
            ),
        ] {
            let told = ClientMessage::read(text).expect_err(text);
            assert!(told.starts_with(reason), "{text}: {told}");
        }
        let long = json!({ "type": "complete", "id": "x".repeat(256) }).to_string();
        assert!(ClientMessage::read(&long).unwrap_err().contains("255"));
    }

    #[test]
    fn null_is_as_good_as_absent() {
        let text = r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":null,"operationName":null,"extensions":null}}"#;
        assert!(matches!(
            ClientMessage::read(text),
            Ok(ClientMessage::Subscribe { .. })
        ));
        for kind in ["connection_init", "ping", "pong"] {
            let text = json!({ "type": kind, "payload": null }).to_string();
            assert!(ClientMessage::read(&text).is_ok(), "{kind}");
        }
    }

    #[test]
    fn what_is_sent_is_json_whatever_the_id() {
        let id = "\"\\\n\u{0}é";
        let next = format!("{}{}}}", next_head(id), "{\"data\":1}");
        for text in [next, error(id, &[json!({ "message": "x" })]), complete(id)] {
            let message: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(message["id"], id);
        }
        assert_eq!(pong(None), r#"{"type":"pong"}"#);
    }
}
