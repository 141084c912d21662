//! Accounts.
use crate::{clock::SharedClock, database::Database};
/// The use-cases of accounts.
#[derive(Clone)]
pub struct Accounts {}
impl Accounts {
    pub(crate) fn new(_: Database, _: SharedClock) -> Self {
        Self {}
    }
}
