//! Whether the database answers.

use std::time::Duration;

use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};
use tokio::time::timeout;

use super::{Database, Pool, fault::is_overload};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(2);

impl Database {
    /// Returns if the database answers within two seconds, on a connection of its own and on those
    /// that requests use. That requests keep all of these busy is no fault; that one of them
    /// answers with an error is, if it does so again: a connection that has failed is closed, and
    /// the pool makes another.
    pub async fn answers(&self) -> bool {
        let probed = timeout(PATIENCE, ask(&self.probe)).await;
        if !matches!(probed, Ok(Ok(()))) {
            return false;
        }
        // On a server the writer is the reader, on an embedded database it is the steady one.
        for pool in [&self.reader, &self.steady] {
            if !pool.answers().await && !pool.answers().await {
                return false;
            }
        }
        true
    }
}

impl Pool {
    /// Asks as many times at once as there are connections, so that idle ones are all asked.
    async fn answers(&self) -> bool {
        let asked = (0..self.size).map(|_| ask(&self.connection));
        match timeout(PATIENCE, join_all(asked)).await {
            Ok(answers) => answers
                .iter()
                .all(|answer| !matches!(answer, Err(fault) if !is_overload(fault))),
            // Busy.
            Err(_) => true,
        }
    }
}

async fn ask(connection: &DatabaseConnection) -> Result<(), DbErr> {
    let backend = connection.get_database_backend();
    let answer = connection.query_one_raw(Statement::from_string(backend, "SELECT 1"));
    answer.await.map(|_| ())
}
