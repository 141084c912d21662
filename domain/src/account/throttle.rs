//! The limits of trying to register, to sign in and to be mailed a link.
//!
//! Tries are counted by the account's name and by the networks that they come from, for each
//! action in a rate limiter of its own. What is kept are MACs of those under the server's key, so
//! that no address can be read from it; known and unknown addresses are counted alike.
//!
//! | at | tries at once | forgotten | waits | earned by success |
//! | --- | --- | --- | --- | --- |
//! | an account, or one known device of it | 5 | one in 5 minutes | 1, 2, 4, 8, 15 minutes | |
//! | a network, guessing | 20 | one in 30 seconds | 1 minute to 1 hour | 60 more |
//! | a network, asking for accounts or links | 100 | one in 30 seconds | 1 minute to 1 hour | 100 more |
//!
//! A network is an address of IPv4 or a /64 of IPv6; a /56 has four times as much, a /48 sixteen
//! times. A try that succeeds is taken back. What an account's success earns at a network it earns
//! once a day, so that nobody with one account of their own makes room to guess others'.
//!
//! This process may restart, and there may be several: failures are counted in the database as well
//! (`service/attempt.rs`).

use std::{net::IpAddr, sync::Arc};

use chrono::TimeDelta;
use hmac::{Hmac, Mac, digest::KeyInit};
use sha2::Sha256;

use crate::{
    Error, Result,
    clock::SharedClock,
    id::SessionId,
    rate_limit::{Limit, Network, Permit, RateLimiter},
};

/// Keys that each action counts at most, in some 5 MB. To evict an account's, somebody has to guess
/// from 2,500 networks at once, and its failures stay counted in the database.
const MOST: usize = 50_000;

const ACCOUNT: Limit = Limit {
    burst: 5,
    every: TimeDelta::minutes(5),
    first_wait: TimeDelta::minutes(1),
    longest_wait: TimeDelta::minutes(15),
    earnable: 0,
};
/// Many people may share an address.
const GUESSING_NETWORK: Limit = Limit {
    burst: 20,
    every: TimeDelta::seconds(30),
    first_wait: TimeDelta::minutes(1),
    longest_wait: TimeDelta::hours(1),
    earnable: 60,
};
/// Nothing is guessed by asking, and a hall full of people asks in the same minute.
const ASKING_NETWORK: Limit = Limit {
    burst: 100,
    earnable: 100,
    ..GUESSING_NETWORK
};
const ONCE_A_DAY: Limit = Limit::steady(1, TimeDelta::days(1));

/// The sender of a request, as far as known; never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Client {
    address: Option<IpAddr>,
    pub(super) former_session: Option<Former>,
}

/// A proof that someone was signed in to an account before.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Former {
    /// A refresh token, which may have expired.
    RefreshToken(String),
    /// A session that an access token names.
    Session(SessionId),
}

/// A kind of try; each is counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Register,
    SignIn,
    MailLink,
    SecondFactor,
}

/// The account that is tried: by its name, and by the device of its owner where that is known.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) name: &'a str,
    pub(super) device: Option<SessionId>,
}

/// A key of what is counted: the start of a MAC.
pub(super) type Key = [u8; 16];

/// A try that was let through, and counts until it turns out well.
#[must_use = "a try that turned out well is taken back"]
pub(super) struct Attempt {
    action: Action,
    /// The account, or one device of it.
    pub(super) account: Key,
    name: String,
    permit: Permit<Key>,
}

/// Counts tries.
#[derive(Clone)]
pub(super) struct Throttle(Arc<Inner>);

struct Inner {
    clock: SharedClock,
    secret: [u8; 32],
    register: RateLimiter<Key>,
    sign_in: RateLimiter<Key>,
    mail_link: RateLimiter<Key>,
    second_factor: RateLimiter<Key>,
    /// Which account earned at which network today.
    earned: RateLimiter<Key>,
}

impl Client {
    /// Someone at this address of the internet; anyone where it is not known.
    pub fn of(address: Option<IpAddr>) -> Self {
        Self {
            address: address.map(|address| address.to_canonical()),
            former_session: None,
        }
    }

    /// The same one, who shows a refresh token of a session that may have ended: where it is of
    /// the account that they try, they have an allowance of their own.
    #[must_use]
    pub fn with_former_session(self, refresh_token: Option<String>) -> Self {
        Self {
            former_session: refresh_token.map(Former::RefreshToken),
            ..self
        }
    }

