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
    /// The time after a poll's close for which the secret is kept that leads from voters to their
    /// ballots.
    pub voter_secret: TimeDelta,
}

/// A reason why accounts are erased.
#[derive(Debug, Clone, Copy)]
enum Due {
    /// Their owners were not seen for long, and were warned.
    Idle,
    /// Nobody verified their addresses.
    Unverified,
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
            voter_secret: TimeDelta::days(90),
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
    /// Deletes data past its retention period; returns how many rows of which kind. Doing it
    /// twice, or in two processes, is the same as once. A step or an account that fails is logged
    /// and stops none of the others.
    pub async fn retain(&self, actor: &Actor) -> Result<BTreeMap<&'static str, u64>> {
        if !matches!(actor, Actor::System) {
            return Err(actor.denied());
        }
        let now = self.0.clock.now();
        let mut gone = BTreeMap::new();
        let mut failed = None;
        let steps = [
            self.warn(now)
                .await
                .map(|rows| vec![("account warned", rows)]),
            self.erase_due(Due::Idle, now).await,
            self.erase_due(Due::Unverified, now).await,
            self.remove_ended(now).await,
            self.anonymize_ballots(now).await,
        ];
        for step in steps {
            match step {
                Ok(rows) => {
                    for (kind, rows) in rows {
                        *gone.entry(kind).or_default() += rows;
                    }
                }
                Err(fault) => failed = Some(fault),
            }
        }
        gone.retain(|_, rows| *rows > 0);
        if !gone.is_empty() {
            tracing::info!(?gone, "what was kept long enough is gone");
        }
        failed.map_or(Ok(gone), Err)
    }

    /// Removes sessions, links and jobs that have ended.
    async fn remove_ended(&self, now: Instant) -> Result<Vec<(&'static str, u64)>> {
        let terms = self.0.terms;
        let removed = self
            .0
            .database
            .write(|transaction| async move {
                Ok::<_, Error<std::convert::Infallible>>(
                    store::retention::remove(&transaction, now, terms).await?,
                )
            })
            .await?;
        Ok(removed.into())
    }

    /// Anonymises the ballots of polls that closed long enough ago.
    async fn anonymize_ballots(&self, now: Instant) -> Result<Vec<(&'static str, u64)>> {
        let services = &self.0;
        let polls = services.polls.anonymize(now - services.terms.voter_secret);
        Ok(vec![("poll anonymised", polls.await?)])
    }

    /// Warns those who were not seen for long; once more if no mail server took the warning within
    /// the time that it gives. Without a mail server nobody can be warned.
    async fn warn(&self, now: Instant) -> Result<u64> {
        if !self.0.accounts.sends_mail() {
            return Ok(0);
        }
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

    /// Erases every account that is due, each in a transaction of its own.
    async fn erase_due(&self, due: Due, now: Instant) -> Result<Vec<(&'static str, u64)>> {
        let (mut erased, mut failed) = (0, 0);
        let mut after = None;
        loop {
            // In id order, so that accounts that fail each time keep no others from their turn.
            let page = self.due(due, now, after).await?;
            let Some(last) = page.last() else { break };
            after = Some(*last);
            for id in page {
                match self.erase_one(id, now).await {
                    Ok(is_erased) => erased += u64::from(is_erased),
                    Err(Error::Internal(fault)) => {
                        tracing::error!(%fault, account = %id.0, "an account cannot be erased");
                        failed += 1;
                    }
                    Err(unavailable) => return Err(unavailable),
                }
            }
        }
        let kind = match due {
            Due::Idle => "account",
            Due::Unverified => "account unverified",
        };
        Ok(vec![(kind, erased), ("account not erased", failed)])
    }

    async fn due(
        &self,
        due: Due,
        now: Instant,
        after: Option<AccountId>,
    ) -> Result<Vec<AccountId>> {
        let (read, terms) = (self.0.database.read(), self.0.terms);
        let before = now - terms.unverified;
        Ok(match due {
            // Without a mail server nobody was warned for certain, so nobody goes for being away.
            Due::Idle if !self.0.accounts.sends_mail() => Vec::new(),
            Due::Idle => store::retention::idle(read, now, terms, after, BATCH).await?,
            Due::Unverified => store::retention::unverified(read, before, after, BATCH).await?,
        })
    }

    /// Erases an account and keeps what it wrote; `false` if it was erased before.
    async fn erase_one(&self, id: AccountId, now: Instant) -> Result<bool> {
        let is_erased = self
            .0
            .database
            .write(|transaction| async move {
                let Some(tables) = store::erase(&transaction, id, now, BTreeMap::new()).await?
                else {
                    return Ok::<_, Error<std::convert::Infallible>>(false);
                };
                let receipt = Receipt {
                    erased_at: now,
                    kept_contributions: true,
                    tables,
                };
                store::keep(&transaction, id, &receipt).await?;
                Ok(true)
            })
            .await?;
        if is_erased {
            self.0.accounts.forget(id);
        }
        Ok(is_erased)
    }
}
