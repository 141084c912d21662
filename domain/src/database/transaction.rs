//! Transactions that begin and end in tasks of their own.
//!
//! sqlx counts a transaction only once BEGIN has been answered. A request that is dropped before
//! would leave the transaction open on a connection that goes back to its pool. So BEGIN, COMMIT
//! and ROLLBACK run where nobody can drop them. What runs in between may be dropped with its
//! request: the transaction is rolled back then, and a statement under way is cancelled.

use std::sync::Arc;

use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction,
    DbErr, ExecResult, QueryResult, Statement, TransactionOptions, TransactionTrait,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::ACQUIRE_TIMEOUT;
use crate::task;

/// A pool of connections, and as many permits to hold a transaction on one of them.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    pub(super) connection: DatabaseConnection,
    pub(super) size: u32,
    /// Requests wait here for their turn, not in the task that begins: one that is dropped
    /// leaves the queue, so that cut requests cannot pile up in front of the pool.
    turns: Arc<Semaphore>,
}

impl Pool {
    pub(super) fn new(connection: DatabaseConnection, size: u32) -> Self {
        Self {
            connection,
            size,
            turns: Arc::new(Semaphore::new(size as usize)),
        }
    }

    /// Begins a transaction and runs `first` in it, if there is any.
    pub(super) async fn begin(
        &self,
        options: TransactionOptions,
        first: Option<&'static str>,
    ) -> Result<OpenTransaction, DbErr> {
        let turn = timeout(ACQUIRE_TIMEOUT, Arc::clone(&self.turns).acquire_owned())
            .await
            .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?
            .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))?;
        let connection = self.connection.clone();
        uncut(async move {
            let transaction = connection.begin_with_options(options).await?;
            if let Some(first) = first {
                transaction.execute_unprepared(first).await?;
            }
            // Dropped where nobody waits for it any more, which rolls it back.
            Ok(OpenTransaction { transaction, turn })
        })
        .await
    }
}

/// A transaction that has begun; dropped, it is rolled back.
#[derive(Debug)]
pub(super) struct OpenTransaction {
    transaction: DatabaseTransaction,
    turn: OwnedSemaphorePermit,
}

impl OpenTransaction {
    pub(super) async fn commit(self) -> Result<(), DbErr> {
        uncut(async move {
            let Self { transaction, turn } = self;
            let committed = transaction.commit().await;
            drop(turn);
            committed
        })
        .await
    }

    /// Ends it without a trace. Failing to is not the caller's concern: the pool closes a
    /// connection that cannot roll back, which rolls back as well.
    pub(super) async fn roll_back(self) {
        let rolled_back = uncut(async move {
            let Self { transaction, turn } = self;
            let rolled_back = transaction.rollback().await;
            drop(turn);
            rolled_back
        });
        if let Err(fault) = rolled_back.await {
            tracing::warn!(%fault, "rolling back failed");
        }
    }
}

/// Runs `work` to its end, also when this future is dropped.
async fn uncut<T: Send + 'static>(
    work: impl Future<Output = Result<T, DbErr>> + Send + 'static,
) -> Result<T, DbErr> {
    task::run_to_end(work)
        .await
        .unwrap_or_else(|fault| Err(DbErr::Custom(fault.to_string())))
}

/// The transaction that a piece of work runs in; [`Database::write`](super::Database::write)
/// commits it.
#[derive(Debug)]
pub struct Transaction(pub(super) Arc<OpenTransaction>);

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DatabaseBackend {
        self.0.transaction.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.0.transaction.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.0.transaction.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.0.transaction.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.0.transaction.query_all_raw(statement).await
    }
}
