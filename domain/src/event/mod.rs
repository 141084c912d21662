//! Events: hints that something has changed. One may be lost; it only wakes whoever watches, and
//! they look for themselves.
//!
//! An event goes three ways: what is kept in memory reacts at once, whoever listens is woken, and
//! the other processes on the same database are told (a few times a second at most).

mod hint;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError, RwLock, Weak},
};

use tokio::sync::Notify;

use crate::{
    database::Database,
    id::{AccountId, EmbedId, PollId, SessionId},
};
use hint::Hints;

/// What has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// A poll: its text, its times, its questions, or what its ballots add up to.
    PollChanged(PollId),
    /// The cases of moderation: one of them.
    CasesChanged,
    /// A session: it has ended.
    SessionEnded(SessionId),
    /// The sessions or the roles of an account.
    AccessChanged(AccountId),
    /// An embed: it was changed or revoked.
    EmbedChanged(EmbedId),
}

/// The bus of events.
#[derive(Clone)]
pub struct Events(Arc<Bus>);

struct Bus {
    reactions: RwLock<Vec<Reaction>>,
    listeners: Mutex<HashMap<Event, Vec<Weak<Notify>>>>,
    hints: Option<Hints>,
}

type Reaction = Box<dyn Fn(Event) + Send + Sync>;

/// Someone who is woken by one event.
pub struct Listener {
    event: Event,
    woken: Arc<Notify>,
    bus: Weak<Bus>,
}

impl Events {
    /// A bus that nobody listens to yet; processes that share a server hear each other.
    pub fn new(database: &Database) -> Self {
        Self(Arc::new(Bus {
            reactions: RwLock::default(),
            listeners: Mutex::default(),
            hints: (!database.is_embedded()).then(|| Hints::new(database.clone())),
        }))
    }

    /// Calls `reaction` on every event from now on, before anyone is woken by it. It should be
    /// quick, and must not publish.
    pub fn react(&self, reaction: impl Fn(Event) + Send + Sync + 'static) {
        self.0
            .reactions
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Box::new(reaction));
    }

    /// Tells everyone. Call it once the change is committed.
    pub fn publish(&self, event: Event) {
        self.0.arrived(event);
        self.tell(event);
    }

    /// As [`publish`](Self::publish), where what this process keeps in memory was brought on
    /// already: it does not react.
    pub fn wake(&self, event: Event) {
        self.0.wake(event);
        self.tell(event);
    }

    /// Someone who is woken by this event from now on.
    pub fn listen(&self, event: Event) -> Listener {
        self.hear_others();
        let woken = Arc::new(Notify::new());
        self.0
            .listeners()
            .entry(event)
            .or_default()
            .push(Arc::downgrade(&woken));
        Listener {
            event,
            woken,
            bus: Arc::downgrade(&self.0),
        }
    }

    /// Hears other processes from now on, also while nobody listens to one event.
    pub fn hear_others(&self) {
        if let Some(hints) = &self.0.hints {
            hints.listen(&self.0);
        }
    }

    fn tell(&self, event: Event) {
        if let Some(hints) = &self.0.hints {
            hints.tell(event);
        }
    }
}

impl Bus {
    fn listeners(&self) -> std::sync::MutexGuard<'_, HashMap<Event, Vec<Weak<Notify>>>> {
        self.listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// An event of this process, or a hint of another.
    fn arrived(&self, event: Event) {
        for reaction in &*self
            .reactions
            .read()
            .unwrap_or_else(PoisonError::into_inner)
        {
            reaction(event);
        }
        self.wake(event);
    }

    /// Hints may have been missed: everyone who listens should look.
    fn missed(&self) {
        let events: Vec<Event> = self.listeners().keys().copied().collect();
        for event in events {
            self.arrived(event);
        }
    }

    fn wake(&self, event: Event) {
        for listener in self.listeners().get(&event).into_iter().flatten() {
            if let Some(listener) = listener.upgrade() {
                listener.notify_one();
            }
        }
    }
}

impl Listener {
    /// Ends at the next event, or at once where there was one since the last call.
    pub async fn heard(&self) {
        self.woken.notified().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let Some(bus) = self.bus.upgrade() else {
            return;
        };
        let mut listeners = bus.listeners();
        if let Some(those) = listeners.get_mut(&self.event) {
            those.retain(|other| !std::ptr::eq(other.as_ptr(), Arc::as_ptr(&self.woken)));
            if those.is_empty() {
                listeners.remove(&self.event);
            }
        }
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Events")
    }
}
