//! A keyed rate limiter: how often something may be tried, and how long to wait then.
//!
//! Each key has a bucket. A try adds one to its level, time takes one off again, and from a level
//! on the next try waits. A try that turns out well is taken back, and can earn room for more.
//! Buckets live in this process and in bounded memory: the one used longest ago is evicted first,
//! so that a flood of new keys never makes it forget a key that is being tried.

use std::{
    hash::Hash,
    net::IpAddr,
    num::NonZeroUsize,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::TimeDelta;
use lru::LruCache;

use crate::clock::Instant;

/// A limit of tries: how many at once, and how long to wait then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit {
    /// Tries before the first wait.
    pub(crate) burst: i32,
    /// The time in which one try is forgotten; none is during a wait.
    pub(crate) every: TimeDelta,
    /// The first wait; each further try doubles it.
    pub(crate) first_wait: TimeDelta,
    /// The longest wait.
    pub(crate) longest_wait: TimeDelta,
    /// Tries beyond the burst that success can earn.
    pub(crate) earnable: i32,
}

/// A network by the prefix of its addresses: what one subscriber, or a few, are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Network {
    prefix: [u8; 8],
    bits: u8,
}

/// Counts tries by key, within bounded memory.
pub(crate) struct RateLimiter<K> {
    buckets: Mutex<LruCache<K, Bucket>>,
}

/// Tries that were counted. One that turned out well is taken back by [`RateLimiter::take_back`].
#[derive(Debug)]
#[must_use = "a try that turned out well is taken back"]
pub(crate) struct Permit<K> {
    counted: Vec<Counted<K>>,
}

#[derive(Debug)]
struct Counted<K> {
    key: K,
    limit: Limit,
    /// The end of the wait before this try, and after it.
    waits: [Instant; 2],
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// Tries that are not forgotten; below zero where success earned more than was tried.
    level: i32,
    updated_at: Instant,
    blocked_until: Instant,
}

impl Limit {
    /// So many at once, then one at a time, with a wait that does not grow.
    pub(crate) const fn steady(burst: i32, every: TimeDelta) -> Self {
        Self {
            burst,
            every,
            first_wait: every,
            longest_wait: every,
            earnable: 0,
        }
    }

    /// The limit of a network that holds `times` as many subscribers: as many times as wide, with
    /// waits of five minutes at most, since they hit whoever shares it.
    pub(crate) fn times(self, times: i32) -> Self {
        Self {
            burst: self.burst * times,
            every: self.every / times,
            longest_wait: self.longest_wait.min(TimeDelta::minutes(5)),
            earnable: self.earnable * times,
            ..self
        }
    }

    /// Returns how long to wait after the try that brought a bucket to this level.
    fn wait(self, level: i32) -> TimeDelta {
        if level < self.burst {
            return TimeDelta::zero();
        }
        let over = u32::try_from(level - self.burst).unwrap_or(0);
        (self.first_wait * 2_i32.pow(over.min(16))).min(self.longest_wait)
    }

    /// Returns the level above which a wait grows no more.
    fn highest(self) -> i32 {
        let longest = (0..16).find(|over| self.wait(self.burst + over) == self.longest_wait);
        self.burst + longest.unwrap_or(16)
    }
}

impl Network {
    /// Returns the networks that an address lies in, the smallest first, each with how many
    /// subscribers it counts for: of IPv4 the address alone; of IPv6 the /64, the /56 and the /48,
    /// since a subscriber is given any of these.
    pub(crate) fn of(address: IpAddr) -> Vec<(Self, i32)> {
        match address.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, d] = address.octets();
                let prefix = [a, b, c, d, 0, 0, 0, 0];
                vec![(Self { prefix, bits: 32 }, 1)]
            }
            IpAddr::V6(address) => {
                let network = |bits: u8| {
                    let mut prefix = [0; 8];
                    let bytes = usize::from(bits / 8);
                    prefix[..bytes].copy_from_slice(&address.octets()[..bytes]);
                    Self { prefix, bits }
                };
                vec![(network(64), 1), (network(56), 4), (network(48), 16)]
            }
        }
    }

    /// Returns the bytes that tell it from every other network.
    pub(crate) fn bytes(self) -> [u8; 9] {
        let mut bytes = [self.bits; 9];
        bytes[1..].copy_from_slice(&self.prefix);
        bytes
    }
}

