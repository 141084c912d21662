//! The connections that are open: at most so many, and under pressure the idlest goes first.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// The wait for a slot before one more connection is evicted.
const PAUSE: Duration = Duration::from_millis(20);

/// The connections of one listener. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct OpenConnections(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    slots: Arc<Semaphore>,
    idle: Mutex<Idle>,
}

/// The connections without a request under way, longest idle first.
#[derive(Debug, Default)]
struct Idle {
    next: u64,
    connections: BTreeMap<u64, Arc<Notify>>,
}

/// The slot of one open socket, free again once it is dropped.
pub(super) type Slot = OwnedSemaphorePermit;

impl OpenConnections {
    /// None yet, and at most `most` at once.
    pub(super) fn new(most: usize) -> Self {
        Self(Arc::new(Shared {
            slots: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))),
            idle: Mutex::default(),
        }))
    }

    /// Waits for a slot. While there is none, evicts the connection that has been idle longest: a
    /// peer that says nothing keeps nobody else out.
    pub(super) async fn admit(&self) -> Slot {
        loop {
            if let Ok(slot) = Arc::clone(&self.0.slots).try_acquire_owned() {
                return slot;
            }
            if let Some((_, longest)) = self.idle().connections.pop_first() {
                metrics::counter!("jij_connections_evicted_total").increment(1);
                longest.notify_one();
            }
            if let Ok(Ok(slot)) = timeout(PAUSE, Arc::clone(&self.0.slots).acquire_owned()).await {
                return slot;
            }
        }
    }

    /// Registers a connection, idle until its first request.
    pub(super) fn register(&self) -> Arc<Registered> {
        let registered = Arc::new(Registered {
            all: self.clone(),
            evicted: Arc::default(),
            state: Mutex::new(State::Busy),
        });
        registered.wait_for_request();
        registered
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that is served.
#[derive(Debug)]
pub(super) struct Registered {
    all: OpenConnections,
    evicted: Arc<Notify>,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    /// Between requests, with its place among the idle.
    Idle(u64),
    /// With a request under way.
    Busy,
    /// Not served any more.
    Closed,
}

impl Registered {
    /// Waits until the connection is to close in favour of another.
    pub(super) async fn evicted(&self) {
        self.evicted.notified().await;
    }

    /// Notes that a request is under way, until the guard is dropped.
    pub(super) fn begin(self: &Arc<Self>) -> RequestGuard {
        self.become_busy(State::Busy);
        RequestGuard(Arc::clone(self))
    }

    /// Notes that the connection is not served any more.
    pub(super) fn close(&self) {
        self.become_busy(State::Closed);
    }

    fn wait_for_request(&self) {
        let mut state = self.state();
        if *state == State::Closed {
            return;
        }
        let mut idle = self.all.idle();
        let place = idle.next;
        idle.next += 1;
        idle.connections.insert(place, Arc::clone(&self.evicted));
        *state = State::Idle(place);
    }

    fn become_busy(&self, new: State) {
        let mut state = self.state();
        if let State::Idle(place) = *state {
            self.all.idle().connections.remove(&place);
        }
        *state = new;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request under way; its connection is idle again once this is dropped.
#[derive(Debug)]
pub(super) struct RequestGuard(Arc<Registered>);

impl Drop for RequestGuard {
    fn drop(&mut self) {
        self.0.wait_for_request();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn the_longest_idle_connection_makes_room_and_a_busy_one_never_does() {
        let open = OpenConnections::new(3);
        let slots = [open.admit().await, open.admit().await, open.admit().await];
        let connections = [open.register(), open.register(), open.register()];
        let busy = connections[0].begin();
        let (mut slots, evicted) = (slots.into_iter(), connections[1].evicted());
        let admitted = open.admit();
        let freed = async {
            evicted.await;
            drop(slots.next());
        };
        let (_slot, ()) = tokio::join!(admitted, freed);
        assert!(connections[0].evicted().now_or_never().is_none());
        assert!(connections[2].evicted().now_or_never().is_none());
        drop(busy);
        connections[0].close();
        connections[2].close();
        assert!(open.idle().connections.is_empty());
    }

    #[tokio::test]
    async fn a_request_that_ends_after_its_connection_leaves_nothing_behind() {
        let open = OpenConnections::new(1);
        let connection = open.register();
        let request = connection.begin();
        connection.close();
        drop(request);
        assert!(open.idle().connections.is_empty());
    }
}
