//! What a case is about: reading it, and what a decision does to it.

use super::{Action, ModerationRefusal, Subject, model::Item};
use crate::{
    Actor, Error, Result, account,
    clock::Instant,
    comment::{self, Comment, Comments},
    database::Transaction,
    id::{AccountId, PollId, StoryId},
    poll::{self, OptionModeration, Polls},
    story,
};

/// What others see of a person whose name moderators hid.
const HIDDEN_NAME: &str = "Verborgen naam";

/// What is told to others once a decision is on disk.
#[derive(Debug)]
pub(super) enum Changed {
    Comment(Box<Comment>),
    Poll(PollId),
}

/// What a decision did to its subject.
#[derive(Debug, Default)]
pub(super) struct Effect {
    /// Whether its author or others see it otherwise than before.
    pub(super) is_felt: bool,
    pub(super) changed: Option<Changed>,
}

/// The subject as it is, if `actor` may see it at `now`.
pub(super) async fn item(
    transaction: &Transaction,
    actor: &Actor,
    subject: Subject,
    now: Instant,
) -> Result<Option<Item>, ModerationRefusal> {
    Ok(match subject {
        Subject::Story(id) => {
            let found = story::store::by_id(transaction, actor, id, now).await?;
            found.map(|story| Item {
                subject,
                author: Some(story.author.id),
                is_public: story.is_public(),
                is_held: story.moderation == story::Moderation::Pending && !story.has_ended(),
                text: story_text(
                    &story.title,
                    &story.summary,
                    &story.body.unwrap_or_default(),
                ),
            })
        }
        Subject::Comment(id) => {
            let found = comment::store::by_ids(transaction, actor, &[id], now).await?;
            found.into_iter().next().map(|comment| Item {
                subject,
                author: Some(comment.author_id),
                is_public: comment.state == comment::CommentState::Visible,
                is_held: comment.state == comment::CommentState::Pending,
                text: comment.body.unwrap_or_default(),
            })
        }
        Subject::Answer(id) => {
            let found = poll::store::written_answer(transaction, actor, id).await?;
            found.map(|option| Item {
                subject,
                author: None,
                is_public: option.moderation == OptionModeration::Approved,
                is_held: option.moderation == OptionModeration::Pending,
                text: option.label,
            })
        }
        Subject::Profile(id) => {
            let found = account::store::profiles(transaction, &[id]).await?;
            found.into_iter().next().map(|profile| Item {
                subject,
                author: Some(id),
                is_public: true,
                is_held: false,
                text: profile.display_name,
            })
        }
    })
}

/// A story's text, as its case keeps it.
pub fn story_text(title: &str, summary: &str, body: &str) -> String {
    [title, summary, body].join("\n\n")
}

/// What a decision uses.
pub(super) struct Means<'a> {
    pub(super) transaction: &'a Transaction,
    pub(super) polls: &'a Polls,
    pub(super) now: Instant,
}

impl Means<'_> {
    /// Does to the subject what was decided; `before` is its text as it was reported.
    pub(super) async fn apply(
        &self,
        subject: Subject,
        action: Action,
        statement: Option<&str>,
        before: &str,
    ) -> Result<Effect, ModerationRefusal> {
        match (subject, action) {
            (_, Action::Block | Action::Unblock) => Ok(Effect::default()),
            (Subject::Story(id), _) => self.judge_story(id, action, statement).await,
            (_, Action::RequestChanges) => Err(Error::refused(ModerationRefusal::ActionUnfit)),
            (Subject::Comment(id), _) => {
                let shown = shows(action);
                let judged = Comments::judge(self.transaction, id, shown, self.now).await?;
                Ok(Effect {
                    is_felt: judged.is_some(),
                    changed: judged.map(|comment| Changed::Comment(Box::new(comment))),
                })
            }
            (Subject::Answer(id), _) => {
                let judged = self.polls.judge_within(self.transaction, id, shows(action));
                let (poll, _) = judged.await.map_err(Error::widen)?;
                Ok(Effect {
                    is_felt: true,
                    changed: Some(Changed::Poll(poll)),
                })
            }
            (Subject::Profile(id), _) => self.judge_profile(id, action, before).await,
        }
    }

    async fn judge_story(
        &self,
        id: StoryId,
        action: Action,
        statement: Option<&str>,
    ) -> Result<Effect, ModerationRefusal> {
        let (transaction, now) = (self.transaction, self.now);
        let story = story::store::by_id_for_change(transaction, &Actor::System, id, now)
            .await?
            .ok_or(Error::NotFound)?;
        let judgement = match action {
            Action::Approve | Action::Restore => story::Moderation::Approved,
            Action::RequestChanges => story::Moderation::ChangesRequested,
            Action::Reject => story::Moderation::Rejected,
            Action::Hide => story::Moderation::Hidden,
            _ if matches!(
                story.moderation,
                story::Moderation::Hidden | story::Moderation::Pending
            ) =>
            {
                story::Moderation::Approved
            }
            _ => return Ok(Effect::default()),
        };
        let statement = statement.map(str::to_owned);
        story::store::judge(transaction, id, judgement, statement, now).await?;
        Ok(Effect {
            is_felt: judgement != story.moderation,
            changed: None,
        })
    }

    async fn judge_profile(
        &self,
        id: AccountId,
        action: Action,
        before: &str,
    ) -> Result<Effect, ModerationRefusal> {
        let transaction = self.transaction;
        if shows(action) {
            account::store::forget_hidden_name(transaction, id, before).await?;
        } else {
            // As it was reported and as it is: neither is to come back by a rename.
            let profiles = account::store::profiles(transaction, &[id]).await?;
            let now = profiles.iter().map(|profile| profile.display_name.as_str());
            for name in now.chain([before]).filter(|name| *name != HIDDEN_NAME) {
                account::store::note_hidden_name(transaction, id, name, self.now).await?;
            }
        }
        let name = if shows(action) { before } else { HIDDEN_NAME };
        let from = shows(action).then_some(HIDDEN_NAME);
        let is_felt = account::store::rename(transaction, id, from, name).await?;
        Ok(Effect {
            is_felt,
            changed: None,
        })
    }
}

/// Whether an item is shown after an action. Reports that give no cause to act leave nothing
/// behind: what they hid is shown again.
pub(super) fn shows(action: Action) -> bool {
    matches!(action, Action::Approve | Action::Restore | Action::Ignore)
}
