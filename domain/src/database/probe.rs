//! The questions of `jij check` to a database.

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::Database;
use crate::clock::Instant;

/// Written to and read by every migration, whatever the version.
const TOUCH: &str = "DELETE FROM seaql_migrations WHERE 1 = 0";
const NEWEST: &str = "SELECT MAX(applied_at) FROM seaql_migrations";
const NOW: &str = "SELECT EXTRACT(EPOCH FROM now())::bigint";

impl Database {
    /// Writes nothing, with all the rights and locks that it takes. The database was migrated.
    pub async fn try_writing(&self) -> Result<(), DbErr> {
        let written = self.writer.connection.execute_unprepared(TOUCH).await;
        written.map(|_| ())
    }

    /// Returns the time of the newest migration, if there is one: no clock is right before it.
    pub async fn migrated_at(&self) -> Result<Option<Instant>, DbErr> {
        self.second(NEWEST).await
    }

    /// Returns how far this machine's clock is before that of the server; none of an embedded
    /// database, which has no other.
    pub async fn clock_lead(&self, now: impl Fn() -> Instant) -> Result<Option<TimeDelta>, DbErr> {
        if self.is_embedded() {
            return Ok(None);
        }
        let told = self.second(NOW).await?;
        Ok(told.map(|told| now() - told))
    }

    async fn second(&self, query: &str) -> Result<Option<Instant>, DbErr> {
        let connection = &self.writer.connection;
        let backend = connection.get_database_backend();
        let row = connection.query_one_raw(Statement::from_string(backend, query));
        let Some(row) = row.await? else {
            return Ok(None);
        };
        let seconds: Option<i64> = row.try_get_by_index(0)?;
        Ok(seconds.and_then(|seconds| Instant::from_timestamp(seconds, 0)))
    }
}
