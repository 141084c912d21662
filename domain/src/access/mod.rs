//! Access of connections that stay open, such as WebSockets: it ends with the session, the role or
//! the embed that gave it, and when its account is blocked or no longer, not with the token alone.
//!
//! All connections of one session share one entry. A sweep looks at every entry each two seconds,
//! in one statement for sessions and one for embeds; an event has the entries that it names looked
//! at immediately. Visitors' tokens cannot be revoked, so they have no entry.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak},
    time::Duration,
};

use chrono::TimeDelta;
use tokio::{
    sync::{Notify, watch},
    time::MissedTickBehavior,
};

use crate::{
    Actor, Error, Result,
    account::Accounts,
    clock::{Instant, SharedClock},
    embed::Embeds,
    event::{Event, Events},
    id::EmbedId,
    task::Task,
};

/// The pause between two looks at all entries.
const SWEEP: Duration = Duration::from_secs(2);
/// The time that access counts as good for a new operation after it was looked at.
const FRESH: TimeDelta = TimeDelta::seconds(5);
/// Entries of one statement.
const CHUNK: usize = 500;

/// The access of this process's open connections. Cheap to clone.
#[derive(Clone)]
pub struct Accesses(Arc<Shared>);

struct Shared {
    lookup: Lookup,
    events: Events,
    entries: Arc<Entries>,
    sweep: OnceLock<Task>,
}

/// The services that look access up.
#[derive(Clone)]
struct Lookup {
    accounts: Accounts,
    embeds: Embeds,
    clock: SharedClock,
}

#[derive(Default)]
struct Entries {
    by_key: Mutex<HashMap<Key, Weak<Entry>>>,
    /// Events whose entries are to be looked at.
    pending: Mutex<Vec<Event>>,
    wake: Notify,
}

/// The key of an entry: the session, embed or role that gives access, or the block that limits it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    SignedIn(Actor),
    Embed(EmbedId),
}

struct Entry {
    ended: watch::Sender<bool>,
    looked_at: Mutex<Instant>,
}

/// The access of one connection.
#[must_use = "it is looked after as long as this is kept"]
pub struct Access {
    lookup: Lookup,
    /// None where nothing can end it.
    held: Option<(Key, Arc<Entry>)>,
}

impl Accesses {
    pub(crate) fn new(
        accounts: Accounts,
        embeds: Embeds,
        events: Events,
        clock: SharedClock,
    ) -> Self {
        let entries = Arc::<Entries>::default();
        let affected = Arc::downgrade(&entries);
        events.react(move |event| {
            if let Some(entries) = affected.upgrade()
                && !matches!(event, Event::PollChanged(_) | Event::CasesChanged)
            {
                entries.pending().push(event);
                entries.wake.notify_one();
            }
        });
        Self(Arc::new(Shared {
            lookup: Lookup {
                accounts,
                embeds,
                clock,
            },
            events,
            entries,
            sweep: OnceLock::new(),
        }))
    }

    /// Looks after the access of an actor whose token was just verified.
    pub fn hold(&self, actor: &Actor) -> Access {
        let key = match actor {
            Actor::Member(_) | Actor::Blocked(_) => Key::SignedIn(actor.clone()),
            Actor::Guest(guest) => Key::Embed(guest.embed),
            Actor::Visitor(_) | Actor::System => {
                return Access {
                    lookup: self.0.lookup.clone(),
                    held: None,
                };
            }
        };
        self.0.events.hear_others();
        self.0.sweep.get_or_init(|| {
            let (entries, lookup) = (Arc::clone(&self.0.entries), self.0.lookup.clone());
            Task::start("access of open connections", async move {
                sweep(&entries, &lookup).await;
            })
        });
        Access {
            lookup: self.0.lookup.clone(),
            held: Some((key.clone(), self.0.entries.entry(key))),
        }
    }
}

impl Access {
    /// Returns an error unless access holds now, or was seen to within five seconds.
    pub async fn check(&self) -> Result<()> {
        let Some((key, entry)) = &self.held else {
            return Ok(());
        };
        let now = self.lookup.clock.now();
        if !entry.has_ended() && now - entry.looked_at() >= FRESH {
            let keys = [(key.clone(), Arc::clone(entry))];
            self.lookup.look(&keys).await?;
        }
        if entry.has_ended() {
            Err(Error::Unauthenticated)
        } else {
            Ok(())
        }
    }

