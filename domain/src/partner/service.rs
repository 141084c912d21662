//! What can be done with partners.

use super::{Municipality, store};
use crate::{Actor, Result, database::Database};

/// The use-cases of partners.
#[derive(Debug, Clone)]
pub struct Partners {
    database: Database,
}

impl Partners {
    pub(crate) fn new(database: Database) -> Self {
        Self { database }
    }

    /// The 25 municipalities of Overijssel, by name; everyone may see them.
    pub async fn municipalities(&self, _: &Actor) -> Result<Vec<Municipality>> {
        Ok(store::municipalities(self.database.read()).await?)
    }
}
