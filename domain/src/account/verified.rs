//! Access tokens that were verified lately, so that a signature is not checked at every request
//! and a session not looked up at every one.
//!
//! A session that ends in this process is evicted at once; one that another process ends is
//! evicted by its event, or at the next look, within [`LOOK`].

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::TimeDelta;
use sha2::{Digest, Sha256};

use crate::{
    Actor,
    clock::Instant,
    id::{AccountId, SessionId},
};

/// How long a session counts as open after it was looked up.
pub(super) const LOOK: TimeDelta = TimeDelta::seconds(5);
/// How many tokens are kept at most.
const MOST: usize = 20_000;

/// A token that was verified.
#[derive(Clone)]
pub(super) struct Known {
    /// Who sends it.
    pub(super) actor: Actor,
    /// From when on it does not work.
    pub(super) expires_at: Instant,
    /// From when on it is to be looked up again, however lately that was done.
    pub(super) good_until: Instant,
    /// When its session was last seen open.
    pub(super) looked_at: Instant,
}

impl Known {
    pub(super) fn new(actor: Actor, expires_at: Instant, looked_at: Instant) -> Self {
        Self {
            actor,
            expires_at,
            good_until: expires_at,
            looked_at,
        }
    }
}

/// What a token is kept under: its SHA-256, so that no token lies in memory.
pub(super) type Name = [u8; 32];

/// The tokens that were verified lately.
#[derive(Clone, Default)]
pub(super) struct Verified(Arc<Mutex<HashMap<Name, Known>>>);

impl Verified {
    /// What a token is kept under.
    pub(super) fn name(token: &str) -> Name {
        Sha256::digest(token).into()
    }

    /// The token, if it was verified before and still works at `now`.
    pub(super) fn get(&self, name: &Name, now: Instant) -> Option<Known> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(name)
            .filter(|known| now < known.expires_at)
            .cloned()
    }

    /// Keeps a token; where there is no room, those that have expired go, or else all.
    pub(super) fn keep(&self, name: Name, token: Known, now: Instant) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, known| now < known.expires_at);
        }
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(name, token);
    }

    /// Forgets a token that does not work any more.
    pub(super) fn forget(&self, name: &Name) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.remove(name);
    }

    /// Forgets what belongs to a session that has ended.
    pub(super) fn forget_session(&self, session: SessionId) {
        self.forget_all(|actor| {
            actor
                .signed_in()
                .is_some_and(|member| member.session == session)
        });
    }

    /// Forgets what belongs to an account.
    pub(super) fn forget_account(&self, account: AccountId) {
        self.forget_all(|actor| actor.reader() == Some(account));
    }

    fn forget_all(&self, theirs: impl Fn(&Actor) -> bool) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, known| !theirs(&known.actor));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::VisitorId;

    #[test]
    fn memory_is_bounded_and_what_expired_is_not_found() {
        let verified = Verified::default();
        let now = Instant::UNIX_EPOCH;
        let token = |id: u128| {
            let actor = Actor::Visitor(Some(VisitorId(uuid::Uuid::from_u128(id))));
            Known::new(actor, now + TimeDelta::seconds(1), now)
        };
        for number in 0..MOST + 5 {
            let name = Verified::name(&number.to_string());
            verified.keep(name, token(number as u128), now);
        }
        assert!(verified.0.lock().unwrap().len() <= MOST);
        let last = Verified::name(&(MOST + 4).to_string());
        assert!(verified.get(&last, now).is_some());
        assert!(verified.get(&last, now + TimeDelta::seconds(1)).is_none());
        verified.forget(&last);
        assert!(verified.get(&last, now).is_none());
    }
}
