//! What can be done with polls.

mod ballot;
mod change;
mod create;
mod import;
mod judge;
mod own;
mod read;
mod watch;

use super::{Poll, PollRefusal, policy, store};
use crate::{
    Actor, Error, Result,
    clock::{Instant, SharedClock},
    database::{Database, Transaction},
    event::{Event, Events},
    id::PollId,
};

/// The use-cases of polls and ballots.
#[derive(Clone)]
pub struct Polls {
    database: Database,
    clock: SharedClock,
    events: Events,
}

impl Polls {
    pub(crate) fn new(database: Database, clock: SharedClock, events: Events) -> Self {
        Self {
            database,
            clock,
            events,
        }
    }

    /// Tells who watches that a poll has changed; once its transaction is committed.
    fn changed(&self, poll: PollId) {
        self.events.publish(Event::PollChanged(poll));
    }

    /// The poll behind its lock, and the time, read when the lock was had: whatever holds at
    /// that time holds until the transaction ends.
    async fn locked(
        &self,
        transaction: &Transaction,
        id: PollId,
    ) -> Result<(Poll, Instant), PollRefusal> {
        let row = store::lock(transaction, id).await?.ok_or(Error::NotFound)?;
        let now = self.clock.now();
        Ok((row.at(now), now))
    }
}

async fn existing(
    transaction: &Transaction,
    id: PollId,
    now: Instant,
) -> Result<Poll, PollRefusal> {
    store::by_id(transaction, id, now)
        .await?
        .ok_or(Error::NotFound)
}

/// That the actor may manage polls.
fn allow(actor: &Actor) -> Result<(), PollRefusal> {
    if policy::may_manage(actor) {
        Ok(())
    } else {
        Err(actor.denied())
    }
}