impl Bucket {
    fn new(now: Instant) -> Self {
        Self {
            level: 0,
            updated_at: now,
            blocked_until: now,
        }
    }

    /// Forgets what time has made up for; nothing during a wait.
    fn forget(&mut self, limit: Limit, now: Instant) {
        let since = self.updated_at.max(self.blocked_until).min(now);
        let times = (now - since).num_milliseconds() / limit.every.num_milliseconds().max(1);
        let times = i32::try_from(times).unwrap_or(i32::MAX);
        let rest = self.level.abs().saturating_sub(times).max(0);
        self.level = rest * self.level.signum();
        self.updated_at = match rest {
            0 => now,
            _ => since + limit.every * times,
        };
    }

    fn count(&mut self, limit: Limit, now: Instant) {
        self.forget(limit, now);
        self.level = (self.level + 1).min(limit.highest());
        self.blocked_until = now + limit.wait(self.level);
    }

    fn take_back(&mut self, limit: Limit, waits: [Instant; 2], now: Instant) {
        self.forget(limit, now);
        self.level = (self.level - 1).max(-limit.earnable);
        if self.level < limit.burst {
            self.blocked_until = self.blocked_until.min(now);
        } else if self.blocked_until == waits[1] {
            self.blocked_until = waits[0];
        }
    }
}

impl<K: Copy + Eq + Hash> RateLimiter<K> {
    /// A limiter that counts at most `most` keys, and one at least.
    pub(crate) fn new(most: usize) -> Self {
        // It grows as it is filled, while one made with its bound takes all of it at once.
        let mut buckets = LruCache::unbounded();
        buckets.resize(NonZeroUsize::new(most).unwrap_or(NonZeroUsize::MIN));
        Self {
            buckets: Mutex::new(buckets),
        }
    }

    /// Counts a try at each of the keys, or gives how long to wait first; a try that has to wait
    /// is not counted.
    pub(crate) fn admit(
        &self,
        keys: impl IntoIterator<Item = (K, Limit)>,
        now: Instant,
    ) -> Result<Permit<K>, Duration> {
        let keys: Vec<(K, Limit)> = keys.into_iter().collect();
        let mut buckets = self.lock();
        let mut wait = TimeDelta::zero();
        for (key, _) in &keys {
            if let Some(bucket) = buckets.get(key) {
                wait = wait.max(bucket.blocked_until - now);
            }
        }
        if wait > TimeDelta::zero() {
            return Err(wait.to_std().unwrap_or(Duration::MAX));
        }
        let counted = keys
            .into_iter()
            .map(|(key, limit)| {
                let bucket = buckets.get_or_insert_mut(key, || Bucket::new(now));
                let before = bucket.blocked_until;
                bucket.count(limit, now);
                Counted {
                    key,
                    limit,
                    waits: [before, bucket.blocked_until],
                }
            })
            .collect();
        Ok(Permit { counted })
    }

    /// Takes tries back as if they had not been made. Waits that others' tries led to stay.
    pub(crate) fn take_back(&self, permit: Permit<K>, now: Instant) {
        let mut buckets = self.lock();
        for Counted { key, limit, waits } in permit.counted {
            if let Some(bucket) = buckets.get_mut(&key) {
                bucket.take_back(limit, waits, now);
            }
        }
    }

    /// Makes room for one more try at a key, up to what its limit lets it earn.
    pub(crate) fn earn(&self, key: K, limit: Limit, now: Instant) {
        let mut buckets = self.lock();
        let bucket = buckets.get_or_insert_mut(key, || Bucket::new(now));
        bucket.forget(limit, now);
        bucket.level = (bucket.level - 1).max(-limit.earnable);
    }

    /// Forgets every try at a key.
    pub(crate) fn reset(&self, key: &K) {
        self.lock().pop(key);
    }

    /// Returns how many keys are counted.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<K, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
