//! Validation by the whole specification (section 5): apollo-compiler's rules, and ours for what it
//! lacks.

mod values;

use apollo_compiler::{
    ExecutableDocument, ast,
    executable::{Operation, Selection, SelectionSet},
    parser::SourceSpan,
    validation::{DiagnosticList, WithErrors},
};
use async_graphql::Pos;

use super::{Refusal, definitions::Definitions};

/// A rule that a document breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// For the developer of the client.
    pub(super) message: String,
    /// The place in the document.
    pub(super) place: Option<Pos>,
}

/// Parses and validates a document that passed the guard.
pub(super) fn validate(
    definitions: &Definitions,
    text: &str,
) -> Result<ExecutableDocument, Refusal> {
    let document = ast::Document::parse(text, "document").map_err(|failed| {
        let place = problems(&failed.errors)
            .into_iter()
            .find_map(|problem| problem.place);
        Refusal::unreadable(place)
    })?;
    let document = match document.to_executable_validate(definitions.schema()) {
        Ok(document) => document.into_inner(),
        Err(WithErrors { partial, errors }) if only_counts_roots(&errors) => partial,
        Err(failed) => return Err(Refusal::invalid(problems(&failed.errors))),
    };
    let mut found = values::check(definitions, &document);
    for operation in document.operations.iter() {
        if operation.is_subscription() && !has_one_root(&document, operation) {
            found.push(Problem {
                message: "A subscription has one root field.".to_owned(),
                place: place(&document, operation.location()),
            });
        }
    }
    if found.is_empty() {
        Ok(document)
    } else {
        Err(Refusal::invalid(found))
    }
}

/// Returns the place of a part of the document.
pub(super) fn place(document: &ExecutableDocument, span: Option<SourceSpan>) -> Option<Pos> {
    let at = span?.line_column(&document.sources)?;
    Some(Pos {
        line: at.line,
        column: at.column,
    })
}

fn problems(errors: &DiagnosticList) -> Vec<Problem> {
    let problem =
        |message: String, range: Option<std::ops::Range<apollo_compiler::parser::LineColumn>>| {
            Problem {
                message,
                place: range.map(|range| Pos {
                    line: range.start.line,
                    column: range.start.column,
                }),
            }
        };
    let mut found: Vec<_> = errors.iter().collect();
    // What selects unknown fields alone is left with none: that follows from the others.
    found.sort_by_key(|found| found.error.unstable_error_name() == Some("MissingSubselection"));
    found
        .into_iter()
        .map(|found| problem(found.error.to_string(), found.line_column_range()))
        .collect()
}

/// Returns true if nothing is wrong but that a subscription selects several root fields, which the
/// library counts before it merges them: the same field twice is one.
fn only_counts_roots(errors: &DiagnosticList) -> bool {
    errors
        .iter()
        .all(|found| found.error.unstable_error_name() == Some("SubscriptionUsesMultipleFields"))
}

fn has_one_root(document: &ExecutableDocument, operation: &Operation) -> bool {
    let mut keys = Vec::new();
    let mut sets: Vec<&SelectionSet> = vec![&operation.selection_set];
    let mut spread = Vec::new();
    while let Some(set) = sets.pop() {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => keys.push(field.response_key()),
                Selection::InlineFragment(inline) => sets.push(&inline.selection_set),
                Selection::FragmentSpread(named) => {
                    let name = &named.fragment_name;
                    if !spread.contains(&name)
                        && let Some(fragment) = document.fragments.get(name)
                    {
                        spread.push(name);
                        sets.push(&fragment.selection_set);
                    }
                }
            }
        }
    }
    keys.windows(2).all(|pair| pair[0] == pair[1])
}
