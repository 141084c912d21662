//! What can be done with polls.

mod anonymize;
mod ballot;
mod change;
mod claim;
mod count;
mod create;
mod held;
mod import;
mod judge;
mod own;
mod read;
mod recount;
mod restart;
mod room;
mod split;
mod watch;

use std::sync::Arc;

use self::count::Counting;
use super::{
    NewVoterLimit, Poll, PollRefusal, guesses::Guesses, new_voters::NewVoters, policy,
    presence::Rooms, split::SplitCache, standing::Standings, store, watching::Watchers,
};
use crate::{
    Actor, Error, Result,
    clock::{Instant, SharedClock},
    database::{Database, Transaction},
    event::{Event, Events},
    id::{InstanceId, PartnerId, PollId},
    partner,
    screening::Screenings,
};

pub use recount::recount_ballots;

/// The use-cases of polls and ballots.
#[derive(Clone)]
pub struct Polls {
    database: Database,
    clock: SharedClock,
    events: Events,
    guesses: Guesses,
    /// This process, where several tell the same database who follows their rooms.
    instance: InstanceId,
    new_voters: Arc<NewVoters>,
    rooms: Rooms,
    screenings: Screenings,
    splits: Arc<SplitCache>,
    standings: Arc<Standings>,
    watchers: Arc<Watchers>,
    counting: Arc<Counting>,
}

impl Polls {
    /// The polls of a database, with a task of their own that counts their ballots.
    pub(crate) fn new(
        database: Database,
        clock: SharedClock,
        events: Events,
        screenings: Screenings,
        new_voters: NewVoterLimit,
    ) -> Self {
        let standings = Arc::new(Standings::new(database.clone(), clock.clone()));
        let kept = Arc::clone(&standings);
        events.react(move |event| {
            if let Event::PollChanged(poll) = event {
                kept.forget(poll);
            }
        });
        let watchers = Watchers::new(
            Arc::clone(&standings),
            database.clone(),
            clock.clone(),
            events.clone(),
        );
        let new_voters = Arc::new(NewVoters::new(new_voters));
        let counting = Counting::start(
            database.clone(),
            clock.clone(),
            events.clone(),
            Arc::clone(&standings),
            Arc::clone(&watchers),
            Arc::clone(&new_voters),
        );
        Self {
            instance: InstanceId::new(clock.now()),
            new_voters,
            guesses: Guesses::new(),
            rooms: Rooms::default(),
            screenings,
            splits: Arc::new(SplitCache::new(&database)),
            database,
            clock,
            events,
            standings,
            watchers,
            counting: Arc::new(counting),
        }
    }

    /// Waits until every ballot that was handed in before is answered.
    pub async fn settled(&self) {
        self.counting.settled().await;
    }

    /// Tells who watches that a poll has changed; once its transaction is committed.
    pub(crate) fn changed(&self, poll: PollId) {
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

impl Polls {
    /// That the actor may write a poll in the name of the partner: editors, and who works for
    /// that very partner.
    async fn allow_for(
        &self,
        actor: &Actor,
        partner: Option<PartnerId>,
    ) -> Result<(), PollRefusal> {
        let Some(partner) = partner else {
            return allow(actor);
        };
        let connection = self.database.read();
        let role = partner::store::role_of(connection, actor, partner).await?;
        if !policy::may_manage(actor) && !partner::may_write(actor, role) {
            return Err(actor.denied());
        }
        if partner::store::by_ids(connection, &[partner])
            .await?
            .is_empty()
        {
            return Err(Error::NotFound);
        }
        Ok(())
    }

    /// That the actor may manage this poll: editors, and who works for its partner. A poll that
    /// is not there is denied like another's, but to editors, who are told later.
    async fn allow_at(&self, actor: &Actor, poll: PollId) -> Result<(), PollRefusal> {
        if policy::may_manage(actor) {
            return Ok(());
        }
        let connection = self.database.read();
        let poll = store::by_id(connection, poll, self.clock.now()).await?;
        let Some(partner) = poll.and_then(|poll| poll.partner) else {
            return Err(actor.denied());
        };
        let role = partner::store::role_of(connection, actor, partner).await?;
        if partner::may_write(actor, role) {
            Ok(())
        } else {
            Err(actor.denied())
        }
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
