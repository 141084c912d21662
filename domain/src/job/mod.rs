//! The queue of jobs: a job is a promise, written in the transaction of the change that makes
//! it and kept afterwards, at least once.
//!
//! A job names what it is about by id only. It is tried up to 8 times, each time after a longer
//! wait; then it stays in the table as failed, for an operator to see. Nothing here knows what a
//! job does: [`Services`](crate::Services) hands each to its aggregate.

mod queue;

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::{
    Error, Result,
    clock::SharedClock,
    database::Database,
    id::{AccountId, CommentId, ModerationEntryId, OptionId, RegistrationId, StoryId, VisitorId},
    screening::FindingCode,
};

pub use entity::mailed_link::Purpose as LinkPurpose;
pub use queue::Claimed;
pub(crate) use queue::{push, push_all};

/// How long one try may take; the first wait is longer, so that a try never meets the next one.
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// How long to wait after each try; there is no try after the last wait.
const WAITS: [Duration; 8] = [
    Duration::from_mins(1),
    Duration::from_mins(2),
    Duration::from_mins(5),
    Duration::from_mins(15),
    Duration::from_hours(1),
    Duration::from_hours(4),
    Duration::from_hours(12),
    Duration::from_hours(24),
];
/// How many characters of an error are kept.
const ERROR_LENGTH: usize = 500;

/// A promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    content = "payload",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase"
)]
pub enum Job {
    /// Mail the link that confirms a registration.
    MailVerification {
        /// The registration; one that was confirmed or erased gets no mail.
        registration: RegistrationId,
    },
    /// Mail a link by which its owner signs in or chooses another password; does nothing where
    /// there is no such account.
    MailLink {
        /// Whose address.
        account: AccountId,
        /// What the link is good for.
        purpose: LinkPurpose,
    },
    /// Make the ballots of who was a visitor before those of their account.
    ClaimBallots {
        /// Whose they become.
        account: AccountId,
        /// Whose they were.
        visitor: VisitorId,
    },
    /// Mail that the account will be erased, because nobody was seen for so long.
    MailIdle {
        /// Whose account.
        account: AccountId,
        /// When, as a Unix time in seconds.
        erased_at: i64,
    },
    /// Mail the author what moderators decided.
    MailDecision {
        /// The author.
        account: AccountId,
        /// The decision.
        entry: ModerationEntryId,
    },
    /// Put before the moderators what waits for them, a story that was submitted or what is held,
    /// and take out what no longer does.
    QueueContribution {
        /// What.
        contribution: HeldContribution,
        /// What screening found in it, each code once; nothing in most stories.
        findings: Vec<FindingCode>,
        /// Who published, withdrew or judged it elsewhere; none where nobody did.
        by: Option<AccountId>,
    },
    /// Mail that the address already has an account.
    MailAlreadyRegistered {
        /// Whose address.
        account: AccountId,
    },
}

/// A contribution that waits for a moderator, or did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HeldContribution {
    /// A story.
    Story(StoryId),
    /// A comment.
    Comment(CommentId),
    /// What a voter wrote.
    Answer(OptionId),
}

/// Where jobs wait.
#[derive(Clone)]
pub struct Jobs {
    database: Database,
    clock: SharedClock,
    pushed: Arc<Notify>,
}

impl Jobs {
    pub(crate) fn new(database: Database, clock: SharedClock) -> Self {
        Self {
            database,
            clock,
            pushed: Arc::new(Notify::new()),
        }
    }

    /// Says that a committed transaction left a job, so that it need not wait to be found.
    pub(crate) fn wake(&self) {
        self.pushed.notify_one();
    }

    /// Ends when a job was left by this process since the last call.
    pub(crate) async fn pushed(&self) {
        self.pushed.notified().await;
    }

    /// How many jobs are due and not done.
    pub(crate) async fn count_due(&self) -> Result<u64> {
        Ok(queue::count_due(self.database.read(), self.clock.now()).await?)
    }

    /// The next job that is due, taken so that nobody else takes it before its wait is over.
    pub(crate) async fn claim(&self) -> Result<Option<Claimed>> {
        let now = self.clock.now();
        // Most looks find nothing; those should not keep anyone from writing.
        if !queue::is_due(self.database.read(), now).await? {
            return Ok(None);
        }
        self.database
            .write(|transaction| async move { Ok(queue::claim(&transaction, now).await?) })
            .await
    }

    /// Waits for one try of a job, up to its time limit, and keeps how it ended.
    pub(crate) async fn attempt(
        &self,
        claimed: &Claimed,
        work: impl Future<Output = Result<()>>,
    ) -> Result<()> {
        let outcome = tokio::time::timeout(TIME_LIMIT, work)
            .await
            .unwrap_or_else(|elapsed| Err(Error::internal(elapsed)));
        let fault = &match &outcome {
            Ok(()) | Err(Error::NotFound) => None,
            Err(Error::Internal(fault)) => Some(chain(fault.as_ref())),
            Err(error) => Some(error.to_string()),
        };
        let outcome = if fault.is_none() { "done" } else { "failed" };
        metrics::counter!("jij_job_attempts_total", "outcome" => outcome).increment(1);
        let now = self.clock.now();
        self.database
            .write(|transaction| async move {
                match fault {
                    None => queue::remove(&transaction, claimed.id).await?,
                    Some(fault) => queue::postpone(&transaction, claimed, now, fault).await?,
                }
                Ok(())
            })
            .await?;
        if let Some(fault) = fault {
            tracing::warn!(job = %claimed.id.0, kind = claimed.kind, attempts = claimed.attempts, fault, "a job failed");
        }
        Ok(())
    }
}

/// The error and what caused it, cut to what is kept.
fn chain(fault: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(fault), |fault| fault.source());
    let texts: Vec<String> = causes.map(ToString::to_string).collect();
    texts.join(": ").chars().take(ERROR_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_job_is_read_as_it_was_written() {
        let job = Job::MailVerification {
            registration: RegistrationId(Uuid::nil()),
        };
        let written = serde_json::to_value(&job).unwrap();
        assert_eq!(written["kind"], "MAIL_VERIFICATION");
        assert_eq!(serde_json::from_value::<Job>(written).unwrap(), job);
    }

    #[test]
    fn a_held_contribution_is_named_by_its_kind_and_id() {
        let job = Job::QueueContribution {
            contribution: HeldContribution::Comment(CommentId(Uuid::nil())),
            findings: vec![FindingCode::PersonalData],
            by: None,
        };
        let written = serde_json::to_value(&job).unwrap();
        assert_eq!(written["kind"], "QUEUE_CONTRIBUTION");
        assert_eq!(written["payload"]["contribution"]["kind"], "COMMENT");
        assert_eq!(written["payload"]["findings"][0], "PERSONAL_DATA");
        assert_eq!(serde_json::from_value::<Job>(written).unwrap(), job);
    }

    #[test]
    fn waits_grow_and_outlast_a_try() {
        assert!(WAITS.is_sorted());
        assert!(WAITS[0] > TIME_LIMIT);
    }
}
