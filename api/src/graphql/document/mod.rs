//! From what a client sent to a request that may be executed: the one way in for HTTP, sockets
//! and event streams.
//!
//! The text comes from the client, or from what is trusted or remembered under its hash. It is
//! guarded before it is parsed, and weighed before it is executed.

mod parsed;
mod refusal;
mod remembered;
mod rules;
#[cfg(test)]
mod tests;
mod trusted;
mod weight;

use std::sync::Arc;

use async_graphql::{
    Name, Request, Variables,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
};
use domain::Actor;
use serde::Deserialize;
use serde_json::{Map, Value};

pub use refusal::Refusal;
pub use rules::{Audience, Rules, Senders};
pub use trusted::{NotTrusted, Trusted};

use parsed::Parsed;
use remembered::Remembered;

/// What the poll's page asks for, whatever documents the operator trusts.
pub(crate) const POLL_PAGE: &str = include_str!("../../../assets/poll/watch.graphql").trim_ascii();

/// A request as a client sends it; other members are ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GraphqlRequest {
    /// The document.
    pub query: Option<String>,
    /// The hash of a trusted document, in place of its text.
    pub document_id: Option<String>,
    /// Which of the document's operations; empty is as good as absent.
    pub operation_name: Option<String>,
    /// The values of the operation's variables.
    pub variables: Option<Map<String, Value>>,
    /// `persistedQuery` of Apollo's automatic persisted queries; others are ignored.
    pub extensions: Option<Map<String, Value>>,
}

impl GraphqlRequest {
    /// Whether it names no document in any way.
    pub fn is_empty(&self) -> bool {
        self.query.is_none() && self.document_id.is_none() && self.hash().is_none()
    }

    /// The hash of an automatic persisted query.
    fn hash(&self) -> Option<&str> {
        let persisted = self.extensions.as_ref()?.get("persistedQuery")?;
        persisted.get("sha256Hash")?.as_str()
    }
}

/// A request that may be executed.
#[derive(Debug)]
pub struct Prepared {
    /// The request, its document parsed.
    pub request: Request,
    /// What its operation is.
    pub kind: OperationType,
    /// The name of its operation, if it has one.
    pub name: Option<String>,
    /// What it costs.
    pub cost: u64,
    /// Whether it asks anything about who asks.
    pub is_personal: bool,
}

/// Everything that decides which requests are executed. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Documents(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    rules: Rules,
    parsed: Parsed,
    remembered: Remembered,
}

impl Documents {
    /// Documents by these rules.
    pub fn new(rules: Rules) -> Self {
        let remembered = Remembered::new(rules.remembered_bytes);
        Self(Arc::new(Shared {
            rules,
            parsed: Parsed::new(),
            remembered,
        }))
    }

    /// The rules.
    pub fn rules(&self) -> &Rules {
        &self.0.rules
    }

    /// The request of `actor`, guarded and parsed; or why it is not executed.
    pub fn prepare(&self, sent: GraphqlRequest, actor: &Actor) -> Result<Prepared, Refusal> {
        let mut sent = sent;
        let name = sent.operation_name.take().filter(|name| !name.is_empty());
        let variables = sent.variables.take().unwrap_or_default();
        let variables = Variables::from_json(variables.into());
        let (text, remember) = self.text(&sent, actor)?;
        let rules = self.rules();
        let document = self.0.parsed.document(&text, &rules.guard)?;
        let (name, operation) = operation(&document, name.as_deref())?;
        if let Some(variable) = missing(operation, &variables) {
            return Err(Refusal::missing_variable(variable));
        }
        let weight = weight::weigh(&document, operation, &variables);
        if weight.depth > rules.depth {
            return Err(Refusal::too_deep(weight.depth, rules.depth));
        }
        if weight.cost > rules.cost {
            return Err(Refusal::too_costly(weight.cost, rules.cost));
        }
        if weight.introspects && !rules.introspection.includes(actor) {
            return Err(Refusal::no_introspection());
        }
        if let Some(field) = weight::repeated(&document, operation) {
            return Err(Refusal::repeated(field));
        }
        let kind = operation.ty;
        let name = name.map(ToString::to_string);
        if let Some(hash) = remember {
            self.0.remembered.keep(hash, &text);
        }
        let mut request = Request::new(text.as_ref()).variables(variables);
        request.set_parsed_query(ExecutableDocument::clone(&document));
        if let Some(name) = &name {
            request = request.operation_name(name);
        }
        Ok(Prepared {
            request,
            kind,
            name,
            cost: weight.cost,
            is_personal: weight.is_personal,
        })
    }

    /// The text that a request means, and the hash to remember it under.
    fn text<'a>(
        &self,
        sent: &'a GraphqlRequest,
        actor: &Actor,
    ) -> Result<(Arc<str>, Option<&'a str>), Refusal> {
        let rules = self.rules();
        if let Some(id) = &sent.document_id {
            if sent.query.is_some() {
                return Err(Refusal::malformed(
                    "A request has `query` or `documentId`, not both.",
                ));
            }
            let known = rules.trusted.document(id);
            return Ok((known.ok_or_else(Refusal::unknown_document)?, None));
        }
        let hash = sent.hash();
        let Some(query) = &sent.query else {
            let hash = hash.ok_or_else(|| {
                Refusal::malformed("A request has a text `query`, or a `documentId`.")
            })?;
            let known = rules.trusted.document(hash).or_else(|| {
                (rules.senders.may_write(actor)).then(|| self.0.remembered.document(hash))?
            });
            return Ok((known.ok_or_else(Refusal::not_remembered)?, None));
        };
        let is_trusted = query == POLL_PAGE || rules.trusted.holds(query);
        if !is_trusted && !rules.senders.may_write(actor) {
            return Err(Refusal::not_trusted());
        }
        if hash.is_some_and(|hash| !remembered::is_hash_of(hash, query)) {
            return Err(Refusal::other_hash());
        }
        Ok((Arc::from(query.as_str()), hash))
    }
}

impl Default for Documents {
    fn default() -> Self {
        Self::new(Rules::default())
    }
}

/// The first variable that the operation needs and the request does not have.
fn missing<'a>(operation: &'a OperationDefinition, variables: &Variables) -> Option<&'a str> {
    operation
        .variable_definitions
        .iter()
        .map(|definition| &definition.node)
        .filter(|variable| !variable.var_type.node.nullable && variable.default_value.is_none())
        .map(|variable| &variable.name.node)
        .find(|name| {
            variables
                .get(*name)
                .is_none_or(|value| *value == async_graphql::Value::Null)
        })
        .map(Name::as_str)
}

/// The operation that is meant, and its name.
fn operation<'a>(
    document: &'a ExecutableDocument,
    wanted: Option<&str>,
) -> Result<(Option<&'a Name>, &'a OperationDefinition), Refusal> {
    match (&document.operations, wanted) {
        (DocumentOperations::Single(operation), None) => Ok((None, &operation.node)),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => operations
            .iter()
            .next()
            .map(|(name, operation)| (Some(name), &operation.node))
            .ok_or_else(Refusal::which_operation),
        (DocumentOperations::Multiple(_), None) => Err(Refusal::which_operation()),
        (DocumentOperations::Single(_), Some(_)) => Err(Refusal::no_such_operation()),
        (DocumentOperations::Multiple(operations), Some(wanted)) => operations
            .get_key_value(wanted)
            .map(|(name, operation)| (Some(name), &operation.node))
            .ok_or_else(Refusal::no_such_operation),
    }
}
