//! What can be done with reports and cases.

mod appeal;
mod block;
mod conclude;
mod decide;
mod mention;
mod read;
mod report;
mod review;
mod template;
mod verify;
mod watch;

use std::sync::Arc;

use chrono::TimeDelta;

use super::{Deadlines, ModerationRefusal, effect::Changed, policy};
use crate::{
    Actor, Result,
    account::Accounts,
    clock::SharedClock,
    comment::Comments,
    database::Database,
    event::{Event, Events},
    id::AccountId,
    job::Jobs,
    poll::Polls,
};

pub use verify::verify_record;
pub use watch::Watch;

/// How long a claim lasts.
const CLAIM: TimeDelta = TimeDelta::minutes(15);

/// The use-cases of moderation. Cheap to clone.
#[derive(Clone)]
pub struct Moderation(Arc<Means>);

/// What they are made of.
pub(crate) struct Means {
    pub(crate) database: Database,
    pub(crate) clock: SharedClock,
    pub(crate) jobs: Jobs,
    pub(crate) events: Events,
    pub(crate) accounts: Accounts,
    pub(crate) comments: Comments,
    pub(crate) polls: Polls,
    pub(crate) deadlines: Deadlines,
}

/// What is told to others once a change is on disk.
#[derive(Debug, Default)]
struct News {
    changed: Vec<Changed>,
    /// Accounts that were blocked, or are blocked no longer.
    access_changed: Vec<AccountId>,
}

impl Moderation {
    pub(crate) fn new(means: Means) -> Self {
        Self(Arc::new(means))
    }

    /// Who mails what is decided.
    pub(super) fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    fn tell(&self, news: News) {
        for one in news.changed {
            match one {
                Changed::Comment(comment) => self.0.comments.counted(&comment),
                Changed::Poll(poll) => self.0.polls.changed(poll),
            }
        }
        for account in news.access_changed {
            self.0.accounts.forget(account);
        }
        self.0.events.publish(Event::CasesChanged);
        self.0.jobs.wake();
    }
}

/// Only those who judge what others submit.
fn allow<R>(actor: &Actor) -> Result<(), R> {
    if policy::may_moderate(actor) {
        Ok(())
    } else {
        Err(actor.denied())
    }
}

/// The moderator's account; the platform itself decides nothing by request.
fn moderator(actor: &Actor) -> Result<AccountId, ModerationRefusal> {
    allow(actor)?;
    actor.account().ok_or_else(|| actor.denied())
}
