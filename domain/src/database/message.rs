//! Messages between the processes on one `PostgreSQL` (`NOTIFY` and `LISTEN`). They are not kept:
//! who does not listen at that moment misses them.

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{
        self,
        postgres::{PgListener, PgPoolOptions},
    },
};

use super::Database;
use crate::error::Fault;

/// What others on the same server tell, heard on a connection of its own.
pub struct Messages(PgListener);

impl Database {
    /// Tells everyone who listens to `channel` on a server; nobody shares an embedded database.
    /// At most 8,000 bytes.
    pub async fn tell(&self, channel: &str, message: &str) -> Result<(), DbErr> {
        if self.is_embedded() {
            return Ok(());
        }
        sqlx::query("SELECT pg_notify($1, $2)")
            .bind(channel)
            .bind(message)
            .execute(self.writer.connection.get_postgres_connection_pool())
            .await
            .map_err(|fault| DbErr::Exec(RuntimeErr::SqlxError(fault.into())))?;
        Ok(())
    }

    /// Listens to `channel` from now on. Fails on an embedded database, where nobody tells.
    pub async fn listen(&self, channel: &str) -> Result<Messages, Fault> {
        if self.is_embedded() {
            return Err("an embedded database has no messages".into());
        }
        let options = self
            .writer
            .connection
            .get_postgres_connection_pool()
            .connect_options();
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_with(options.as_ref().clone())
            .await?;
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen(channel).await?;
        Ok(Messages(listener))
    }
}

impl Messages {
    /// The next message; none where the connection was lost and had again, so that some may have
    /// been missed.
    pub async fn next(&mut self) -> Result<Option<String>, Fault> {
        let heard = self.0.try_recv().await?;
        Ok(heard.map(|message| message.payload().to_owned()))
    }
}
