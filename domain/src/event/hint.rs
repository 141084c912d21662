//! Hints between processes on one database server: each tells the others which events it saw, at
//! most four times a second and in one message, whatever happened in between.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak},
    time::Duration,
};

use tokio::sync::Notify;
use uuid::Uuid;

use super::{Bus, Event};
use crate::{
    database::{Database, Messages},
    error::Fault,
    id::{AccountId, EmbedId, PollId, SessionId},
    random,
    task::Task,
};

/// What the messages are sent on.
const CHANNEL: &str = "jij_event";
/// The least time between two messages.
const PACE: Duration = Duration::from_millis(250);
/// How long to wait before the server is tried again.
const RETRY: Duration = Duration::from_secs(1);
/// Events of one message: the server takes messages of up to 8,000 bytes.
const EVENTS: usize = 150;

/// This process's side of the talk.
pub(super) struct Hints {
    database: Database,
    untold: Arc<Untold>,
    telling: OnceLock<Task>,
    listening: OnceLock<Task>,
}

#[derive(Default)]
struct Untold {
    /// Who tells, so that nobody listens to themselves; empty where chance failed.
    own: String,
    events: Mutex<HashSet<Event>>,
    some: Notify,
}

impl Hints {
    pub(super) fn new(database: Database) -> Self {
        Self {
            database,
            untold: Arc::new(Untold {
                own: random::token().unwrap_or_default(),
                ..Untold::default()
            }),
            telling: OnceLock::new(),
            listening: OnceLock::new(),
        }
    }

    /// Leaves an event to be told.
    pub(super) fn tell(&self, event: Event) {
        self.untold
            .events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(event);
        self.untold.some.notify_one();
        self.telling.get_or_init(|| {
            let (database, untold) = (self.database.clone(), Arc::clone(&self.untold));
            Task::start("hints, telling", async move {
                tell(&database, &untold).await;
            })
        });
    }

    /// Hears others from now on.
    pub(super) fn listen(&self, bus: &Arc<Bus>) {
        self.listening.get_or_init(|| {
            let (database, own) = (self.database.clone(), self.untold.own.clone());
            let bus = Arc::downgrade(bus);
            Task::start("hints, listening", async move {
                listen(&database, &own, &bus).await;
            })
        });
    }
}

async fn tell(database: &Database, untold: &Untold) {
    loop {
        untold.some.notified().await;
        let events: Vec<Event> = untold
            .events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain()
            .collect();
        for events in events.chunks(EVENTS) {
            if let Err(fault) = database.tell(CHANNEL, &message(&untold.own, events)).await {
                tracing::warn!(%fault, "other processes could not be told of a change");
            }
        }
        tokio::time::sleep(PACE).await;
    }
}

async fn listen(database: &Database, own: &str, bus: &Weak<Bus>) {
    loop {
        match database.listen(CHANNEL).await {
            Ok(messages) => {
                if let Err(fault) = hear(messages, own, bus).await {
                    tracing::warn!(%fault, "other processes are not heard any more");
                }
            }
            Err(fault) => tracing::warn!(%fault, "other processes cannot be heard"),
        }
        if bus.strong_count() == 0 {
            return;
        }
        tokio::time::sleep(RETRY).await;
    }
}

/// Hears others until the bus is gone or the server cannot be reached.
async fn hear(mut messages: Messages, own: &str, bus: &Weak<Bus>) -> Result<(), Fault> {
    // What was told before there was an ear is to be looked for.
    let mut heard: Option<String> = None;
    loop {
        let Some(bus) = bus.upgrade() else {
            return Ok(());
        };
        match heard {
            None => bus.missed(),
            Some(message) => {
                for event in events(&message, own) {
                    bus.arrived(event);
                }
            }
        }
        drop(bus);
        heard = messages.next().await?;
    }
}

/// A message: who tells, and the events.
fn message(own: &str, events: &[Event]) -> String {
    let mut message = own.to_owned();
    for event in events {
        let (kind, id) = match event {
            Event::PollChanged(poll) => ("poll", poll.0),
            Event::SessionEnded(session) => ("session", session.0),
            Event::AccessChanged(account) => ("account", account.0),
            Event::EmbedChanged(embed) => ("embed", embed.0),
            Event::CasesChanged => {
                message.push_str(" cases");
                continue;
            }
        };
        message.push(' ');
        message.push_str(kind);
        message.push(':');
        message.push_str(&id.simple().to_string());
    }
    message
}

/// The events of another's message; what cannot be read is from a newer release.
fn events<'a>(message: &'a str, own: &str) -> impl Iterator<Item = Event> + use<'a> {
    let mut words = message.split(' ');
    let foreign = words.next().is_some_and(|who| who != own);
    words.filter(move |_| foreign).filter_map(|word| {
        if word == "cases" {
            return Some(Event::CasesChanged);
        }
        let (kind, id) = word.split_once(':')?;
        let id = Uuid::try_parse(id).ok()?;
        match kind {
            "poll" => Some(Event::PollChanged(PollId(id))),
            "session" => Some(Event::SessionEnded(SessionId(id))),
            "account" => Some(Event::AccessChanged(AccountId(id))),
            "embed" => Some(Event::EmbedChanged(EmbedId(id))),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_which_events_to_everyone_but_its_sender() {
        let told = [
            Event::PollChanged(PollId(Uuid::from_u128(7))),
            Event::CasesChanged,
            Event::SessionEnded(SessionId(Uuid::from_u128(1))),
            Event::AccessChanged(AccountId(Uuid::from_u128(2))),
            Event::EmbedChanged(EmbedId(Uuid::from_u128(3))),
            Event::PollChanged(PollId(Uuid::from_u128(u128::MAX))),
        ];
        let message = message("me", &told);
        assert_eq!(events(&message, "you").collect::<Vec<_>>(), told);
        assert_eq!(events(&message, "me").count(), 0);
        assert_eq!(events("you comment:1 poll:x", "me").count(), 0);
    }

    #[test]
    fn the_longest_message_fits() {
        let events = [Event::AccessChanged(AccountId(Uuid::nil())); EVENTS];
        assert!(message(&random::token().unwrap(), &events).len() < 8_000);
    }
}
