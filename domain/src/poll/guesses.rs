//! How often join codes may be guessed wrong.
//!
//! A code has 900,000 forms, so whoever tries them all finds every room. Three limits stand in the
//! way, each a bucket that a wrong guess takes one from and time fills again; a right guess gives
//! back what it took. All are counted in this process alone: behind `n` instances they are `n`
//! times as wide.
//!
//! | who | at once | again |
//! | --- | --- | --- |
//! | an account, or a visitor | 10 | one a minute |
//! | a network: IPv4 address, IPv6 /56; all whose network is not known together | 300 | one a second |
//! | everyone together | 2,000 | two a second |
//!
//! The limit of a network is wide because a hall full of people shares one address. Visitors cost
//! nothing to become and networks little, which is what the last limit is for: spread as wide as
//! one likes, an open room is found by guessing with a chance of 0.8 % an hour. It bounds the
//! memory as well: only who guessed wrong lately is remembered. The price is that a flood of
//! wrong guesses keeps others from entering by code as long as it lasts; the poll's address
//! always works.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::TimeDelta;
use hmac::{Hmac, Mac, digest::KeyInit};
use sha2::Sha256;

use crate::{
    Actor, Error, Result,
    clock::Instant,
    id::{AccountId, VisitorId},
    random,
};

const PERSON: Limit = Limit {
    burst: 10,
    every: TimeDelta::seconds(60),
};
const NETWORK: Limit = Limit {
    burst: 300,
    every: TimeDelta::seconds(1),
};
const EVERYONE: Limit = Limit {
    burst: 2_000,
    every: TimeDelta::milliseconds(500),
};
/// Buckets to have before full ones are looked for.
const SWEEP: usize = 1_024;

/// Who may guess how often.
#[derive(Clone)]
pub(super) struct Guesses(Arc<Inner>);

struct Inner {
    secret: [u8; 32],
    buckets: Mutex<Buckets>,
}

/// A bucket: how many may be taken at once, and when one comes back.
#[derive(Clone, Copy)]
struct Limit {
    burst: i32,
    every: TimeDelta,
}

/// Each bucket is known by the instant at which it will be full again.
struct Buckets {
    full_at: HashMap<Client, Instant>,
    sweep_at: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Client {
    Account(AccountId),
    Visitor(VisitorId),
    /// The start of an HMAC of its address.
    Network([u8; 16]),
    UnknownNetwork,
    Everyone,
}

/// A guess that has been paid for.
#[must_use = "a right guess is free"]
pub(super) struct Guess {
    guesses: Guesses,
    paid: Vec<(Client, Limit)>,
}

impl Guesses {
    pub(super) fn new() -> std::result::Result<Self, random::Unavailable> {
        Ok(Self(Arc::new(Inner {
            secret: random::bytes()?,
            buckets: Mutex::new(Buckets {
                full_at: HashMap::new(),
                sweep_at: SWEEP,
            }),
        })))
    }

    /// Takes a guess from every bucket of the actor's, or says how long to wait. The platform
    /// itself guesses freely.
    pub(super) fn take<R>(
        &self,
        actor: &Actor,
        address: Option<IpAddr>,
        now: Instant,
    ) -> Result<Guess, R> {
        let mut paid = Vec::new();
        if let Some(client) = match actor {
            Actor::System => None,
            Actor::Member(member) => Some(Client::Account(member.id)),
            Actor::Visitor(Some(visitor)) => Some(Client::Visitor(*visitor)),
            Actor::Visitor(None) | Actor::Guest(_) => Some(self.network(address)),
        } {
            let limit = match client {
                Client::Account(_) | Client::Visitor(_) => PERSON,
                _ => NETWORK,
            };
            paid.push((client, limit));
            if let (Client::Visitor(_), Some(_)) = (client, address) {
                paid.push((self.network(address), NETWORK));
            }
            paid.push((Client::Everyone, EVERYONE));
        }
        let mut buckets = self.buckets();
        let wait = paid
            .iter()
            .map(|(client, limit)| buckets.wait(*client, *limit, now))
            .max()
            .unwrap_or_default();
        if wait > TimeDelta::zero() {
            return Err(Error::TooMany(wait.to_std().unwrap_or(Duration::MAX)));
        }
        for (client, limit) in &paid {
            buckets.take(*client, *limit, now);
        }
        drop(buckets);
        Ok(Guess {
            guesses: self.clone(),
            paid,
        })
    }

    fn network(&self, address: Option<IpAddr>) -> Client {
        let Some(address) = address else {
            return Client::UnknownNetwork;
        };
        let prefix = match address.to_canonical() {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets()[..7].to_vec(),
        };
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.0.secret);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        mac.update(&prefix);
        let digest = mac.finalize().into_bytes();
        let mut start = [0; 16];
        start.copy_from_slice(&digest[..16]);
        Client::Network(start)
    }

    fn buckets(&self) -> MutexGuard<'_, Buckets> {
        self.0
            .buckets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guess {
    /// Gives back what was taken: the guess was right.
    pub(super) fn right(self) {
        let mut buckets = self.guesses.buckets();
        for (client, limit) in &self.paid {
            if let Some(full_at) = buckets.full_at.get_mut(client) {
                *full_at -= limit.every;
            }
        }
    }
}

impl Buckets {
    /// How long until one may be taken; nothing where that is now.
    fn wait(&self, client: Client, limit: Limit, now: Instant) -> TimeDelta {
        let full_at = self.full_at.get(&client).copied().unwrap_or(now).max(now);
        let room = limit.every * limit.burst;
        (full_at + limit.every - now - room).max(TimeDelta::zero())
    }

    fn take(&mut self, client: Client, limit: Limit, now: Instant) {
        if self.full_at.len() >= self.sweep_at {
            self.full_at.retain(|_, full_at| *full_at > now);
            self.sweep_at = self.full_at.len() * 2 + SWEEP;
        }
        let full_at = self.full_at.entry(client).or_insert(now);
        *full_at = (*full_at).max(now) + limit.every;
    }
}

#[cfg(test)]
mod tests;
