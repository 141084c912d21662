//! What the rest of the program sees.

use std::collections::BTreeMap;

use crate::clock::Instant;

/// What was done to erase a person; it names nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// When.
    pub erased_at: Instant,
    /// Whether what they wrote stayed.
    pub kept_contributions: bool,
    /// How many rows of which tables were removed or changed.
    pub tables: BTreeMap<String, u64>,
}
