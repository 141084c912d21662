//! Whether the database answers.

use std::time::Duration;

use sea_orm::{ConnectionTrait, Statement};

use super::Database;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(2);

impl Database {
    /// Whether the database answers within two seconds. It is asked on a connection of its own:
    /// that all others are busy does not matter.
    pub async fn answers(&self) -> bool {
        let backend = self.probe.get_database_backend();
        let asked = self
            .probe
            .query_one_raw(Statement::from_string(backend, "SELECT 1"));
        matches!(tokio::time::timeout(PATIENCE, asked).await, Ok(Ok(Some(_))))
    }
}
