//! What one request may ask for at most.

/// How deep selections may be nested.
pub(crate) const DEPTH: usize = 15;
/// How many fields a request may select in all.
pub(crate) const COMPLEXITY: usize = 4_000;
/// How many directives one place may carry.
pub(crate) const DIRECTIVES: usize = 5;
