//! Which questions those who watch have answered, where it hangs on that which results they see.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use super::super::{counting::Seat, voter::VoterKey};
use crate::id::QuestionId;

/// The voters among those who watch a poll.
#[derive(Default)]
pub(super) struct Voters(Mutex<HashMap<VoterKey, Voting>>);

struct Voting {
    answered: watch::Sender<BTreeSet<QuestionId>>,
    /// Whether it was looked up.
    is_known: bool,
    /// How often a ballot of theirs was heard of: what was looked up before the last is not
    /// newer than it.
    heard: u64,
}

/// What one voter has answered, as long as they watch.
pub(super) struct Answers {
    voters: Arc<Voters>,
    voter: VoterKey,
    answered: Option<watch::Receiver<BTreeSet<QuestionId>>>,
}

impl Voters {
    /// A voter who watches from now on.
    pub(super) fn join(self: &Arc<Self>, voter: VoterKey) -> Answers {
        let answered = self
            .all()
            .entry(voter.clone())
            .or_insert_with(|| Voting {
                answered: watch::Sender::default(),
                is_known: false,
                heard: 0,
            })
            .answered
            .subscribe();
        Answers {
            voters: Arc::clone(self),
            voter,
            answered: Some(answered),
        }
    }

    /// A ballot was cast or retracted in this process.
    pub(super) fn hear(&self, seat: &Seat, stands: bool) {
        if let Some(voting) = self.all().get_mut(&seat.voter) {
            voting.heard += 1;
            voting.answered.send_if_modified(|answered| {
                if stands {
                    answered.insert(seat.question)
                } else {
                    answered.remove(&seat.question)
                }
            });
        }
    }

    /// The voters to look up, each with how often was heard of them: all, or those not known.
    pub(super) fn to_look_up(&self, all: bool) -> Vec<(VoterKey, u64)> {
        self.all()
            .iter()
            .filter(|(_, voting)| all || !voting.is_known)
            .map(|(voter, voting)| (voter.clone(), voting.heard))
            .collect()
    }

    /// What was looked up; left for the next time where something was heard since.
    pub(super) fn know(
        &self,
        asked: &[(VoterKey, u64)],
        mut found: HashMap<VoterKey, BTreeSet<QuestionId>>,
    ) {
        let mut all = self.all();
        for (voter, heard) in asked {
            if let Some(voting) = all.get_mut(voter) {
                voting.is_known = voting.heard == *heard;
                if voting.is_known {
                    let now = found.remove(voter).unwrap_or_default();
                    voting.answered.send_if_modified(|answered| {
                        let changed = *answered != now;
                        *answered = now;
                        changed
                    });
                }
            }
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<VoterKey, Voting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answers {
    pub(super) fn now(&self) -> BTreeSet<QuestionId> {
        self.answered
            .as_ref()
            .map(|answered| answered.borrow().clone())
            .unwrap_or_default()
    }

    /// Ends when they have answered another question, or retracted an answer.
    pub(super) async fn changed(&mut self) {
        if let Some(answered) = &mut self.answered
            && answered.changed().await.is_ok()
        {
            return;
        }
        // The watcher has ended: nothing more will be heard.
        std::future::pending().await
    }
}

impl Drop for Answers {
    fn drop(&mut self) {
        self.answered = None;
        let mut all = self.voters.all();
        if all
            .get(&self.voter)
            .is_some_and(|voting| voting.answered.receiver_count() == 0)
        {
            all.remove(&self.voter);
        }
    }
}