    /// The same one, who is signed in.
    #[must_use]
    pub(crate) fn in_session(self, session: SessionId) -> Self {
        Self {
            former_session: Some(Former::Session(session)),
            ..self
        }
    }

    fn networks(&self) -> Vec<(Network, i32)> {
        self.address.map(Network::of).unwrap_or_default()
    }
}

impl Action {
    const ALL: [Self; 4] = [
        Self::Register,
        Self::SignIn,
        Self::MailLink,
        Self::SecondFactor,
    ];

    fn network(self) -> Limit {
        match self {
            Self::Register | Self::MailLink => ASKING_NETWORK,
            Self::SignIn | Self::SecondFactor => GUESSING_NETWORK,
        }
    }
}

impl Throttle {
    pub(super) fn new(clock: SharedClock, secret: [u8; 32]) -> Self {
        Self(Arc::new(Inner {
            clock,
            secret,
            register: RateLimiter::new(MOST),
            sign_in: RateLimiter::new(MOST),
            mail_link: RateLimiter::new(MOST),
            second_factor: RateLimiter::new(MOST),
            earned: RateLimiter::new(MOST),
        }))
    }

    /// Counts a try, or says how long to wait first; a try that has to wait is not counted. A known
    /// device is counted by itself: what strangers try, wherever they are, does not lock it out.
    pub(super) fn admit<R>(
        &self,
        action: Action,
        client: &Client,
        target: Target<'_>,
    ) -> Result<Attempt, R> {
        let account = self.0.account(action, target);
        let networks = match target.device {
            Some(_) => Vec::new(),
            None => client.networks(),
        };
        let limits = networks
            .iter()
            .map(|(network, times)| (self.0.network(*network), action.network().times(*times)));
        let keys = std::iter::once((account, ACCOUNT)).chain(limits);
        let permit = self
            .0
            .limiter(action)
            .admit(keys, self.0.clock.now())
            .map_err(Error::TooMany)?;
        Ok(Attempt {
            action,
            account,
            name: target.name.to_owned(),
            permit,
        })
    }

    /// Takes a try back that had to wait after all.
    pub(super) fn take_back(&self, attempt: Attempt) {
        let limiter = self.0.limiter(attempt.action);
        limiter.take_back(attempt.permit, self.0.clock.now());
    }

    /// Takes a try back that turned out to be the owner's, and forgets those before it on the
    /// account. The owner's network has more room from now on.
    pub(super) fn succeed(&self, client: &Client, attempt: Attempt) {
        let (account, name) = (attempt.account, attempt.name.clone());
        let limiter = self.0.limiter(attempt.action);
        self.take_back(attempt);
        limiter.reset(&account);
        self.earn(client, &name);
    }

    /// Makes room for more tries at the networks where an account's owner was seen.
    pub(super) fn earn(&self, client: &Client, name: &str) {
        let now = self.0.clock.now();
        for (network, times) in client.networks() {
            let key = self.0.network(network);
            let once = self.0.key(b'e', &[&network.bytes(), name.as_bytes()]);
            if self.0.earned.admit([(once, ONCE_A_DAY)], now).is_err() {
                continue;
            }
            for action in Action::ALL {
                let limit = action.network().times(times);
                self.0.limiter(action).earn(key, limit, now);
            }
        }
    }
}

impl Inner {
    fn limiter(&self, action: Action) -> &RateLimiter<Key> {
        match action {
            Action::Register => &self.register,
            Action::SignIn => &self.sign_in,
            Action::MailLink => &self.mail_link,
            Action::SecondFactor => &self.second_factor,
        }
    }

    fn account(&self, action: Action, target: Target<'_>) -> Key {
        let device = target.device.map(|device| device.0.into_bytes());
        let device = device.as_ref().map_or(&[][..], |device| &device[..]);
        self.key(b'a', &[&[action as u8], target.name.as_bytes(), device])
    }

    fn network(&self, network: Network) -> Key {
        self.key(b'n', &[&network.bytes()])
    }

    fn key(&self, kind: u8, parts: &[&[u8]]) -> Key {
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.secret);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        mac.update(&[kind]);
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        let mut key = [0; 16];
        key.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        key
    }
}

#[cfg(test)]
mod tests;
