//! What can be done with accounts.

mod access;
mod attempt;
mod authenticate;
mod block;
mod key;
mod link;
mod meet;
mod open;
mod operate;
mod own;
mod reauthenticate;
mod refresh;
mod register;
mod second_factor;
mod session;

use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

use super::{
    AccountRefusal, Hasher, Tokens, name::NameRule, provider::Providers, throttle::Throttle,
    verified::Verified,
};
use crate::{
    Actor, Result, clock::SharedClock, database::Database, event::Events, job::Jobs, mail::Mailer,
};

pub(crate) use attempt::FAILURES_COUNT;
pub use key::NewKey;
pub(crate) use key::signing_keys;

/// The use-cases of accounts.
#[derive(Clone)]
pub struct Accounts {
    pub(super) database: Database,
    pub(super) clock: SharedClock,
    pub(super) mailer: Mailer,
    /// Where people reach the site, without a slash at the end.
    pub(super) public_url: String,
    jobs: Jobs,
    events: Events,
    hasher: Hasher,
    tokens: Tokens,
    throttle: Throttle,
    verified: Verified,
    providers: Providers,
    last_look: Arc<key::LastLook>,
    second_factor_required: bool,
    special_use_domains: bool,
    names: NameRule,
}

/// What accounts need to know of where they run.
pub(crate) struct Site {
    /// The bus that tells when access ends.
    pub(crate) events: Events,
    /// How mail leaves.
    pub(crate) mailer: Mailer,
    /// Where people reach the site, without a slash at the end.
    pub(crate) public_url: String,
    /// Whether moderators and admins act as such only after a second factor.
    pub(crate) second_factor_required: bool,
    /// True if people may register with addresses at special-use domains.
    pub(crate) special_use_domains: bool,
    /// Whether the keys are those in the database, which change by command.
    pub(crate) keys_are_kept: bool,
    /// Whose tokens are taken beside our own.
    pub(crate) providers: Providers,
    /// The key of what the throttle counts by.
    pub(crate) throttle_key: [u8; 32],
    /// Which names people may go by.
    pub(crate) names: NameRule,
}

impl Accounts {
    pub(crate) fn new(
        database: Database,
        clock: SharedClock,
        jobs: Jobs,
        hasher: Hasher,
        tokens: Tokens,
        site: Site,
    ) -> Self {
        let accounts = Self {
            events: site.events,
            throttle: Throttle::new(clock.clone(), site.throttle_key),
            verified: Verified::default(),
            providers: site.providers,
            names: site.names,
            last_look: Arc::new(site.keys_are_kept.then(|| Mutex::new(clock.now()))),
            second_factor_required: site.second_factor_required,
            special_use_domains: site.special_use_domains,
            mailer: site.mailer,
            public_url: site.public_url,
            database,
            clock,
            jobs,
            hasher,
            tokens,
        };
        accounts.react_to(&accounts.events);
        accounts
    }

    /// Returns true if there is a mail server to send through.
    pub(crate) fn sends_mail(&self) -> bool {
        self.mailer.sends()
    }
}

/// What is kept of a token: its SHA-256 in hexadecimal. It has 256 bits of chance, so there is
/// nothing to guess that a slow hash or a salt would protect.
pub(super) fn digest(token: &str) -> String {
    format!("{:x}", Sha256::digest(token))
}

fn allow(actor: &Actor, policy: impl Fn(&Actor) -> bool) -> Result<(), AccountRefusal> {
    if policy(actor) {
        Ok(())
    } else {
        Err(actor.denied())
    }
}
