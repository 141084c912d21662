//! Trying to prove who one is: what is let through, and what becomes of it.
//!
//! Failures are counted in memory (`throttle.rs`), and here in the database as well: what strangers
//! failed at stays counted when this process restarts, when its memory is full, and whichever
//! instance they ask. Unknown addresses are counted like known ones, so that neither the answer
//! nor the work tells them apart; the rows go within two hours.

use chrono::{DurationRound, TimeDelta};

use super::{Accounts, digest};
use crate::{
    Error, Result,
    account::{
        AccountRefusal, Client,
        store::{self, FormerSession},
        throttle::{Action, Attempt, Former, Target},
    },
    database::{ConnectionTrait, Transaction},
    id::SessionId,
};

/// The time in which a failure counts in the database.
pub(crate) const FAILURES_COUNT: TimeDelta = TimeDelta::hours(1);
/// Failures in that time from which on each next try waits: more than one process lets through
/// at once, so that here only what escaped it is caught.
const MOST_FAILURES: i64 = 10;
/// The wait after the last failure.
const WAIT: TimeDelta = TimeDelta::minutes(15);

impl Accounts {
    /// Lets a try to prove who one is through and counts it, or says how long to wait first.
    pub(super) async fn admit(
        &self,
        connection: &impl ConnectionTrait,
        action: Action,
        client: &Client,
        target: Target<'_>,
    ) -> Result<Attempt, AccountRefusal> {
        let attempt = self.throttle.admit(action, client, target)?;
        let now = self.clock.now();
        let failures = store::failures(connection, &attempt.account, now - FAILURES_COUNT).await?;
        if let Some(last) = failures.last
            && failures.count >= MOST_FAILURES
            && now < last + WAIT
        {
            self.throttle.take_back(attempt);
            let wait = last + WAIT - now;
            return Err(Error::TooMany(wait.to_std().unwrap_or_default()));
        }
        Ok(attempt)
    }

    /// Counts in the database that a try failed, in a transaction that commits.
    pub(super) async fn note_failure(
        &self,
        transaction: &Transaction,
        attempt: &Attempt,
    ) -> Result<(), AccountRefusal> {
        let now = self.clock.now();
        let minute = now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now);
        Ok(store::count_failure(transaction, &attempt.account, minute).await?)
    }

    /// Counts in the database that a try failed, in a transaction of its own.
    pub(super) async fn fail(&self, attempt: &Attempt) -> Result<(), AccountRefusal> {
        self.database
            .write(|transaction| async move { self.note_failure(&transaction, attempt).await })
            .await
    }

    /// The device of the account's owner that the client shows to have, if any.
    pub(super) async fn known_device(
        &self,
        client: &Client,
        is_owner: impl Fn(&FormerSession) -> bool,
    ) -> Result<Option<SessionId>, AccountRefusal> {
        match &client.former_session {
            None => Ok(None),
            Some(Former::Session(session)) => Ok(Some(*session)),
            Some(Former::RefreshToken(token)) => {
                let former = store::former_session(self.database.read(), &digest(token)).await?;
                Ok(former.filter(is_owner).map(|former| former.id))
            }
        }
    }
}
