//! Judging what voters wrote.

use super::{
    super::{OptionModeration, PollOption, PollRefusal, policy, store},
    Polls,
};
use crate::{Actor, Error, Result, id::OptionId, refusal::Path};

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
        let moderation = if approved {
            OptionModeration::Approved
        } else {
            OptionModeration::Rejected
        };
        let (poll, option) = self
            .database
            .write(|transaction| async move {
                let poll = store::written::poll_of(&transaction, option)
                    .await?
                    .ok_or(Error::NotFound)?;
                // Behind the lock of its poll: a ballot sees the one judgement or the other.
                let (poll, _) = self.locked(&transaction, poll).await?;
                let mut option = store::written::option(&transaction, option)
                    .await?
                    .ok_or(Error::NotFound)?;
                if option.written_by.is_none() {
                    let path = Path::from("optionId");
                    return Err(Error::refused(PollRefusal::OptionNotWritten(path)));
                }
                if option.moderation != moderation {
                    store::written::judge(&transaction, option.id, moderation).await?;
                    store::written::revise(&transaction, option.question, poll.run).await?;
                    option.moderation = moderation;
                }
                Ok((poll.id, option))
            })
            .await?;
        self.changed(poll);
        Ok(option)
    }
}
