//! Blocking accounts, within the transaction of who may.

use super::Accounts;
use crate::{Result, account::store, clock::Instant, database::Transaction, id::AccountId};

impl Accounts {
    /// Blocks an account, for good where there is no `until`, and ends all its sessions. Once
    /// that is on disk, the account is to be [forgotten](Self::forget).
    pub(crate) async fn block_within<R>(
        transaction: &Transaction,
        id: AccountId,
        now: Instant,
        until: Option<Instant>,
    ) -> Result<(), R> {
        store::block(transaction, id, now, until).await?;
        store::close_mailed_links(transaction, id).await?;
        store::end_sessions(transaction, id, now).await?;
        Ok(())
    }

    /// Lifts the block of an account; `false` where it is not blocked.
    pub(crate) async fn unblock_within<R>(
        transaction: &Transaction,
        id: AccountId,
        now: Instant,
    ) -> Result<bool, R> {
        let is_blocked = store::is_blocked(transaction, id, now).await?;
        if is_blocked {
            store::unblock(transaction, id).await?;
        }
        Ok(is_blocked)
    }
}
