//! The watcher of one poll.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Weak},
    time::Duration,
};

use chrono::TimeDelta;
use tokio::sync::watch;

use super::{Means, State, Voters, Watchers};
use crate::{
    Error, Result,
    event::Listener,
    id::{PollId, QuestionId},
    poll::{PollRefusal, standing::Standing, store, voter::VoterKey},
};

/// The least time between two states.
const PACE: Duration = Duration::from_millis(250);
/// How often it looks where nothing was heard: what another process tells may be lost.
const LOOK: Duration = Duration::from_secs(3);
/// For how long after a poll's end a ballot that came in time may still be on its way to the
/// disk.
const ON_THE_WAY: TimeDelta = TimeDelta::seconds(60);
/// Voters of one statement.
const VOTERS: usize = 2_000;

/// The watcher of one poll.
pub(super) struct Watcher {
    poll: PollId,
    states: watch::Sender<State>,
    voters: Arc<Voters>,
}

/// The state now; the last one where nothing is to come.
pub(super) async fn first(means: &Means, poll: PollId) -> Result<State> {
    let (standing, is_last) = look(means, poll).await?.ok_or(Error::NotFound)?;
    Ok(State {
        standing,
        at: means.clock.now(),
        number: 1,
        is_last,
    })
}

/// The standing of a poll, and whether nothing is to come.
async fn look(means: &Means, poll: PollId) -> Result<Option<(Arc<Standing>, bool)>> {
    let Some(standing) = means.standings.one(poll).await? else {
        return Ok(None);
    };
    let now = means.clock.now();
    if !standing.is_final(now) {
        return Ok(Some((standing, false)));
    }
    if standing
        .over_since(now)
        .is_some_and(|end| now - end >= ON_THE_WAY)
    {
        return Ok(Some((standing, true)));
    }
    // A ballot that came in time holds the poll's lock until it is on disk: who has had the lock
    // after the end has seen every one of them through.
    means
        .database
        .write(|transaction| async move {
            store::lock(&transaction, poll).await?;
            Ok::<(), Error<PollRefusal>>(())
        })
        .await
        .map_err(|error| Error::internal(error.to_string()))?;
    means.standings.forget(poll);
    let standing = means.standings.one(poll).await?;
    Ok(standing.map(|standing| {
        let is_final = standing.is_final(now);
        (standing, is_final)
    }))
}

impl Watcher {
    pub(super) fn new(poll: PollId, first: State) -> (Self, watch::Receiver<State>) {
        let (states, receiver) = watch::channel(first);
        let watcher = Self {
            poll,
            states,
            voters: Arc::default(),
        };
        (watcher, receiver)
    }

    pub(super) fn poll(&self) -> PollId {
        self.poll
    }

    pub(super) fn voters(&self) -> &Arc<Voters> {
        &self.voters
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<State> {
        self.states.subscribe()
    }

    pub(super) fn is_watched(&self) -> bool {
        self.states.receiver_count() > 0
    }

    /// Looks up voters who have just come to watch.
    pub(super) async fn look_up_new(&self, means: &Means) -> Result<()> {
        let state = self.states.borrow().clone();
        if state.hangs_on_ballots() {
            self.look_up(means, &state.standing, false).await?;
        }
        Ok(())
    }

    /// Watches until nobody does any more, or nothing is to come.
    pub(super) async fn run(&self, means: &Means, listener: &Listener, watchers: &Weak<Watchers>) {
        let mut looked_up = Arc::clone(&self.states.borrow().standing);
        loop {
            let heard = tokio::select! {
                biased;
                () = self.states.closed() => {
                    if watchers.upgrade().is_none_or(|watchers| watchers.leave(self, false)) {
                        return;
                    }
                    continue;
                }
                () = listener.heard() => true,
                () = tokio::time::sleep(self.rest(means)) => false,
            };
            if !heard {
                means.standings.forget(self.poll);
            }
            match self.round(means, &mut looked_up).await {
                Ok(true) => {}
                Ok(false) => {
                    if let Some(watchers) = watchers.upgrade() {
                        watchers.leave(self, true);
                    }
                    return;
                }
                Err(fault) => tracing::warn!(?fault, "a poll that is watched cannot be read"),
            }
            tokio::time::sleep(PACE).await;
        }
    }

    /// Until time alone changes something, or it is time to look.
    fn rest(&self, means: &Means) -> Duration {
        let now = means.clock.now();
        let state = self.states.borrow();
        state
            .standing
            .next_change(now)
            .and_then(|next| (next - now).to_std().ok())
            .map_or(LOOK, |wait| wait.min(LOOK))
    }

    /// Passes the state on where it has changed; `false` where nothing is to come.
    async fn round(&self, means: &Means, looked_up: &mut Arc<Standing>) -> Result<bool> {
        let Some((standing, is_last)) = look(means, self.poll).await? else {
            return Ok(false);
        };
        let at = means.clock.now();
        let before = self.states.borrow().clone();
        if standing.is_older_than(&before.standing) {
            means.standings.forget(self.poll);
            return Ok(true);
        }
        if standing.hangs_on_ballots(at) {
            // What this process counted itself was heard of voter by voter.
            let told = standing.is_of_the_reading_of(looked_up) || standing.counts_as(looked_up);
            self.look_up(means, &standing, !told).await?;
        }
        looked_up.clone_from(&standing);
        let says_more = is_last
            || standing.changed_by(at) != before.standing.changed_by(before.at)
            || !(Arc::ptr_eq(&standing, &before.standing) || standing == before.standing);
        if says_more {
            self.states.send_replace(State {
                standing,
                at,
                number: before.number + 1,
                is_last,
            });
        }
        Ok(!is_last)
    }

    /// Looks up what those who watch have answered: of all, or of those not known yet.
    async fn look_up(&self, means: &Means, standing: &Standing, all: bool) -> Result<()> {
        let questions: Vec<QuestionId> = standing.questions().map(|question| question.id).collect();
        for asked in self.voters.to_look_up(all).chunks(VOTERS) {
            let voters: Vec<VoterKey> = asked.iter().map(|(voter, _)| voter.clone()).collect();
            let rows = store::standing::answered(
                means.database.read(),
                &questions,
                standing.run(),
                &voters,
            )
            .await?;
            let mut found: HashMap<VoterKey, BTreeSet<QuestionId>> = HashMap::new();
            for (voter, question) in rows {
                found.entry(voter).or_default().insert(question);
            }
            self.voters.know(asked, found);
        }
        Ok(())
    }
}
