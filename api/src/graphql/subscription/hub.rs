//! Groups of subscribers who ask the same and see the same: each state is executed and serialised
//! once for all of them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use domain::{
    Actor, Locale,
    id::PollId,
    poll::{Sight, State, Watch},
    task::Task,
};
use tokio::sync::watch;

use super::{super::context::Live, Payload, Watching};

/// The groups of subscribers of this process.
#[derive(Clone, Default)]
pub(in crate::graphql) struct Hub(Arc<Groups>);

#[derive(Default)]
struct Groups(Mutex<HashMap<Key, Group>>);

/// What the subscribers of a group have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    asks: Arc<Asks>,
    sight: Sight,
}

/// What a subscriber asks.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Asks {
    poll: PollId,
    /// The number of the plan.
    plan: u64,
    /// As JSON, by name.
    variables: String,
    locale: Locale,
}

struct Group {
    watching: Arc<Watching>,
    sent: Arc<watch::Sender<Option<Sent>>>,
    _task: Task,
}

/// What is sent to every subscriber of a group.
#[derive(Clone)]
struct Sent {
    payload: Payload,
    /// Which state it is of.
    number: u64,
    is_last: bool,
    /// Whether it hangs on a voter's own ballots which results they may see.
    hangs_on_ballots: bool,
}

/// One of a group.
pub(super) struct Subscriber {
    hub: Hub,
    watching: Arc<Watching>,
    watch: Watch,
    key: Key,
    sent: watch::Receiver<Option<Sent>>,
    /// The state that was sent last.
    number: u64,
    /// Whether they came from another group since: they see that state anew.
    has_moved: bool,
    has_ended: bool,
}

impl Hub {
    /// Takes a subscriber into their group, which begins with its first.
    pub(super) fn join(&self, watching: Watching, watch: Watch) -> Subscriber {
        let asks = Arc::new(Asks {
            poll: watch.poll(),
            plan: watching.operation.plan.id,
            variables: serde_json::to_string(&*watching.operation.variables).unwrap_or_default(),
            locale: watching.locale,
        });
        let hangs_on_ballots = watch.states().borrow().hangs_on_ballots();
        let sight = watch.sight(hangs_on_ballots);
        let watching = Arc::new(watching);
        let (key, sent, watching) = self.enter(Key { asks, sight }, &watching, &watch);
        Subscriber {
            hub: self.clone(),
            watching,
            watch,
            key,
            sent,
            number: 0,
            has_moved: false,
            has_ended: false,
        }
    }

    /// The group of this key; what it has in common is had in common from here on.
    fn enter(
        &self,
        key: Key,
        watching: &Arc<Watching>,
        watch: &Watch,
    ) -> (Key, watch::Receiver<Option<Sent>>, Arc<Watching>) {
        let mut groups = self.0.groups();
        if let Some((key, group)) = groups.get_key_value(&key)
            && !group.has_ended()
        {
            return (
                key.clone(),
                group.sent.subscribe(),
                Arc::clone(&group.watching),
            );
        }
        let (sent, receiver) = watch::channel(None);
        let sent = Arc::new(sent);
        let task = Task::start("subscribers of a poll", {
            let (groups, key) = (Arc::downgrade(&self.0), key.clone());
            let (sent, watching, states) =
                (Arc::clone(&sent), Arc::clone(watching), watch.states());
            async move {
                send(&sent, &watching, &key.sight, states, || {
                    Groups::leave(&groups, &key, &sent)
                })
                .await;
            }
        });
        let group = Group {
            watching: Arc::clone(watching),
            sent,
            _task: task,
        };
        groups.insert(key.clone(), group);
        (key, receiver, Arc::clone(watching))
    }
}

/// Sends every state to a group, until `leave` says that nobody is left, or there is no more.
async fn send(
    sent: &watch::Sender<Option<Sent>>,
    watching: &Watching,
    sight: &Sight,
    mut states: watch::Receiver<State>,
    leave: impl Fn() -> bool,
) {
    // Whatever is the same for them all is seen by any of them; those of the public are nobody.
    let actor = if sight.is_staff {
        watching.actor.clone()
    } else {
        Actor::Visitor(None)
    };
    loop {
        let state = states.borrow_and_update().clone();
        let view = state.view(sight.clone());
        let is_last = state.is_last() || !view.is_seen();
        let live = Live::Sees(Arc::new(view));
        let payload = watching.execute(actor.clone(), live).await;
        sent.send_replace(Some(Sent {
            payload,
            number: state.number(),
            is_last,
            hangs_on_ballots: state.hangs_on_ballots(),
        }));
        loop {
            tokio::select! {
                biased;
                () = sent.closed() => if leave() { return },
                changed = states.changed(), if !is_last => {
                    if changed.is_ok() {
                        break;
                    }
                    leave();
                    return;
                }
            }
        }
    }
}

impl Groups {
    /// Takes a group out that nobody is in any more; `false` where someone is.
    fn leave(groups: &Weak<Self>, key: &Key, sent: &Arc<watch::Sender<Option<Sent>>>) -> bool {
        let Some(groups) = groups.upgrade() else {
            return true;
        };
        let mut groups = groups.groups();
        if sent.receiver_count() > 0 {
            return false;
        }
        if groups
            .get(key)
            .is_some_and(|group| Arc::ptr_eq(&group.sent, sent))
        {
            groups.remove(key);
        }
        true
    }

    fn groups(&self) -> MutexGuard<'_, HashMap<Key, Group>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Group {
    fn has_ended(&self) -> bool {
        self.sent.borrow().as_ref().is_some_and(|sent| sent.is_last)
    }
}

impl Subscriber {
    /// The newest payload that they have not had; none when there will be no more.
    pub(super) async fn next(&mut self) -> Option<Payload> {
        while !self.has_ended {
            let newest = self.sent.borrow_and_update().clone();
            if let Some(sent) = newest {
                let sight = self.watch.sight(sent.hangs_on_ballots);
                if sight != self.key.sight {
                    self.move_to(sight);
                    continue;
                }
                let is_new =
                    sent.number > self.number || (self.has_moved && sent.number == self.number);
                self.has_ended = sent.is_last;
                if is_new {
                    self.number = sent.number;
                    self.has_moved = false;
                    return Some(sent.payload);
                }
            }
            if self.has_ended {
                return None;
            }
            tokio::select! {
                changed = self.sent.changed() => changed.ok()?,
                () = self.watch.sight_changed() => {}
            }
        }
        None
    }

    fn move_to(&mut self, sight: Sight) {
        let key = Key {
            asks: Arc::clone(&self.key.asks),
            sight,
        };
        (self.key, self.sent, self.watching) = self.hub.enter(key, &self.watching, &self.watch);
        self.has_moved = true;
    }
}
