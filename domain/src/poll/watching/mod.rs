//! Watching polls: one watcher a poll looks for all who watch it in this process, a few times a
//! second at most, and passes on the newest state. It ends when the last of them leaves, or with
//! the last state of the poll.

mod voters;
mod watcher;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use super::{
    Pace, Sight, View,
    counting::Seat,
    policy,
    presence::Presence,
    standing::{Standing, Standings},
    voter::Voter,
};
use crate::{
    Actor, Error, Result,
    clock::{Instant, SharedClock},
    database::Database,
    event::{Event, Events},
    id::PollId,
    task::Task,
};
use voters::{Answers, Voters};
use watcher::Watcher;

/// A poll at one moment, the same for everyone; what of it one sees is a [`View`].
#[derive(Debug, Clone)]
pub struct State {
    standing: Arc<Standing>,
    at: Instant,
    number: u64,
    is_last: bool,
}

/// Someone who watches a poll.
pub struct Watch {
    poll: PollId,
    is_staff: bool,
    states: watch::Receiver<State>,
    answers: Option<Answers>,
    /// They are in the poll's room meanwhile.
    presence: Option<Presence>,
}

/// Those who watch polls in this process.
pub(super) struct Watchers {
    means: Means,
    events: Events,
    watched: Mutex<HashMap<PollId, Watched>>,
}

struct Watched {
    watcher: Arc<Watcher>,
    _task: Task,
}

/// What a watcher looks with.
#[derive(Clone)]
struct Means {
    standings: Arc<Standings>,
    database: Database,
    clock: SharedClock,
}

impl State {
    /// It as those of this sight see it.
    pub fn view(&self, sight: Sight) -> View {
        View::new(Arc::clone(&self.standing), self.at, sight)
    }

    /// Its place among the states that one watcher passes on: later ones have a higher number.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether no other will follow.
    pub fn is_last(&self) -> bool {
        self.is_last
    }

    /// Whether it hangs on a voter's own ballots which results they may see.
    pub fn hangs_on_ballots(&self) -> bool {
        self.standing.hangs_on_ballots(self.at)
    }
}

impl Watch {
    /// The same by someone who is in the poll's room, where it has one.
    pub(super) fn in_room(mut self, enter: impl FnOnce(PollId) -> Presence) -> Self {
        let pace = self.states.borrow().standing.pace();
        self.presence = (pace == Pace::Presenter).then(|| enter(self.poll));
        self
    }

    /// Whether they count as a participant of the poll's room.
    pub fn is_in_room(&self) -> bool {
        self.presence.is_some()
    }

    /// The poll.
    pub fn poll(&self) -> PollId {
        self.poll
    }

    /// The states, the newest only: who is slow misses some, never the last. Its end is a state
    /// that [is last](State::is_last), or an error where the process gives up.
    pub fn states(&self) -> watch::Receiver<State> {
        self.states.clone()
    }

    /// What they see beyond what everyone sees, of a state that hangs on their own ballots or
    /// not.
    pub fn sight(&self, hangs_on_ballots: bool) -> Sight {
        Sight {
            is_staff: self.is_staff,
            answered: self
                .answers
                .as_ref()
                .filter(|_| hangs_on_ballots)
                .map(Answers::now)
                .unwrap_or_default(),
        }
    }

    /// Ends when their sight has changed, of a state that hangs on their own ballots.
    pub async fn sight_changed(&mut self) {
        match &mut self.answers {
            Some(answers) => answers.changed().await,
            None => std::future::pending().await,
        }
    }
}

impl Watchers {
    pub(super) fn new(
        standings: Arc<Standings>,
        database: Database,
        clock: SharedClock,
        events: Events,
    ) -> Arc<Self> {
        Arc::new(Self {
            means: Means {
                standings,
                database,
                clock,
            },
            events,
            watched: Mutex::default(),
        })
    }

    /// Watches a poll as `actor`; not found where they may not know of it.
    pub(super) async fn watch(self: &Arc<Self>, actor: &Actor, poll: PollId) -> Result<Watch> {
        let standing = self.means.standings.one(poll).await?;
        let standing = standing.ok_or(Error::NotFound)?;
        if !policy::may_see(actor, &standing.at(self.means.clock.now())) {
            return Err(Error::NotFound);
        }
        let (watcher, states) = self.watcher(poll).await?;
        let is_staff = actor.is_staff();
        let voter = Voter::of(actor).filter(|_| !is_staff);
        let key = voter.and_then(|voter| standing.voter_key(voter));
        let answers = key.map(|key| watcher.voters().join(key));
        if answers.is_some() {
            watcher.look_up_new(&self.means).await?;
        }
        Ok(Watch {
            poll,
            is_staff,
            states,
            answers,
            presence: None,
        })
    }

    /// Ballots were cast or retracted in this process, each with whether it stands.
    pub(super) fn hear(&self, ballots: &[(Seat, bool)]) {
        let watched = self.watched();
        if watched.is_empty() {
            return;
        }
        for (seat, stands) in ballots {
            if let Some(watched) = watched.get(&seat.poll) {
                watched.watcher.voters().hear(seat, *stands);
            }
        }
    }

    /// The watcher of a poll, and its states from now on.
    async fn watcher(
        self: &Arc<Self>,
        poll: PollId,
    ) -> Result<(Arc<Watcher>, watch::Receiver<State>)> {
        if let Some(watched) = self.watched().get(&poll) {
            return Ok((Arc::clone(&watched.watcher), watched.watcher.subscribe()));
        }
        // Listening comes before looking: what changes in between is heard.
        let listener = self.events.listen(Event::PollChanged(poll));
        let first = watcher::first(&self.means, poll).await?;
        let is_last = first.is_last;
        let (watcher, states) = Watcher::new(poll, first);
        let watcher = Arc::new(watcher);
        if is_last {
            return Ok((watcher, states));
        }
        let mut all = self.watched();
        if let Some(others) = all.get(&poll) {
            return Ok((Arc::clone(&others.watcher), others.watcher.subscribe()));
        }
        let (means, watchers) = (self.means.clone(), Arc::downgrade(self));
        let task = Task::start("watcher of a poll", {
            let watcher = Arc::clone(&watcher);
            async move { watcher.run(&means, &listener, &watchers).await }
        });
        all.insert(
            poll,
            Watched {
                watcher: Arc::clone(&watcher),
                _task: task,
            },
        );
        Ok((watcher, states))
    }

    /// Takes a watcher out that has passed on its last state, or that nobody listens to any
    /// more; `false` where someone still does.
    fn leave(&self, watcher: &Watcher, has_ended: bool) -> bool {
        let mut all = self.watched();
        if !has_ended && watcher.is_watched() {
            return false;
        }
        all.remove(&watcher.poll());
        true
    }

    fn watched(&self) -> MutexGuard<'_, HashMap<PollId, Watched>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
