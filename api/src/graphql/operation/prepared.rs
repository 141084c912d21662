//! Operations that were prepared lately: clients send the same few over and over.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use apollo_compiler::{ExecutableDocument, Node, executable, executable::Operation};
use async_graphql::{Value, Variables, parser::types::OperationType};
use domain::recent::Recent;
use serde_json::{Map, Value as Json};

use super::{
    Refusal, collect,
    definitions::Definitions,
    guard::{self, Limits},
    plan::Plan,
    validate::validate,
    variables::{Variable, coerce},
};

/// The most operations that are kept.
const MOST: usize = 256;
/// The longest text that is kept, in bytes: no client of ours sends a longer one, and what is
/// prepared takes about ten times its text.
const LONGEST: usize = 8 * 1024;
/// The most plans that are kept of an operation, for as many ways to leave out parts of it.
const MOST_PLANS: usize = 8;

/// Operations that were prepared lately, by the text of their document and their name.
pub(super) struct PreparedOperations(Recent<String, Arc<PreparedOperation>>);

/// An operation of a document that was guarded, parsed and validated.
#[derive(Debug)]
pub(super) struct PreparedOperation {
    pub(super) name: Option<String>,
    pub(super) kind: OperationType,
    variables: Vec<Variable>,
    /// The variables that decide what is left out.
    conditions: Vec<String>,
    /// The source of further plans; none if there is only one.
    source: Option<(ExecutableDocument, Node<Operation>)>,
    most_fields: usize,
    plans: Mutex<Vec<(Vec<bool>, Arc<Plan>)>>,
}

impl PreparedOperations {
    /// None yet.
    pub(super) fn new() -> Self {
        Self(Recent::new(MOST))
    }

    /// Returns the operation of this name in the document of this text, prepared if that was not
    /// done before.
    pub(super) fn get(
        &self,
        definitions: &Definitions,
        limits: &Limits,
        text: &str,
        name: Option<&str>,
    ) -> Result<Arc<PreparedOperation>, Refusal> {
        // No name has a line break in it.
        let key = [name.unwrap_or_default(), "\n", text].concat();
        if let Some(known) = self.0.get(&key) {
            return Ok(known);
        }
        let prepared = Arc::new(PreparedOperation::of(definitions, limits, text, name)?);
        if text.len() <= LONGEST {
            self.0.put(key, Arc::clone(&prepared));
        }
        Ok(prepared)
    }
}

impl PreparedOperation {
    fn of(
        definitions: &Definitions,
        limits: &Limits,
        text: &str,
        name: Option<&str>,
    ) -> Result<Self, Refusal> {
        let document = read(definitions, limits, text)?;
        let operation = named(&document, name)?.clone();
        let variables = operation.variables.iter();
        let mut prepared = Self {
            name: operation.name.as_ref().map(ToString::to_string),
            kind: match operation.operation_type {
                executable::OperationType::Query => OperationType::Query,
                executable::OperationType::Mutation => OperationType::Mutation,
                executable::OperationType::Subscription => OperationType::Subscription,
            },
            variables: variables
                .map(|variable| Variable::read(definitions, variable))
                .collect(),
            conditions: collect::conditions(&document, &operation),
            source: Some((document, operation)),
            most_fields: limits.selections,
            plans: Mutex::default(),
        };
        if prepared.conditions.is_empty() {
            prepared.plan(definitions, &Variables::default())?;
            prepared.source = None;
        }
        Ok(prepared)
    }

    /// Returns the values of the operation's variables.
    pub(super) fn coerce(
        &self,
        definitions: &Definitions,
        sent: Map<String, Json>,
    ) -> Result<Variables, Refusal> {
        coerce(definitions, &self.variables, sent)
    }

    /// Returns the plan by these values of the variables.
    pub(super) fn plan(
        &self,
        definitions: &Definitions,
        variables: &Variables,
    ) -> Result<Arc<Plan>, Refusal> {
        let mut decided = Vec::with_capacity(self.conditions.len());
        for name in &self.conditions {
            match variables.get(name.as_str()) {
                Some(Value::Boolean(value)) => decided.push(*value),
                _ => return Err(Refusal::missing_variable(name)),
            }
        }
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, plan)) = plans.iter().find(|(of, _)| *of == decided) {
            return Ok(Arc::clone(plan));
        }
        let (document, operation) = self.source.as_ref().ok_or_else(Refusal::internal)?;
        let names = self.conditions.iter().map(String::as_str);
        let conditions = names.zip(decided.iter().copied()).collect();
        let plan = collect::collect(
            definitions,
            document,
            operation,
            Some(&conditions),
            self.most_fields,
        )?;
        let plan = Arc::new(plan);
        if plans.len() == MOST_PLANS {
            plans.remove(0);
        }
        plans.push((decided, Arc::clone(&plan)));
        Ok(plan)
    }
}

/// Reads a document: guarded, parsed, validated, and whatever it merges agrees.
pub(super) fn read(
    definitions: &Definitions,
    limits: &Limits,
    text: &str,
) -> Result<ExecutableDocument, Refusal> {
    guard::check(text, limits).map_err(|refusal| Refusal::guarded(&refusal))?;
    let document = validate(definitions, text)?;
    for operation in document.operations.iter() {
        collect::collect(definitions, &document, operation, None, limits.selections)?;
    }
    Ok(document)
}

/// Returns the operation that is meant.
fn named<'a>(
    document: &'a ExecutableDocument,
    wanted: Option<&str>,
) -> Result<&'a Node<Operation>, Refusal> {
    let mut operations = document.operations.iter();
    match wanted {
        Some(wanted) => operations
            .find(|operation| operation.name.as_ref().is_some_and(|name| name == wanted))
            .ok_or_else(Refusal::no_such_operation),
        None => match (operations.next(), operations.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(Refusal::which_operation()),
        },
    }
}

impl fmt::Debug for PreparedOperations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PreparedOperations")
    }
}
