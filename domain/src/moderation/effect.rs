//! What a case is about: reading it, and what a decision does to it.

use super::{Action, ModerationRefusal, Subject, model::Item};
use crate::{
    Actor, Error, Result,
    clock::Instant,
    comment::{self, Comment, Comments},
    database::Transaction,
    id::{PollId, StoryId},
    poll::{self, OptionModeration, Polls},
    story,
};

/// What is told to others once a decision is on disk.
#[derive(Debug)]
pub(super) enum Changed {
    Comment(Box<Comment>),
    Poll(PollId),
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
                text: [Some(story.title), Some(story.summary), story.body]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join("\n\n"),
            })
        }
        Subject::Comment(id) => {
            let found = comment::store::by_ids(transaction, actor, &[id], now).await?;
            found.into_iter().next().map(|comment| Item {
                subject,
                author: Some(comment.author_id),
                is_public: comment.state == comment::CommentState::Visible,
                text: comment.body.unwrap_or_default(),
            })
        }
        Subject::Answer(id) => {
            let found = poll::store::written_answer(transaction, actor, id).await?;
            found.map(|option| Item {
                subject,
                author: None,
                is_public: option.moderation == OptionModeration::Approved,
                text: option.label,
            })
        }
    })
}

/// Does to the subject what was decided.
pub(super) async fn apply(
    transaction: &Transaction,
    polls: &Polls,
    subject: Subject,
    action: Action,
    statement: Option<String>,
    now: Instant,
) -> Result<Option<Changed>, ModerationRefusal> {
    match (subject, action) {
        (Subject::Story(id), action) => {
            judge_story(transaction, id, action, statement, now).await?;
            Ok(None)
        }
        (_, Action::RequestChanges) => Err(Error::refused(ModerationRefusal::ActionUnfit)),
        (Subject::Comment(id), action) => {
            let judged = Comments::judge(transaction, id, shows(action), now).await?;
            Ok(judged.map(|comment| Changed::Comment(Box::new(comment))))
        }
        (Subject::Answer(id), action) => {
            let judged = polls.judge_within(transaction, id, shows(action)).await;
            let (poll, _) = judged.map_err(Error::widen)?;
            Ok(Some(Changed::Poll(poll)))
        }
    }
}

async fn judge_story(
    transaction: &Transaction,
    id: StoryId,
    action: Action,
    statement: Option<String>,
    now: Instant,
) -> Result<(), ModerationRefusal> {
    let story = story::store::by_id_for_change(transaction, &Actor::System, id, now)
        .await?
        .ok_or(Error::NotFound)?;
    let judgement = match action {
        Action::Approve | Action::Restore => story::Moderation::Approved,
        Action::RequestChanges => story::Moderation::ChangesRequested,
        Action::Reject => story::Moderation::Rejected,
        Action::Hide => story::Moderation::Hidden,
        Action::Ignore if story.moderation == story::Moderation::Hidden => {
            story::Moderation::Approved
        }
        Action::Ignore => return Ok(()),
    };
    story::store::judge(transaction, id, judgement, statement, now).await?;
    Ok(())
}

/// Whether an item is shown after an action. Reports that give no cause to act leave nothing
/// behind: what they hid is shown again.
fn shows(action: Action) -> bool {
    matches!(action, Action::Approve | Action::Restore | Action::Ignore)
}
