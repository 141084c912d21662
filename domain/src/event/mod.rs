//! Events: hints that something has changed. One may be lost; it only wakes whoever watches, and
//! they look for themselves.

use tokio::sync::broadcast;

use crate::id::PollId;

/// Events that a watcher may be behind before it is told that it missed some.
const BACKLOG: usize = 1_024;

/// What has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// A poll: its text, its times, its questions, or what its ballots add up to.
    PollChanged(PollId),
}

/// The bus of events.
#[derive(Debug, Clone)]
pub struct Events(broadcast::Sender<Event>);

impl Events {
    /// A bus that nobody listens to yet.
    pub fn new() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }

    /// Tells all who listen now. Call it once the change is committed.
    pub fn publish(&self, event: Event) {
        // An error says that nobody listens, which is nobody's loss.
        let _ = self.0.send(event);
    }

    /// Every event from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }
}

impl Default for Events {
    fn default() -> Self {
        Self::new()
    }
}
