//! The directive of fields that stand in an operation once.

use async_graphql::TypeDirective;

/// A field that stands in an operation once, whatever its alias: each try at a password, a link or
/// a vote is a request of its own, which limits by time can count.
#[TypeDirective(location = "FieldDefinition")]
pub(crate) fn once() {}
