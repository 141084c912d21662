//! How often an address may be tried: by account and by where the requests come from, with waits
//! that grow.
//!
//! Kept in memory, bounded, by this process alone: a table would let whoever knocks make us
//! write. What is kept is an HMAC under a key that lives a day and is never stored, so that no
//! address can be read from it. The known and the unknown are counted alike.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{Datelike, TimeDelta};
use hmac::{Hmac, Mac, digest::KeyInit};
use sha2::Sha256;

use crate::{
    Error, Result,
    clock::{Instant, SharedClock},
    random,
};

/// How many are counted at most; those that wait for nothing go first.
const MOST: usize = 100_000;

/// Where a request comes from, as far as that is known; never printed.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Client(Option<IpAddr>);

/// What is tried; each is counted apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Register,
    SignIn,
    MailLink,
    SecondFactor,
}

/// How often, and how long to wait then.
#[derive(Clone, Copy)]
struct Rule {
    /// Tries before the first wait.
    free: u32,
    /// The first wait; each further try doubles it.
    first: TimeDelta,
    /// The longest wait.
    most: TimeDelta,
    /// How long it takes to forget one try.
    forget: TimeDelta,
}

const ACCOUNT: Rule = Rule {
    free: 5,
    first: TimeDelta::minutes(1),
    most: TimeDelta::minutes(15),
    forget: TimeDelta::minutes(5),
};
/// Many people may share an address.
const ADDRESS: Rule = Rule {
    free: 20,
    first: TimeDelta::minutes(1),
    most: TimeDelta::hours(1),
    forget: TimeDelta::seconds(30),
};

#[derive(Clone, Copy)]
struct Bucket {
    tries: u32,
    last: Instant,
    blocked_until: Instant,
}

type Key = [u8; 16];

struct Counted {
    day: i32,
    secret: [u8; 32],
    buckets: HashMap<Key, Bucket>,
}

/// Counts tries.
#[derive(Clone)]
pub(super) struct Throttle {
    clock: SharedClock,
    counted: Arc<Mutex<Counted>>,
}

impl Client {
    /// Someone at this address of the internet; anyone where it is not known.
    pub fn of(address: Option<IpAddr>) -> Self {
        Self(address.map(|address| address.to_canonical()))
    }

    /// What one subscriber is given: an address of IPv4, the first 64 bits of one of IPv6.
    fn prefix(self) -> Option<Vec<u8>> {
        self.0.map(|address| match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets()[..8].to_vec(),
        })
    }
}

impl Bucket {
    /// The tries that are not forgotten at `now`; nothing is forgotten during a wait.
    fn tries_at(&self, rule: Rule, now: Instant) -> u32 {
        let rest = now - self.last.max(self.blocked_until).min(now);
        let forgotten = rest.num_milliseconds() / rule.forget.num_milliseconds();
        self.tries
            .saturating_sub(u32::try_from(forgotten).unwrap_or(u32::MAX))
    }
}

impl Rule {
    /// How long to wait after so many tries.
    fn wait(self, tries: u32) -> TimeDelta {
        let Some(over) = tries.checked_sub(self.free) else {
            return TimeDelta::zero();
        };
        let doubled = self.first * 2_i32.pow(over.min(16));
        doubled.min(self.most)
    }
}

impl Throttle {
    pub(super) fn new(clock: SharedClock) -> Result<Self> {
        let counted = Counted {
            day: clock.now().num_days_from_ce(),
            secret: random::bytes()?,
            buckets: HashMap::new(),
        };
        Ok(Self {
            clock,
            counted: Arc::new(Mutex::new(counted)),
        })
    }

    /// Counts a try on `account` from `client`, or says how long to wait first; a try that has to
    /// wait is not counted.
    pub(super) fn admit<R>(&self, action: Action, client: Client, account: &str) -> Result<(), R> {
        let now = self.clock.now();
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        counted.turn_day(now)?;
        let keys = counted.keys(action, client, account);
        let wait = keys
            .iter()
            .filter_map(|(key, _)| counted.buckets.get(key))
            .map(|bucket| bucket.blocked_until - now)
            .max()
            .unwrap_or_default();
        if wait > TimeDelta::zero() {
            return Err(Error::TooMany(wait.to_std().unwrap_or_default()));
        }
        counted.make_room(now);
        for (key, rule) in keys {
            let bucket = counted.buckets.entry(key).or_insert(Bucket {
                tries: 0,
                last: now,
                blocked_until: now,
            });
            bucket.tries = bucket.tries_at(rule, now).saturating_add(1);
            bucket.last = now;
            bucket.blocked_until = now + rule.wait(bucket.tries);
        }
        Ok(())
    }

    /// Takes a try back that turned out to be its owner's, and forgets those before it on the
    /// account; of those from the same place only the one.
    pub(super) fn forgive(&self, action: Action, client: Client, account: &str) {
        let now = self.clock.now();
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let mut keys = counted.keys(action, client, account).into_iter();
        if let Some((account, _)) = keys.next() {
            counted.buckets.remove(&account);
        }
        for (key, _) in keys {
            if let Some(bucket) = counted.buckets.get_mut(&key) {
                bucket.tries = bucket.tries.saturating_sub(1);
                bucket.blocked_until = now;
            }
        }
    }
}

