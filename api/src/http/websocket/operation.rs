//! One operation that runs on a socket.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::Stream;
use serde::Deserialize;
use serde_json::Value;

use super::message;
use crate::graphql::Payload;

/// From how many bytes of results that wait on no further operation of the socket begins.
const BEGIN_BELOW: usize = 256 * 1024;

/// One operation: it always runs on, and keeps only the newest of its results for a socket that
/// is slow to take it. Would it stand still with the socket, a client that stops reading could
/// hold up what the operation holds: a connection to the database, a lock.
pub(super) struct Operation {
    id: String,
    /// What stands before each of its results.
    head: String,
    results: Pin<Box<dyn Stream<Item = Payload> + Send>>,
    newest: Option<Payload>,
    /// It was run.
    started: bool,
    /// It has said something.
    begun: bool,
    exhausted: bool,
}

/// The operations of one socket, those that spoke longest ago first.
#[derive(Default)]
pub(super) struct Operations(Vec<Operation>);

impl Operations {
    /// Adds an operation.
    pub(super) fn add(&mut self, operation: Operation) {
        self.0.push(operation);
    }

    /// Drops the operation of this name.
    pub(super) fn stop(&mut self, id: &str) {
        self.0.retain(|operation| operation.id != id);
    }

    /// Drops all of them.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Runs all of them on, except those that have not begun while much waits; gives whether one
    /// has something to say that it had not before.
    pub(super) fn run(&mut self, context: &mut Context<'_>) -> bool {
        let mut waiting = self.waiting();
        let mut news = false;
        for operation in &mut self.0 {
            if operation.started {
                news |= operation.run(context);
            } else if waiting < BEGIN_BELOW {
                news |= operation.run(context);
                waiting += operation.waiting();
            }
        }
        news
    }

    /// Returns true if an operation that has not begun may begin.
    pub(super) fn may_begin(&self) -> bool {
        self.waiting() < BEGIN_BELOW && self.0.iter().any(|operation| !operation.started)
    }

    /// Returns the bytes of results that wait to be sent.
    pub(super) fn waiting(&self) -> usize {
        self.0.iter().map(Operation::waiting).sum()
    }

    /// Returns the next message and the name of its operation, which moves behind the others.
    pub(super) fn say(&mut self) -> Option<(String, Word)> {
        let mut operations = self.0.iter_mut().enumerate();
        let (position, word) =
            operations.find_map(|(at, operation)| Some((at, operation.say()?)))?;
        let operation = self.0.remove(position);
        let id = operation.id.clone();
        if matches!(word, Word::Next(_)) {
            self.0.push(operation);
        }
        Some((id, word))
    }
}

/// What an operation has to say.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A result.
    Next(String),
    /// Its last word.
    Last(String),
}

impl Operation {
    /// The operation that gives these results.
    pub(super) fn new(id: String, results: impl Stream<Item = Payload> + Send + 'static) -> Self {
        Self {
            head: message::next_head(&id),
            id,
            results: Box::pin(results),
            newest: None,
            started: false,
            begun: false,
            exhausted: false,
        }
    }

    /// Runs on; gives whether it has something to say that it had not before.
    fn run(&mut self, context: &mut Context<'_>) -> bool {
        if self.exhausted {
            return false;
        }
        self.started = true;
        match self.results.as_mut().poll_next(context) {
            Poll::Ready(Some(result)) => {
                self.newest = Some(result);
                true
            }
            Poll::Ready(None) => {
                self.exhausted = true;
                true
            }
            Poll::Pending => false,
        }
    }

    /// Returns the bytes of its result that wait to be sent.
    fn waiting(&self) -> usize {
        self.newest.as_ref().map_or(0, Payload::len)
    }

    /// What it has to say now.
    fn say(&mut self) -> Option<Word> {
        let Some(result) = self.newest.take() else {
            return self
                .exhausted
                .then(|| Word::Last(message::complete(&self.id)));
        };
        let first = !std::mem::replace(&mut self.begun, true);
        if first && let Some(errors) = request_errors(&result) {
            return Some(Word::Last(message::error(&self.id, &errors)));
        }
        // Results are JSON, and so UTF-8.
        let result = std::str::from_utf8(&result).unwrap_or("null");
        let mut text = String::with_capacity(self.head.len() + result.len() + 1);
        text.push_str(&self.head);
        text.push_str(result);
        text.push('}');
        Some(Word::Next(text))
    }
}

