//! The limits of guessing join codes wrong.
//!
//! A code has 900,000 forms, so whoever tries them all finds every room. Three limits stand in the
//! way; a right guess is taken back. All are counted in this process alone: behind `n` instances
//! they are `n` times as wide.
//!
//! | who | at once | again |
//! | --- | --- | --- |
//! | an account, or a visitor | 10 | one a minute |
//! | a network: an IPv4 address, an IPv6 /56; a /48 four times as much; all whose network is not known together | 300 | one a second |
//! | everyone together | 2,000 | two a second |
//!
//! The limit of a network is wide because a hall full of people shares one address. Visitors cost
//! nothing to become and networks little, which is what the last limit is for: spread as wide as
//! one likes, an open room is found by guessing with a chance of 0.8 % an hour. The price is that
//! a flood of wrong guesses keeps others from entering by code as long as it lasts; the poll's
//! address always works.

use std::{
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    sync::Arc,
};

use chrono::TimeDelta;

use crate::{
    Actor, Blocked, Error, Result,
    clock::Instant,
    id::{AccountId, VisitorId},
    rate_limit::{Limit, Network, Permit, RateLimiter},
};

const PERSON: Limit = Limit::steady(10, TimeDelta::seconds(60));
const NETWORK: Limit = Limit::steady(300, TimeDelta::seconds(1));
const EVERYONE: Limit = Limit::steady(2_000, TimeDelta::milliseconds(500));
/// Keys that are counted at most: more than everyone's limit lets guess until the first is forgotten.
const MOST: usize = 20_000;

/// Counts wrong guesses.
#[derive(Clone)]
pub(super) struct Guesses(Arc<Inner>);

struct Inner {
    limiter: RateLimiter<Client>,
    /// Hashes networks, so that no address can be read from what is kept.
    hasher: RandomState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Client {
    Account(AccountId),
    Visitor(VisitorId),
    /// Its hash.
    Network(u64),
    UnknownNetwork,
    Everyone,
}

/// A guess that counts as wrong unless it is said to be right.
#[must_use = "a right guess is free"]
pub(super) struct Guess {
    guesses: Guesses,
    permit: Permit<Client>,
    at: Instant,
}

impl Guesses {
    pub(super) fn new() -> Self {
        Self(Arc::new(Inner {
            limiter: RateLimiter::new(MOST),
            hasher: RandomState::new(),
        }))
    }

    /// Counts a guess of the actor, or says how long to wait. The platform itself guesses freely.
    pub(super) fn take<R>(
        &self,
        actor: &Actor,
        address: Option<IpAddr>,
        now: Instant,
    ) -> Result<Guess, R> {
        let person = match actor {
            Actor::Member(member) | Actor::Blocked(Blocked { member, .. }) => {
                Some(Client::Account(member.id))
            }
            Actor::Visitor(Some(visitor)) => Some(Client::Visitor(*visitor)),
            Actor::Visitor(None) | Actor::Guest(_) | Actor::System => None,
        };
        // An account says well enough who guesses; whoever has none can change their token.
        let networks = match (actor, address) {
            (Actor::System | Actor::Member(_) | Actor::Blocked(_), _)
            | (Actor::Visitor(Some(_)), None) => Vec::new(),
            (_, None) => vec![(Client::UnknownNetwork, NETWORK)],
            (_, Some(address)) => self.networks(address),
        };
        let everyone = (*actor != Actor::System).then_some((Client::Everyone, EVERYONE));
        let keys = person.map(|person| (person, PERSON)).into_iter();
        let keys = keys.chain(networks).chain(everyone);
        let permit = self.0.limiter.admit(keys, now).map_err(Error::TooMany)?;
        Ok(Guess {
            guesses: self.clone(),
            permit,
            at: now,
        })
    }

    /// Returns the networks that are counted. The /64 says nothing that its /56, under the same
    /// limit, does not.
    fn networks(&self, address: IpAddr) -> Vec<(Client, Limit)> {
        let networks = Network::of(address);
        let narrowest = usize::from(networks.len() > 1);
        let counted = networks.into_iter().skip(narrowest).zip([1, 4]);
        let hashed = counted.map(|((network, _), times)| {
            let hash = self.0.hasher.hash_one(network);
            (Client::Network(hash), NETWORK.times(times))
        });
        hashed.collect()
    }
}

impl Guess {
    /// Takes the guess back: it was right.
    pub(super) fn right(self) {
        self.guesses.0.limiter.take_back(self.permit, self.at);
    }
}

#[cfg(test)]
mod tests;