impl Counted {
    /// A new day has a new key: what was counted under the old one can no longer be found.
    fn turn_day<R>(&mut self, now: Instant) -> Result<(), R> {
        let day = now.num_days_from_ce();
        if day != self.day {
            self.day = day;
            self.secret = random::bytes()?;
            self.buckets.clear();
        }
        Ok(())
    }

    /// The account's key, then that of where the request comes from.
    fn keys(&self, action: Action, client: Client, account: &str) -> Vec<(Key, Rule)> {
        let mut keys = vec![(self.key(action, b'a', account.as_bytes()), ACCOUNT)];
        if let Some(prefix) = client.prefix() {
            keys.push((self.key(action, b'c', &prefix), ADDRESS));
        }
        keys
    }

    fn key(&self, action: Action, kind: u8, value: &[u8]) -> Key {
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.secret);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        mac.update(&[action as u8, kind]);
        mac.update(value);
        let mut key = [0; 16];
        key.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        key
    }

    fn make_room(&mut self, now: Instant) {
        if self.buckets.len() + 2 > MOST {
            self.buckets.retain(|_, bucket| bucket.blocked_until > now);
        }
        if self.buckets.len() + 2 > MOST {
            self.buckets.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::Clock;

    struct Moved(Mutex<Instant>);

    impl Clock for Moved {
        fn now(&self) -> Instant {
            *self.0.lock().unwrap()
        }
    }

    fn fixture() -> (Arc<Moved>, Throttle) {
        let noon = Instant::from_timestamp(1_772_452_800, 0).unwrap();
        let clock = Arc::new(Moved(Mutex::new(noon)));
        (clock.clone(), Throttle::new(clock).unwrap())
    }

    fn at(address: &str) -> Client {
        Client::of(Some(address.parse().unwrap()))
    }

    fn tried(throttle: &Throttle, client: Client, account: &str) -> Option<Duration> {
        match throttle.admit::<()>(Action::SignIn, client, account) {
            Ok(()) => None,
            Err(Error::TooMany(wait)) => Some(wait),
            Err(error) => panic!("only a wait: {error}"),
        }
    }

    #[test]
    fn waits_grow_with_every_try_and_are_bounded() {
        let (clock, throttle) = fixture();
        let nobody = Client::default();
        for _ in 0..5 {
            assert_eq!(tried(&throttle, nobody, "an"), None);
        }
        let mut waits = Vec::new();
        for _ in 0..6 {
            let wait = tried(&throttle, nobody, "an").unwrap();
            waits.push(wait.as_secs() / 60);
            *clock.0.lock().unwrap() += wait;
            assert_eq!(tried(&throttle, nobody, "an"), None);
        }
        assert_eq!(waits, [1, 2, 4, 8, 15, 15]);
        assert_eq!(tried(&throttle, nobody, "jan"), None);
    }

    #[test]
    fn tries_are_forgotten_and_those_of_the_owner_forgiven() {
        let (clock, throttle) = fixture();
        let client = at("192.0.2.1");
        for _ in 0..100 {
            assert_eq!(tried(&throttle, client, "an"), None);
            throttle.forgive(Action::SignIn, client, "an");
        }
        for _ in 0..5 {
            assert_eq!(tried(&throttle, client, "an"), None);
        }
        assert!(tried(&throttle, client, "an").is_some());
        *clock.0.lock().unwrap() += TimeDelta::minutes(26);
        for _ in 0..5 {
            assert_eq!(tried(&throttle, client, "an"), None);
        }
        assert!(tried(&throttle, client, "an").is_some());
    }

    #[test]
    fn a_subscriber_of_ipv6_is_one_client_whatever_their_address() {
        let (_, throttle) = fixture();
        for number in 0..20 {
            assert_eq!(
                tried(
                    &throttle,
                    at(&format!("2001:db8:0:1::{number:x}")),
                    &number.to_string()
                ),
                None
            );
        }
        assert!(tried(&throttle, at("2001:db8:0:1::99"), "99").is_some());
        let elsewhere = at("2001:db8:0:2::1");
        assert_eq!(tried(&throttle, elsewhere, "99"), None);
        let mapped = at("::ffff:192.0.2.1");
        assert!(mapped == at("192.0.2.1"));
    }

    #[test]
    fn a_new_day_has_a_new_key_and_memory_is_bounded() {
        let (clock, throttle) = fixture();
        for number in 0..MOST + 10 {
            tried(&throttle, Client::default(), &number.to_string());
        }
        assert!(throttle.counted.lock().unwrap().buckets.len() <= MOST);
        let before = throttle.counted.lock().unwrap().secret;
        *clock.0.lock().unwrap() += TimeDelta::days(1);
        tried(&throttle, Client::default(), "an");
        let counted = throttle.counted.lock().unwrap();
        assert_ne!(counted.secret, before);
        assert_eq!(counted.buckets.len(), 1);
    }
}
