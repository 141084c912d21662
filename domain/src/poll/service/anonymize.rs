//! Anonymising the ballots of polls that closed long ago.

use super::{
    super::{Poll, store, voter::VoterSecret},
    Polls,
};
use crate::{Error, Result, clock::Instant, database::Transaction};

impl Polls {
    /// Destroys the secrets of polls that were over by `before`, and returns how many: from then on
    /// no ballot of theirs leads back to its voter, and no voter to their ballot.
    pub(crate) async fn anonymize(&self, before: Instant) -> Result<u64> {
        let now = self.clock.now();
        let mut anonymized = 0;
        for id in store::secret::due(self.database.read(), before).await? {
            let is_done = self
                .database
                .write(|transaction| async move {
                    let done = store::secret::destroy(&transaction, id, before, now).await?;
                    Ok::<_, Error<std::convert::Infallible>>(done)
                })
                .await?;
            if is_done {
                anonymized += 1;
                self.changed(id);
            }
        }
        if anonymized > 0 {
            self.database.empty_log().await?;
        }
        Ok(anonymized)
    }
}

/// Gives a poll that takes ballots again a new secret if its own is destroyed: whose ballots came
/// before is not known any more, so they must not count together with those to come.
pub(super) async fn renew_secret<R>(transaction: &Transaction, poll: &Poll) -> Result<(), R> {
    if poll.secret.is_none() {
        store::secret::renew(transaction, poll.id, &VoterSecret::new()?).await?;
    }
    Ok(())
}
