//! Judging what voters wrote.

use super::{
    super::{OptionModeration, PollOption, PollRefusal, policy, store},
    Polls,
};
use crate::{
    Actor, Error, Result,
    database::Transaction,
    id::{OptionId, PollId},
    job::{self, HeldContribution, Job},
    refusal::Path,
};

impl Polls {
    /// Shows what a voter wrote to everyone, or to nobody but staff; the voter keeps seeing it.
    /// The ballots that it stands on stay as they are.
    pub async fn judge(
        &self,
        actor: &Actor,
        option: OptionId,
        approved: bool,
    ) -> Result<PollOption, PollRefusal> {
        if !policy::may_judge(actor) {
            return Err(actor.denied());
        }
        let (poll, option) = self
            .database
            .write(|transaction| async move {
                let judged = self.judge_within(&transaction, option, approved).await?;
                // Whoever leads the room decided: nothing waits in the moderators' queue.
                let job = Job::QueueContribution {
                    contribution: HeldContribution::Answer(option),
                    findings: Vec::new(),
                    by: actor.account(),
                };
                job::push(&transaction, &job, self.clock.now()).await?;
                Ok(judged)
            })
            .await?;
        self.changed(poll);
        Ok(option)
    }

    /// As [`judge`](Self::judge), within the transaction of who may do so; the poll is to be told
    /// of it once that is on disk.
    pub(crate) async fn judge_within(
        &self,
        transaction: &Transaction,
        option: OptionId,
        approved: bool,
    ) -> Result<(PollId, PollOption), PollRefusal> {
        let moderation = if approved {
            OptionModeration::Approved
        } else {
            OptionModeration::Rejected
        };
        let poll = store::written::poll_of(transaction, option)
            .await?
            .ok_or(Error::NotFound)?;
        // Behind the lock of its poll: a ballot sees the one judgement or the other.
        let (poll, _) = self.locked(transaction, poll).await?;
        let mut option = store::written::option(transaction, option)
            .await?
            .ok_or(Error::NotFound)?;
        if option.written_by.is_none() {
            let path = Path::from("optionId");
            return Err(Error::refused(PollRefusal::OptionNotWritten(path)));
        }
        if option.moderation != moderation {
            store::written::judge(transaction, option.id, moderation).await?;
            store::written::revise(transaction, option.question, poll.run).await?;
            option.moderation = moderation;
        }
        Ok((poll.id, option))
    }
}
