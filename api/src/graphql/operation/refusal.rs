//! Why a request is not executed.

use async_graphql::{ErrorExtensionValues, Pos, Response, ServerError};
use bytes::Bytes;

use super::{super::error::seal, guard, validate::Problem};

/// Why a request is not executed. Each reason has a code of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// `extensions.code` of the error.
    pub code: &'static str,
    /// For the developer of the client.
    pub message: String,
    /// Where in the document, as line and column.
    pub place: Option<(usize, usize)>,
    /// Whether it is no GraphQL request at all, rather than one that breaks a rule.
    pub is_malformed: bool,
    /// What the operation costs and may cost, where that is the reason.
    pub cost: Option<Box<(u64, u64)>>,
    /// The place in the variables, where that is the reason.
    pub field: Box<[String]>,
    /// The other errors of the document.
    others: Box<[Problem]>,
}

impl Refusal {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            place: None,
            is_malformed: false,
            cost: None,
            field: Box::default(),
            others: Box::default(),
        }
    }

    pub(super) fn malformed(message: &str) -> Self {
        Self {
            is_malformed: true,
            ..Self::new("BAD_INPUT", message)
        }
    }

    pub(super) fn guarded(refusal: &guard::Refusal) -> Self {
        let place = match refusal {
            guard::Refusal::Syntax { line, column } => Some((*line, *column)),
            _ => None,
        };
        Self {
            place,
            ..Self::new(refusal.code(), refusal.to_string())
        }
    }

    /// The parser's own words quote the document; the place says as much.
    pub(super) fn unreadable(place: Option<Pos>) -> Self {
        Self {
            place: place.map(|place| (place.line, place.column)),
            ..Self::new("BAD_INPUT", "The document is not GraphQL.")
        }
    }

    /// The document breaks rules of the specification.
    pub(super) fn invalid(problems: Vec<Problem>) -> Self {
        let mut problems = problems.into_iter();
        let Some(first) = problems.next() else {
            return Self::new("BAD_INPUT", "The document is not valid.");
        };
        Self {
            place: first.place.map(|place| (place.line, place.column)),
            others: problems.collect(),
            ..Self::new("BAD_INPUT", first.message)
        }
    }

    /// More fields than a document may select, once they are merged for each type.
    pub(super) fn too_many_fields(limit: usize) -> Self {
        Self::guarded(&guard::Refusal::Selections { limit })
    }

    /// A fault of ours.
    pub(super) fn internal() -> Self {
        Self::new("INTERNAL", "Something went wrong on our side.")
    }

    /// A variable whose value does not have its type.
    pub(super) fn bad_variable(place: &[String], problem: &str) -> Self {
        let message = format!("The variable `${}` is refused: {problem}.", place.join("."));
        Self {
            field: place.into(),
            ..Self::new("BAD_INPUT", message)
        }
    }

    pub(super) fn which_operation() -> Self {
        Self::new(
            "BAD_INPUT",
            "The document has no operation, or more than one: `operationName` says which.",
        )
    }

    pub(super) fn no_such_operation() -> Self {
        Self::new("BAD_INPUT", "The document has no operation of this name.")
    }

    pub(super) fn missing_variable(name: &str) -> Self {
        Self {
            field: [name.to_owned()].into(),
            ..Self::new(
                "BAD_INPUT",
                format!("The variable `${name}` needs a value."),
            )
        }
    }

    pub(super) fn too_deep(depth: usize, limit: usize) -> Self {
        let message = format!("The operation is {depth} fields deep; {limit} is the limit.");
        Self::new("DEPTH_LIMIT_EXCEEDED", message)
    }

    pub(super) fn too_costly(cost: u64, limit: u64) -> Self {
        let message = format!(
            "The operation costs {cost}; {limit} is the limit. Ask for shorter pages (`first`) or fewer fields."
        );
        Self {
            cost: Some(Box::new((cost, limit))),
            ..Self::new("COST_LIMIT_EXCEEDED", message)
        }
    }

    pub(super) fn no_introspection() -> Self {
        Self::new(
            "INTROSPECTION_DISABLED",
            "This server does not tell you its schema by introspection; the file schema.graphql holds it.",
        )
    }

    pub(super) fn repeated(field: &str) -> Self {
        Self::new(
            "MUTATION_REPEATED",
            format!("`{field}` stands in an operation once."),
        )
    }

    pub(super) fn unknown_document() -> Self {
        Self::new(
            "DOCUMENT_NOT_FOUND",
            "No trusted document has this `documentId`.",
        )
    }

    /// In the words that Apollo's clients wait for.
    pub(super) fn not_remembered() -> Self {
        Self::new("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
    }

    pub(super) fn other_hash() -> Self {
        Self::new(
            "PERSISTED_QUERY_MISMATCH",
            "`sha256Hash` is not the SHA-256 of `query` in hexadecimal.",
        )
    }

    pub(super) fn not_trusted() -> Self {
        Self::new(
            "DOCUMENT_NOT_TRUSTED",
            "This server executes trusted documents only: send one by its `documentId`.",
        )
    }

    /// The operation took longer than it may.
    pub fn timed_out() -> Self {
        Self::new(
            "TIMEOUT",
            "The request took too long and was broken off; what it was to change may or may not have changed.",
        )
    }

    /// The answer would have more bytes than it may.
    pub fn answer_too_large(limit: usize) -> Self {
        let message = format!(
            "The answer has more than {limit} bytes, the limit: ask for shorter pages (`first`), fewer fields or fewer aliases. What a mutation was to change has changed."
        );
        Self::new("ANSWER_TOO_LARGE", message)
    }

    /// A subscription where there is one answer.
    pub fn not_here() -> Self {
        Self::new(
            "SUBSCRIPTION_NOT_HERE",
            "Subscriptions run over a WebSocket at /graphql/ws or as events at /graphql/stream.",
        )
    }

    /// Returns the response, without data.
    pub fn response(self) -> Response {
        let place = self.place.map(|(line, column)| Pos { line, column });
        let mut error = ServerError::new(self.message, place);
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", self.code);
        if let Some((requested, limit)) = self.cost.as_deref().copied() {
            extensions.set("requested", requested);
            extensions.set("limit", limit);
        }
        if !self.field.is_empty() {
            extensions.set("field", self.field.into_vec());
        }
        error.extensions = Some(extensions);
        let others = self.others.into_iter().map(|problem| {
            let mut error = ServerError::new(problem.message, problem.place);
            let mut extensions = ErrorExtensionValues::default();
            extensions.set("code", self.code);
            error.extensions = Some(extensions);
            error
        });
        Response::from_errors(std::iter::once(error).chain(others).collect())
    }

    /// Returns the response as JSON, sealed for the request of this id.
    pub fn payload(self, request_id: &str) -> Bytes {
        let mut response = self.response();
        seal(&mut response, request_id);
        // Errors are made of JSON's own types.
        let mut members = serde_json::json!({ "errors": response.errors });
        if !response.extensions.is_empty() {
            members["extensions"] = serde_json::json!(response.extensions);
        }
        Bytes::from(serde_json::to_vec(&members).unwrap_or_default())
    }
}