    /// Waits until access has ended.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + 'static {
        let ended = self.held.as_ref().map(|(_, entry)| entry.ended.subscribe());
        async move {
            let Some(mut ended) = ended else {
                return std::future::pending().await;
            };
            // The sender lives as long as the access: without one nobody waits.
            let _ = ended.wait_for(|ended| *ended).await;
        }
    }
}

impl Entry {
    fn has_ended(&self) -> bool {
        *self.ended.borrow()
    }

    fn looked_at(&self) -> Instant {
        *self
            .looked_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn looked(&self, at: Instant) {
        *self
            .looked_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = at;
    }
}

impl Entries {
    /// The entry of a key that has not ended, made where there is none. Nobody has looked at a new
    /// one yet: verified tokens are cached, so the event of its end may have passed.
    fn entry(&self, key: Key) -> Arc<Entry> {
        let mut entries = self.by_key();
        if let Some(entry) = entries.get(&key).and_then(Weak::upgrade)
            && !entry.has_ended()
        {
            return entry;
        }
        let entry = Arc::new(Entry {
            ended: watch::Sender::new(false),
            looked_at: Mutex::new(Instant::MIN_UTC),
        });
        entries.insert(key, Arc::downgrade(&entry));
        entry
    }

    /// The entries that `is_meant`; those that nobody holds any more go.
    fn held(&self, is_meant: impl Fn(&Key) -> bool) -> Vec<(Key, Arc<Entry>)> {
        let mut held = Vec::new();
        self.by_key().retain(|key, entry| match entry.upgrade() {
            Some(entry) => {
                if is_meant(key) {
                    held.push((key.clone(), entry));
                }
                true
            }
            None => false,
        });
        held
    }

    fn by_key(&self) -> MutexGuard<'_, HashMap<Key, Weak<Entry>>> {
        self.by_key.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pending(&self) -> MutexGuard<'_, Vec<Event>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Key {
    fn is_affected_by(&self, event: Event) -> bool {
        match (self, event) {
            (Self::SignedIn(actor), Event::SessionEnded(session)) => actor
                .signed_in()
                .is_some_and(|member| member.session == session),
            (Self::SignedIn(actor), Event::AccessChanged(account)) => {
                actor.reader() == Some(account)
            }
            (Self::Embed(own), Event::EmbedChanged(embed)) => *own == embed,
            _ => false,
        }
    }
}

impl Lookup {
    /// Looks at entries; those whose access has ended say so to their connections.
    async fn look(&self, entries: &[(Key, Arc<Entry>)]) -> Result<()> {
        let now = self.clock.now();
        for entries in entries.chunks(CHUNK) {
            let (mut actors, mut embeds) = (Vec::new(), Vec::new());
            for (key, _) in entries {
                match key {
                    Key::SignedIn(actor) => actors.push(actor.clone()),
                    Key::Embed(embed) => embeds.push(*embed),
                }
            }
            let mut ended = Vec::new();
            if !actors.is_empty() {
                let without = self.accounts.without_access(&actors, now).await?;
                ended.extend(without.into_iter().map(Key::SignedIn));
            }
            if !embeds.is_empty() {
                let gone = self.embeds.gone(&embeds).await?;
                ended.extend(gone.into_iter().map(Key::Embed));
            }
            for (key, entry) in entries {
                if ended.contains(key) {
                    entry.ended.send_replace(true);
                } else {
                    entry.looked(now);
                }
            }
        }
        Ok(())
    }
}

/// Looks at all entries every two seconds, and immediately at those that an event names.
async fn sweep(entries: &Entries, lookup: &Lookup) {
    let mut sweeps = tokio::time::interval(SWEEP);
    sweeps.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let is_due = tokio::select! {
            _ = sweeps.tick() => true,
            () = entries.wake.notified() => false,
        };
        let events = std::mem::take(&mut *entries.pending());
        let held = if is_due {
            entries.held(|_| true)
        } else {
            entries.held(|key| events.iter().any(|event| key.is_affected_by(*event)))
        };
        if let Err(fault) = lookup.look(&held).await {
            tracing::warn!(?fault, "the access of open connections cannot be looked up");
        }
    }
}
