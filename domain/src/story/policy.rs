//! Who may do what with a story, and how far along it must be.
//!
//! Who may not see a story never comes this far: for them there is none.

use super::{Lifecycle, Moderation, Story, StoryRefusal};
use crate::{Actor, Error, Result};

/// Whether `actor` may write a story: everyone with an account.
pub fn may_create(actor: &Actor) -> bool {
    actor.account().is_some()
}

/// Whether `actor` may change the story's text: its author until it is published, or where the
/// moderators ask for it; editors from the first submission on.
pub fn may_edit(actor: &Actor, story: &Story) -> bool {
    edit(actor, story).is_ok()
}

/// Whether `actor` may publish and schedule stories: editors.
pub fn may_publish(actor: &Actor) -> bool {
    actor.is_editor()
}

/// Whether `actor` may withdraw the story, once: its author, and editors from the first
/// submission on.
pub fn may_withdraw(actor: &Actor, story: &Story) -> bool {
    withdraw(actor, story).is_ok()
}

/// Whether `actor` may give the story energy: everyone with an account, while it is public.
pub fn may_react(actor: &Actor, story: &Story) -> bool {
    react(actor, story).is_ok()
}

/// Whether `actor` may report the story to the moderators while it is public: everyone with an
/// account or a visitor's token, but for its author.
pub fn may_report(actor: &Actor, story: &Story) -> bool {
    let is_known = matches!(actor, Actor::Member(_) | Actor::Visitor(Some(_)));
    is_known && story.is_public() && !is_author(actor, story)
}

/// Whether `actor` may see what the moderators told the story's author, and why it was
/// withdrawn: its author and staff.
pub fn may_see_judgement(actor: &Actor, story: &Story) -> bool {
    actor.reader() == Some(story.author.id) || actor.is_staff()
}

/// Whether `actor` may make series and arrange their stories: editors.
pub fn may_arrange(actor: &Actor) -> bool {
    actor.is_editor()
}

pub(super) fn is_author(actor: &Actor, story: &Story) -> bool {
    actor.account() == Some(story.author.id)
}

pub(super) fn edit(actor: &Actor, story: &Story) -> Result<(), StoryRefusal> {
    let author = is_author(actor, story);
    if !author && !actor.is_editor() {
        return Err(actor.denied());
    }
    going(story)?;
    if actor.is_editor() && story.lifecycle != Lifecycle::Draft {
        return Ok(());
    }
    if !author {
        return Err(Error::refused(StoryRefusal::NotSubmitted));
    }
    match story.moderation {
        Moderation::Rejected | Moderation::Hidden => Err(Error::refused(StoryRefusal::Rejected)),
        Moderation::ChangesRequested => Ok(()),
        _ if story.lifecycle == Lifecycle::Published => {
            Err(Error::refused(StoryRefusal::AlreadyPublished))
        }
        _ => Ok(()),
    }
}

pub(super) fn submit(actor: &Actor, story: &Story) -> Result<(), StoryRefusal> {
    if !is_author(actor, story) {
        return Err(actor.denied());
    }
    going(story)?;
    match story.moderation {
        Moderation::Rejected | Moderation::Hidden => Err(Error::refused(StoryRefusal::Rejected)),
        Moderation::ChangesRequested => Ok(()),
        _ if story.lifecycle == Lifecycle::Draft => Ok(()),
        _ => Err(Error::refused(StoryRefusal::AlreadySubmitted)),
    }
}

pub(super) fn publish(actor: &Actor, story: &Story) -> Result<(), StoryRefusal> {
    if !may_publish(actor) {
        return Err(actor.denied());
    }
    going(story)?;
    let refusal = match story.moderation {
        Moderation::Rejected | Moderation::Hidden => StoryRefusal::Rejected,
        Moderation::ChangesRequested => StoryRefusal::ChangesRequested,
        _ if story.is_public() => StoryRefusal::AlreadyPublished,
        // What an editor writes needs nobody's judgement; a resident decides when theirs is done.
        _ if story.lifecycle == Lifecycle::Draft && !is_author(actor, story) => {
            StoryRefusal::NotSubmitted
        }
        _ => return Ok(()),
    };
    Err(Error::refused(refusal))
}

pub(super) fn withdraw(actor: &Actor, story: &Story) -> Result<(), StoryRefusal> {
    let author = is_author(actor, story);
    if !author && !actor.is_editor() {
        return Err(actor.denied());
    }
    going(story)?;
    if !author && story.lifecycle == Lifecycle::Draft {
        return Err(Error::refused(StoryRefusal::NotSubmitted));
    }
    Ok(())
}

pub(super) fn react(actor: &Actor, story: &Story) -> Result<(), StoryRefusal> {
    if actor.account().is_none() {
        return Err(actor.denied());
    }
    if !story.is_public() {
        return Err(Error::refused(StoryRefusal::NotPublic));
    }
    Ok(())
}

fn going(story: &Story) -> Result<(), StoryRefusal> {
    if story.has_ended() {
        Err(Error::refused(StoryRefusal::Withdrawn))
    } else {
        Ok(())
    }
}
