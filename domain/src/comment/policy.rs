//! Who may do what with a comment, and when.
//!
//! Who may see what it stands under may see it, but for one that awaits a moderator and for what
//! a placeholder leaves out. Who may not see a comment never comes this far: for them there is
//! none.

use chrono::TimeDelta;

use super::{Comment, CommentRefusal, CommentState, Subject, model::MAX_DEPTH};
use crate::{Actor, Error, Result, clock::Instant, id::AccountId};

/// How long after posting a comment its author may change it: long enough for a slip of the pen,
/// too short to change what others answered to.
const EDIT_WINDOW: TimeDelta = TimeDelta::minutes(15);

/// Whether `actor` may comment on the subject: everyone with an account, while it is open.
pub fn may_comment(actor: &Actor, subject: &Subject) -> bool {
    add(actor, subject).is_ok()
}

/// Whether `actor` may reply to the comment: everyone with an account, while it is visible, above
/// depth 3, and its subject open.
pub fn may_reply(actor: &Actor, comment: &Comment) -> bool {
    reply(actor, comment).is_ok()
}

/// Whether `actor` may change the comment: its author, within 15 minutes of posting it.
pub(super) fn may_edit(actor: &Actor, comment: &Comment, now: Instant) -> bool {
    edit(actor, comment, now).is_ok()
}

/// Whether `actor` may delete the comment: its author, while there is something to delete.
pub fn may_delete(actor: &Actor, comment: &Comment) -> bool {
    delete(actor, comment).is_ok() && !comment.is_deleted()
}

/// Whether `actor` may support the comment: everyone with an account but its author, while it is
/// visible and its subject open.
pub fn may_support(actor: &Actor, comment: &Comment) -> bool {
    support(actor, comment).is_ok()
}

/// Whether `actor` sees that there is a comment of this state and author.
pub(super) fn may_see(actor: &Actor, state: CommentState, author: AccountId) -> bool {
    state != CommentState::Pending || is_judge(actor, author)
}

/// Whether `actor` sees body and author of a comment of this state and author.
pub(super) fn may_read(actor: &Actor, state: CommentState, author: AccountId) -> bool {
    match state {
        CommentState::Visible => true,
        CommentState::Pending | CommentState::Hidden => is_judge(actor, author),
        CommentState::DeletedByAuthor => false,
    }
}

fn is_judge(actor: &Actor, author: AccountId) -> bool {
    actor.is_moderator() || actor.reader() == Some(author)
}

pub(super) fn add(actor: &Actor, subject: &Subject) -> Result<(), CommentRefusal> {
    if actor.account().is_none() {
        return Err(actor.denied());
    }
    if !subject.is_open {
        return Err(Error::refused(CommentRefusal::Closed));
    }
    Ok(())
}

pub(super) fn reply(actor: &Actor, comment: &Comment) -> Result<(), CommentRefusal> {
    add(actor, &comment.subject)?;
    if comment.state != CommentState::Visible {
        return Err(Error::refused(CommentRefusal::NotVisible("parentId")));
    }
    if comment.depth >= MAX_DEPTH {
        return Err(Error::refused(CommentRefusal::TooDeep));
    }
    Ok(())
}

pub(super) fn edit(actor: &Actor, comment: &Comment, now: Instant) -> Result<(), CommentRefusal> {
    if !is_author(actor, comment) {
        return Err(actor.denied());
    }
    if is_placeholder(comment) {
        return Err(Error::refused(CommentRefusal::NotVisible("commentId")));
    }
    if now - comment.created_at > EDIT_WINDOW {
        return Err(Error::refused(CommentRefusal::EditWindowClosed));
    }
    Ok(())
}

/// What its author deleted may be deleted again, to no effect: a client whose answer got lost
/// asks twice. What a moderator removed stays as it was judged.
pub(super) fn delete(actor: &Actor, comment: &Comment) -> Result<(), CommentRefusal> {
    if !is_author(actor, comment) {
        return Err(actor.denied());
    }
    if comment.state == CommentState::Hidden {
        return Err(Error::refused(CommentRefusal::NotVisible("commentId")));
    }
    Ok(())
}

/// An author's support is in the writing: the count says how many others agree.
pub(super) fn support(actor: &Actor, comment: &Comment) -> Result<(), CommentRefusal> {
    add(actor, &comment.subject)?;
    if comment.state != CommentState::Visible {
        return Err(Error::refused(CommentRefusal::NotVisible("commentId")));
    }
    if is_author(actor, comment) {
        return Err(Error::refused(CommentRefusal::OwnComment));
    }
    Ok(())
}

fn is_author(actor: &Actor, comment: &Comment) -> bool {
    actor.account() == Some(comment.author_id)
}

fn is_placeholder(comment: &Comment) -> bool {
    matches!(
        comment.state,
        CommentState::Hidden | CommentState::DeletedByAuthor
    )
}

#[cfg(test)]
mod tests;
