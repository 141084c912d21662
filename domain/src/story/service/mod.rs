//! What can be done with stories.

mod lifecycle;
mod react;
mod read;
mod series;
mod write;

use super::{Story, StoryRefusal, store};
use crate::{
    Actor, Error, Result,
    clock::{Instant, SharedClock},
    database::{Database, Transaction},
    id::{AccountId, StoryId, ThemeId},
    job::{self, HeldContribution, Job},
    screening::{FindingCode, Screenings},
    theme,
};

/// The use-cases of stories and their series.
#[derive(Clone)]
pub struct Stories {
    database: Database,
    clock: SharedClock,
    screenings: Screenings,
}

impl Stories {
    pub(crate) fn new(database: Database, clock: SharedClock, screenings: Screenings) -> Self {
        Self {
            database,
            clock,
            screenings,
        }
    }
}

async fn existing(
    transaction: &Transaction,
    actor: &Actor,
    id: StoryId,
    now: Instant,
) -> Result<Story, StoryRefusal> {
    store::by_id(transaction, actor, id, now)
        .await?
        .ok_or(Error::NotFound)
}

async fn for_change(
    transaction: &Transaction,
    actor: &Actor,
    id: StoryId,
    now: Instant,
) -> Result<Story, StoryRefusal> {
    store::by_id_for_change(transaction, actor, id, now)
        .await?
        .ok_or(Error::NotFound)
}

/// Refuses who has not signed in before anything is looked up.
fn signed_in(actor: &Actor) -> Result<(), StoryRefusal> {
    match actor {
        Actor::Visitor(_) | Actor::Guest(_) | Actor::Blocked(_) => Err(actor.denied()),
        Actor::Member(_) | Actor::System => Ok(()),
    }
}

fn allow(actor: &Actor, policy: impl Fn(&Actor) -> bool) -> Result<(), StoryRefusal> {
    if policy(actor) {
        Ok(())
    } else {
        Err(actor.denied())
    }
}

async fn theme_ids(
    transaction: &Transaction,
    story: StoryId,
) -> Result<Vec<ThemeId>, StoryRefusal> {
    let themes = store::themes(transaction, &[story]).await?;
    Ok(themes.into_iter().map(|(_, theme)| theme.id).collect())
}

/// Promises the moderators' queue to look at a story: it waits for them, with what screening found
/// in it, or no longer does by what `by` did.
async fn review(
    transaction: &Transaction,
    story: StoryId,
    findings: Vec<FindingCode>,
    by: Option<AccountId>,
    now: Instant,
) -> Result<(), StoryRefusal> {
    let job = Job::QueueContribution {
        contribution: HeldContribution::Story(story),
        findings,
        by,
    };
    job::push(transaction, &job, now).await?;
    Ok(())
}

/// Makes a story's author follow these themes.
async fn follow(
    transaction: &Transaction,
    story: &Story,
    mut themes: Vec<ThemeId>,
    now: Instant,
) -> Result<(), StoryRefusal> {
    // In one order everywhere, so that two stories that share themes never wait for each other.
    themes.sort_unstable();
    for theme in themes {
        theme::store::follow(transaction, theme, story.author.id, now).await?;
    }
    Ok(())
}
