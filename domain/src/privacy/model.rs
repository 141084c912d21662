//! What the rest of the program sees.

use std::collections::BTreeMap;

use crate::{account::Password, clock::Instant};

/// How a person shows that it is they who want to be erased.
#[derive(Debug)]
pub enum Proof {
    /// By their password.
    Password(Password),
    /// By the token of a link that was mailed to them to sign in by.
    Link(String),
}

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