/// Why a request was never executed: its errors name no field, and there is no data.
fn request_errors(result: &[u8]) -> Option<Vec<Value>> {
    #[derive(Deserialize)]
    struct Answer {
        #[serde(default)]
        data: Value,
        errors: Vec<Value>,
    }
    if !result.starts_with(b"{\"data\":null") && !result.starts_with(b"{\"errors\"") {
        return None;
    }
    let answer: Answer = serde_json::from_slice(result).ok()?;
    let names_a_field = answer
        .errors
        .iter()
        .any(|error| error.get("path").is_some());
    (answer.data.is_null() && !names_a_field && !answer.errors.is_empty()).then_some(answer.errors)
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use futures_util::stream;

    use super::*;

    const REFUSED: &str = r#"{"data":null,"errors":[{"message":"No such field.","locations":[]}]}"#;
    const FAILED: &str = r#"{"data":null,"errors":[{"message":"Not found.","path":["poll"]}]}"#;

    fn operation(results: &'static [&'static str]) -> Operation {
        let results = results
            .iter()
            .map(|text| Payload::from_static(text.as_bytes()));
        Operation::new("a".to_owned(), stream::iter(results))
    }

    fn run(operation: &mut Operation) -> bool {
        operation.run(&mut Context::from_waker(Waker::noop()))
    }

    fn next(result: &str) -> Word {
        Word::Next(format!(r#"{{"id":"a","type":"next","payload":{result}}}"#))
    }

    fn last(text: &str) -> Word {
        Word::Last(text.to_owned())
    }

    const COMPLETE: &str = r#"{"id":"a","type":"complete"}"#;

    #[test]
    fn results_are_followed_by_the_end() {
        let mut one = operation(&["1", "2"]);
        assert_eq!(one.say(), None);
        assert!(run(&mut one));
        assert_eq!(one.say(), Some(next("1")));
        assert_eq!(one.say(), None);
        assert!(run(&mut one) && run(&mut one));
        assert_eq!(one.say(), Some(next("2")));
        assert_eq!(one.say(), Some(last(COMPLETE)));
        assert!(!run(&mut one));
    }

    #[test]
    fn an_operation_begins_only_while_little_waits() {
        let large = Payload::from(vec![b'1'; BEGIN_BELOW]);
        let mut operations = Operations::default();
        for id in ["a", "b"] {
            let results = stream::iter([large.clone()]);
            operations.add(Operation::new(id.to_owned(), results));
        }
        let mut context = Context::from_waker(Waker::noop());
        while operations.run(&mut context) {}
        assert_eq!(operations.waiting(), BEGIN_BELOW);
        assert!(!operations.may_begin());
        let said: Vec<String> = std::iter::from_fn(|| operations.say())
            .map(|(id, _)| id)
            .collect();
        assert_eq!(said, ["a", "a"], "its result and its end");
        assert!(operations.may_begin() && operations.run(&mut context));
        assert_eq!(operations.say().map(|(id, _)| id).as_deref(), Some("b"));
    }

    #[test]
    fn only_the_newest_result_waits() {
        let mut one = operation(&["1", "2", "3"]);
        while run(&mut one) {}
        assert_eq!(one.say(), Some(next("3")));
        assert_eq!(one.say(), Some(last(COMPLETE)));
    }

    #[test]
    fn a_request_that_is_not_executed_ends_with_its_errors() {
        let mut one = operation(&[REFUSED]);
        while run(&mut one) {}
        let said = one.say();
        assert_eq!(
            said,
            Some(last(
                r#"{"id":"a","payload":[{"locations":[],"message":"No such field."}],"type":"error"}"#
            ))
        );
    }

    #[test]
    fn an_error_of_a_field_is_a_result() {
        let mut one = operation(&[FAILED]);
        while run(&mut one) {}
        assert_eq!(one.say(), Some(next(FAILED)));
        assert_eq!(one.say(), Some(last(COMPLETE)));
    }
}
