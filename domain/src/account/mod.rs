//! Accounts, their sessions, and visitors.
//!
//! An account is unverified until its owner opens the link that was mailed to its address; only
//! then can they sign in. A session is one device's sign-in: it lives 30 days from its last
//! renewal, and each renewal takes one refresh token and gives the next. A visitor has no row at
//! all, only a token.
//!
//! Verbs: register, verify the address, sign in, refresh, revoke, become a visitor, update; for
//! operators create and grant.
//!
//! Always: an address has one account and at most one open link; a password is stored as an
//! Argon2id hash, a link's and a refresh token as SHA-256; a refresh token is good for once, and
//! its second use ends its session; no answer tells whether an address has an account. An access
//! token is good until it expires, also after its session has ended or its roles have changed:
//! that is why it lives 15 minutes.

mod draft;
mod jobs;
mod model;
mod password;
mod policy;
mod refusal;
mod service;
pub(crate) mod store;
mod token;

pub use draft::{AccountChange, AccountDraft, Credentials, Password};
pub use model::{
    AccessToken, Account, DeviceSession, Profile, Revocation, SessionTokens, SignedIn,
};
pub use password::PasswordCost;
pub use policy::{may_operate, may_update};
pub use refusal::AccountRefusal;
pub use service::Accounts;
pub use token::{InvalidKey, SigningKey, TokenError};

pub(crate) use jobs::{mail_already_registered, mail_verification};
pub(crate) use password::Hasher;
pub(crate) use service::signing_keys;
pub(crate) use token::Tokens;
