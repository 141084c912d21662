//! What the rest of the program sees of accounts.

use std::fmt;

use super::Password;
use crate::{
    Actor, Locale, Roles,
    clock::Instant,
    id::{AccountId, SessionId},
};

/// An account as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The address, in lower case, its domain in ASCII; none where a provider's person has none
    /// that is theirs alone.
    pub email: Option<String>,
    /// Whether the address was shown to be theirs.
    pub email_verified: bool,
    /// How others see this person.
    pub display_name: String,
    /// The language for mail and messages.
    pub locale: Locale,
    /// What they may do beyond what everyone may.
    pub roles: Roles,
}

/// An account as everyone sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The account's id.
    pub id: AccountId,
    /// How others see this person.
    pub display_name: String,
}

/// A session in the list of its owner's devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceSession {
    /// Its id.
    pub id: SessionId,
    /// When they signed in.
    pub created_at: Instant,
    /// When its tokens were last renewed.
    pub last_seen_at: Instant,
    /// Whether it is the session that asks.
    pub current: bool,
}

/// The proof that it is an account's owner who asks, besides their access token; never printed.
pub enum Proof {
    /// Their password.
    Password(Password),
    /// The token of a link that was mailed to them to sign in by.
    Link(String),
}

/// A person who has just signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// What they send from now on.
    pub tokens: SessionTokens,
    /// The actor from now on: a member, or a blocked account.
    pub actor: Actor,
}

impl SignedIn {
    /// The account's name to the throttle.
    pub(super) fn name(&self) -> String {
        let account = self.actor.reader();
        account.map_or_else(String::new, |account| account.0.to_string())
    }
}

/// A token for the `Authorization` header.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// A JWT.
    pub token: String,
    /// When it stops working, in whole seconds.
    pub expires_at: Instant,
}

/// What a device needs to act for a member.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionTokens {
    /// Good for 15 minutes.
    pub access: AccessToken,
    /// Good for one renewal within 30 days.
    pub refresh: String,
}

/// Which session its owner ends.
#[derive(Clone, PartialEq, Eq)]
pub enum Revocation {
    /// The one that this refresh token renews; the token is proof enough.
    RefreshToken(String),
    /// The actor's own session with this id.
    Session(SessionId),
}

/// Only when it expires: the token itself belongs in no log.
impl fmt::Debug for AccessToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AccessToken")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Without the tokens: they belong in no log.
impl fmt::Debug for SessionTokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SessionTokens")
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}
