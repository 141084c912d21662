//! From what a client sent to an answer: the one way in for HTTP, sockets and event streams.
//!
//! In the order of the way, each a file:
//!
//! 1. `request`: the request as sent. Its text may stand for itself, or be `trusted`, of our `own`
//!    pages, or `remembered` under its hash; `rules` say what is allowed, `refusal` why it is not.
//! 2. `guard`: what a text may be at most, found out before it is parsed.
//! 3. `validate`: parsed, and valid by the whole specification, against `definitions`.
//! 4. `collect`: fragments and duplicate fields merged into a `plan`, one tree that everything
//!    below reads; `literal` reads its values. Up to here is kept in `prepared`, the one cache, by
//!    the text of the document and the name of the operation.
//! 5. `variables`: coerced for each request. They choose the plan (`@skip`, `@include`).
//! 6. `weigh`: how deep the plan is and what it costs.
//! 7. `executable`, `execute`, `batch`: the plan as async-graphql executes it, in one task.
//! 8. `shape`: the answer in the form of the specification.

mod batch;
mod collect;
mod definitions;
mod executable;
mod execute;
pub mod guard;
mod literal;
pub(crate) mod own;
mod plan;
mod prepared;
mod refusal;
mod remembered;
mod request;
mod rules;
mod shape;
#[cfg(test)]
mod tests;
mod trusted;
mod validate;
mod variables;
mod weigh;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use async_graphql::parser::types::OperationType;
use domain::Actor;

pub(crate) use batch::Batches;
pub(in crate::graphql) use execute::execute_stream;
pub use execute::{Operation, execute};
pub(crate) use plan::{Plan, Selection, TYPE_KEY};
pub use refusal::Refusal;
pub use request::GraphqlRequest;
pub use rules::{Audience, Rules, Senders};
pub use trusted::{NotTrusted, Trusted};

use definitions::Definitions;
use prepared::PreparedOperations;
use remembered::Remembered;

/// A request that may be executed.
#[derive(Debug)]
pub struct Prepared {
    /// The operation, with the values of its variables.
    pub operation: Operation,
    /// The kind of its operation.
    pub kind: OperationType,
    /// The name of its operation, if it has one.
    pub name: Option<String>,
    /// Its cost.
    pub cost: u64,
    /// It asks something about who asks.
    pub is_personal: bool,
}

/// Everything that decides which requests are executed. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Documents(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    rules: Rules,
    definitions: Arc<Definitions>,
    prepared: PreparedOperations,
    remembered: Remembered,
}

impl Documents {
    /// Documents for the server's schema by these rules.
    pub fn new(rules: Rules) -> Self {
        Self::of(rules, Definitions::of_the_server())
    }

    fn of(rules: Rules, definitions: Arc<Definitions>) -> Self {
        let remembered = Remembered::new(rules.remembered_bytes);
        Self(Arc::new(Shared {
            rules,
            definitions,
            prepared: PreparedOperations::new(),
            remembered,
        }))
    }

    /// Returns the rules.
    pub fn rules(&self) -> &Rules {
        &self.0.rules
    }

    /// Returns why a document is not valid, or breaks a limit.
    pub fn check(&self, text: &str) -> Result<(), Refusal> {
        let read = || prepared::read(&self.0.definitions, &self.rules().guard, text).map(drop);
        guarded(read)
    }

    /// Returns the cost of an operation whose variables are not known.
    pub fn cost(&self, text: &str, name: &str) -> Result<u64, Refusal> {
        let definitions = &self.0.definitions;
        let document = prepared::read(definitions, &self.rules().guard, text)?;
        let named = document.operations.named.get(name);
        let operation = named.ok_or_else(Refusal::no_such_operation)?;
        let most = self.rules().guard.selections;
        let plan = collect::collect(definitions, &document, operation, None, most)?;
        let weight = weigh::weigh(&plan.root, &async_graphql::Variables::default());
        Ok(weight.cost)
    }

    /// Returns the request of `actor`, ready to be executed; or why it is not executed.
    pub fn prepare(&self, sent: GraphqlRequest, actor: &Actor) -> Result<Prepared, Refusal> {
        guarded(|| self.prepare_unguarded(sent, actor))
    }

    fn prepare_unguarded(
        &self,
        mut sent: GraphqlRequest,
        actor: &Actor,
    ) -> Result<Prepared, Refusal> {
        let name = sent.operation_name.take().filter(|name| !name.is_empty());
        let variables = sent.variables.take().unwrap_or_default();
        let (text, remember) = self.text(&sent, actor)?;
        let (rules, definitions) = (self.rules(), &*self.0.definitions);
        let operations = &self.0.prepared;
        let prepared = operations.get(definitions, &rules.guard, &text, name.as_deref())?;
        let variables = prepared.coerce(definitions, variables)?;
        let plan = prepared.plan(definitions, &variables)?;
        let weight = weigh::weigh(&plan.root, &variables);
        if weight.depth > rules.depth {
            return Err(Refusal::too_deep(weight.depth, rules.depth));
        }
        if weight.cost > rules.cost {
            return Err(Refusal::too_costly(weight.cost, rules.cost));
        }
        if plan.introspects() && !rules.introspection.includes(actor) {
            return Err(Refusal::no_introspection());
        }
        if let Some(field) = plan.repeated() {
            return Err(Refusal::repeated(field));
        }
        if let Some(hash) = remember {
            self.0.remembered.keep(hash, &text);
        }
        Ok(Prepared {
            kind: prepared.kind,
            name: prepared.name.clone(),
            cost: weight.cost,
            is_personal: plan.is_personal(),
            operation: Operation {
                plan,
                variables: Arc::new(variables),
            },
        })
    }

    /// Returns the text that a request means, and the hash to remember it under.
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
        if !rules.senders.may_write(actor) && !rules.trusted.holds(query) && !own::holds(query) {
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

/// Returns what `prepare` gives; a fault of ours where it panics.
fn guarded<T>(prepare: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(prepare)).unwrap_or_else(|_| {
        execute::count_panic();
        Err(Refusal::internal())
    })
}
