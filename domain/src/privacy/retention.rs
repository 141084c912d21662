//! How long what is held on people is kept.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::{Privacy, Receipt, store};
use crate::{
    Actor, Error, Result,
    clock::Instant,
    id::AccountId,
    job::{self, Job},
};

/// How many rows of a kind go in one transaction.
const BATCH: u64 = 200;

/// How long what is held on people is kept, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// How long after its owner was last seen an account is warned by mail.
    pub warning: TimeDelta,
    /// How long after its owner was last seen an account is erased; what they wrote stays, under
    /// nobody's name. Nobody is erased who was not warned the difference before, by a mail that a
    /// mail server took.
    pub account: TimeDelta,
    /// How long an account is kept whose address was never verified.
    pub unverified: TimeDelta,
    /// How long a session is kept after its end.
    pub session: TimeDelta,
    /// How long a mailed link is kept after it stopped working.
    pub link: TimeDelta,
    /// How long a job is kept after it was given up.
    pub job: TimeDelta,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            warning: TimeDelta::days(770),
            account: TimeDelta::days(860),
            unverified: TimeDelta::days(30),
            session: TimeDelta::days(30),
            link: TimeDelta::days(1),
            job: TimeDelta::days(90),
        }
    }
}

impl Terms {
    /// The time between the warning and the erasure of an idle account.
    pub(super) fn notice(self) -> TimeDelta {
        self.account - self.warning
    }
}

impl Privacy {
    /// Lets go of what was kept long enough; gives how many of which kind. Doing it twice, or in
    /// two processes, is the same as once.
    pub async fn retain(&self, actor: &Actor) -> Result<BTreeMap<&'static str, u64>> {
        if !matches!(actor, Actor::System) {
            return Err(actor.denied());
        }
        let now = self.0.clock.now();
        let terms = self.0.terms;
        let mut gone = BTreeMap::new();
        // Without a mail server nobody can be warned, so nobody is erased for being away.
        if self.0.accounts.sends_mail() {
            let warned = self.warn(now).await?;
            gone.insert("account warned", warned);
            let idle = store::retention::idle(self.0.database.read(), now, terms, BATCH).await?;
            gone.insert("account", self.erase_all(idle, now).await?);
        }
        let unverified =
            store::retention::unverified(self.0.database.read(), now - terms.unverified, BATCH);
        gone.insert(
            "account unverified",
            self.erase_all(unverified.await?, now).await?,
        );
        let expired = self
            .0
            .database
            .write(|transaction| async move {
                Ok::<_, Error<std::convert::Infallible>>(
                    store::retention::remove(&transaction, now, terms).await?,
                )
            })
            .await?;
        gone.extend(expired);
        gone.retain(|_, rows| *rows > 0);
        if !gone.is_empty() {
            tracing::info!(?gone, "what was kept long enough is gone");
        }
        Ok(gone)
    }

    /// Warns those who were not seen for long; once more if no mail server took the warning within
    /// the time that it gives.
    async fn warn(&self, now: Instant) -> Result<u64> {
        let terms = self.0.terms;
        let again = now - terms.notice();
        let warned = self
            .0
            .database
            .write(|transaction| async move {
                let before = now - terms.warning;
                let found = store::retention::unwarned(&transaction, before, again, BATCH).await?;
                let mut warned = 0;
                for (account, seen_at) in found {
                    // Another process may have been faster.
                    let noted =
                        store::retention::note_warning(&transaction, account, seen_at, again, now);
                    if noted.await? {
                        job::push(&transaction, &Job::MailIdle { account }, now).await?;
                        warned += 1;
                    }
                }
                Ok::<_, Error<std::convert::Infallible>>(warned)
            })
            .await?;
        Ok(warned)
    }

    async fn erase_all(&self, accounts: Vec<AccountId>, now: Instant) -> Result<u64> {
        let mut erased = 0;
        for id in accounts {
            let receipt = self
                .0
                .database
                .write(|transaction| async move {
                    let Some(tables) = store::erase(&transaction, id, now, BTreeMap::new()).await?
                    else {
                        return Ok::<_, Error<std::convert::Infallible>>(None);
                    };
                    let receipt = Receipt {
                        erased_at: now,
                        kept_contributions: true,
                        tables,
                    };
                    store::keep(&transaction, id, &receipt).await?;
                    Ok(Some(receipt))
                })
                .await?;
            if receipt.is_some() {
                self.0.accounts.forget(id);
                erased += 1;
            }
        }
        Ok(erased)
    }
}
