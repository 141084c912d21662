//! Ballots of a visitor who has an account now.

use super::{
    super::{store, voter::Voter},
    Polls,
};
use crate::{
    Result, database,
    id::{AccountId, PollId, VisitorId},
};

impl Polls {
    /// Makes a visitor's ballots those of an account, except for questions in which the account
    /// has one, and those that are anonymised. Results stay as they are; doing it twice is the same
    /// as once.
    pub(crate) async fn claim(&self, account: AccountId, visitor: VisitorId) -> Result<()> {
        let secrets = store::held::secrets(self.database.read()).await?;
        let keys: Vec<_> = secrets
            .into_iter()
            .map(|(poll, secret)| {
                let theirs = secret.key(Voter::Visitor(visitor));
                (poll, theirs, secret.key(Voter::Account(account)))
            })
            .collect();
        let theirs: Vec<_> = keys
            .iter()
            .map(|(poll, theirs, _)| (*poll, theirs.clone()))
            .collect();
        let polls = {
            let snapshot = self.database.snapshot().await?;
            database::find_by_key(&snapshot).await?;
            store::held::polls(&snapshot, &theirs).await?
        };
        for (poll, from, to) in keys {
            if polls.contains(&poll) {
                self.hand_over(poll, &from, &to).await?;
            }
        }
        Ok(())
    }

    async fn hand_over(
        &self,
        poll: PollId,
        from: &store::held::Key,
        to: &store::held::Key,
    ) -> Result<()> {
        let moved = self
            .database
            .write(|transaction| async move {
                // Behind the poll's lock, as ballots are: nobody votes meanwhile.
                database::find_by_key(&transaction).await?;
                if store::lock(&transaction, poll).await?.is_none() {
                    return Ok(false);
                }
                Ok(store::held::hand_over(&transaction, poll, from, to).await?)
            })
            .await?;
        if moved {
            self.changed(poll);
        }
        Ok(())
    }
}
