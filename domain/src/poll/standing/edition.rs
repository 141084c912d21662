//! A poll as everyone sees it at one moment, to be compared.

use std::sync::Arc;

use super::Standing;
use crate::clock::Instant;

/// A poll as everyone sees it at one moment, to be compared with another of it: what is made of it
/// for everyone needs making again only where it is another.
#[derive(Debug, Clone)]
pub struct Edition {
    standing: Arc<Standing>,
    changed_by: usize,
}

impl Edition {
    pub(in crate::poll) fn new(standing: Arc<Standing>, now: Instant) -> Self {
        let changed_by = standing.changed_by(now);
        Self {
            standing,
            changed_by,
        }
    }

    /// Whether it is this one. Two that were read one after the other are two, also where they
    /// say the same.
    pub fn is(&self, other: &Self) -> bool {
        self.changed_by == other.changed_by && Arc::ptr_eq(&self.standing, &other.standing)
    }
}
