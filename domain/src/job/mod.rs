//! The queue of jobs: a job is a promise, written in the transaction of the change that makes
//! it and kept afterwards, at least once.
//!
//! A job names what it is about by id only. It is tried up to 8 times, each time after a longer
//! wait; then it stays in the table as failed, for an operator to see. Nothing here knows what a
//! job does: [`Services`](crate::Services) hands each to its aggregate.
//!
//! Each lane has its own worker, so that a mail server that says nothing delays mail and nothing
//! else. While no mail server is set, mail is not tried at all: it waits.

mod queue;

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::{
    Error, Result,
    clock::SharedClock,
    database::Database,
    id::{AccountId, CommentId, ModerationEntryId, OptionId, StoryId, VisitorId},
    screening::FindingCode,
};

pub use entity::{job::Lane, mailed_link::Purpose as LinkPurpose};
pub use queue::Claimed;
pub(crate) use queue::{push, push_all};

/// The kind of [`Job::MailLink`] as it is stored.
pub(crate) const MAIL_LINK: &str = "MAIL_LINK";
/// The lanes, in the order in which one worker would empty them.
pub(crate) const LANES: [Lane; 2] = [Lane::General, Lane::Mail];

/// Returns the time limit of one try; the first wait is longer, so that no two tries meet.
const fn time_limit(lane: Lane) -> Duration {
    match lane {
        Lane::General => Duration::from_secs(30),
        // Several steps with a time limit of their own.
        Lane::Mail => Duration::from_secs(50),
    }
}

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

/// A promise. One that sends mail is named `Mail…`: that puts it in the lane of mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    content = "payload",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase"
)]
pub enum Job {
    /// Mail a link that shows that the account's address is its owner's.
    MailVerification {
        /// Whose address.
        account: AccountId,
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
        /// The idle account.
        account: AccountId,
    },
    /// Mail the author what moderators decided.
    MailDecision {
        /// The author.
        account: AccountId,
        /// The decision.
        entry: ModerationEntryId,
    },
    /// Mail someone who reported an item how that ended.
    MailReportOutcome {
        /// The account that reported it.
        account: AccountId,
        /// The decision that settled the report.
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
    /// False while no mail server is set: mail waits.
    sends_mail: bool,
    signals: Arc<LaneSignals>,
}

/// Wakes the worker of each lane.
#[derive(Default)]
struct LaneSignals {
    general: Notify,
    mail: Notify,
}

impl LaneSignals {
    fn to(&self, lane: Lane) -> &Notify {
        match lane {
            Lane::General => &self.general,
            Lane::Mail => &self.mail,
        }
    }
}

impl Jobs {
    pub(crate) fn new(database: Database, clock: SharedClock, sends_mail: bool) -> Self {
        Self {
            database,
            clock,
            sends_mail,
            signals: Arc::default(),
        }
    }

    /// Says that a committed transaction left a job, so that it need not wait to be found.
    pub(crate) fn wake(&self) {
        for lane in LANES {
            self.signals.to(lane).notify_one();
        }
    }

    /// Ends when a job was left by this process since the last call for this lane.
    pub(crate) async fn pushed(&self, lane: Lane) {
        self.signals.to(lane).notified().await;
    }

    /// Counts the jobs of a lane that are due and not done.
    pub(crate) async fn count_due(&self, lane: Lane) -> Result<u64> {
        Ok(queue::count_due(self.database.read(), lane, self.clock.now()).await?)
    }

    /// The lane's next job that is due, taken so that nobody else takes it before its wait is over.
    pub(crate) async fn claim(&self, lane: Lane) -> Result<Option<Claimed>> {
        if lane == Lane::Mail && !self.sends_mail {
            return Ok(None);
        }
        let now = self.clock.now();
        // Most looks find nothing; those should not keep anyone from writing.
        if !queue::is_due(self.database.read(), lane, now).await? {
            return Ok(None);
        }
        self.database
            .write(|transaction| async move { Ok(queue::claim(&transaction, lane, now).await?) })
            .await
    }

    /// Waits for one try of a job, up to its time limit, and keeps how it ended.
    pub(crate) async fn attempt(
        &self,
        claimed: &Claimed,
        work: impl Future<Output = Result<()>>,
    ) -> Result<()> {
        let outcome = tokio::time::timeout(time_limit(claimed.lane), work)
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
            account: AccountId(Uuid::nil()),
        };
        let written = serde_json::to_value(&job).unwrap();
        assert_eq!(written["kind"], "MAIL_VERIFICATION");
        assert_eq!(serde_json::from_value::<Job>(written).unwrap(), job);
    }

    #[test]
    fn mail_waits_in_its_own_lane_by_its_name() {
        let account = AccountId(Uuid::nil());
        let entry = ModerationEntryId(Uuid::nil());
        for (job, lane) in [
            (Job::MailIdle { account }, Lane::Mail),
            (Job::MailReportOutcome { account, entry }, Lane::Mail),
            (
                Job::ClaimBallots {
                    account,
                    visitor: VisitorId(Uuid::nil()),
                },
                Lane::General,
            ),
        ] {
            let written = serde_json::to_value(&job).unwrap();
            assert_eq!(
                queue::lane(written["kind"].as_str().unwrap()),
                lane,
                "{job:?}"
            );
        }
        let purpose = LinkPurpose::SignIn;
        let link = serde_json::to_value(Job::MailLink { account, purpose }).unwrap();
        assert_eq!(link["kind"], MAIL_LINK);
    }

    #[test]
    fn a_warning_that_an_older_version_queued_is_read() {
        let written = serde_json::json!({
            "kind": "MAIL_IDLE",
            "payload": { "account": Uuid::nil(), "erasedAt": 1_800_000_000 },
        });
        let account = AccountId(Uuid::nil());
        let read = serde_json::from_value::<Job>(written).unwrap();
        assert_eq!(read, Job::MailIdle { account });
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
        assert!(LANES.iter().all(|lane| WAITS[0] > time_limit(*lane)));
    }
}
