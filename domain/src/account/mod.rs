//! Accounts, their sessions, and visitors.
//!
//! An account is unverified until its owner opens the link that was mailed to its address; only
//! then can they sign in. A session is one device's sign-in: it lives 30 days from its last
//! renewal, and each renewal takes one refresh token and gives the next. A visitor has no row at
//! all, only a token.
//!
//! Verbs: register, verify the address, sign in by password or by mailed link, show a second
//! factor, refresh, revoke, choose another password, become a visitor, update; for operators
//! create, grant, block, reset the second factor, end sessions, rotate the key.
//!
//! Staff may come in by tokens of other identity providers as well: each such token is a session
//! of its own, with the roles that the token gives.
//!
//! Always: an address has one account and at most one open link of each kind; several people may
//! wait to register it, each with a link that sets their own password and name; a password is
//! stored as an Argon2id hash, a link's and a refresh token as SHA-256; a refresh token is good
//! for once, and its second use ends its session unless nobody had the answer to the first; no
//! answer tells whether an address has an account. An access token works until it expires or its
//! session ends or one of its roles is taken, which another process notices within five seconds.
//! Moderators and admins act as such only after a second factor, where that is required, and sign
//! in again every 8 hours. Nobody chooses a name that passes for the province's, a partner's or a
//! moderator's; operators may give one.

mod draft;
mod family;
mod jobs;
mod model;
mod name;
mod password;
mod policy;
mod provider;
mod refusal;
mod second_factor;
mod service;
mod special_use;
pub(crate) mod store;
mod throttle;
mod token;
mod token_refusal;
mod verified;

pub use draft::{AccountChange, AccountDraft, Credentials, Password};
pub use model::{
    AccessToken, Account, DeviceSession, Profile, Proof, Revocation, SessionTokens, SignedIn,
};
pub use password::PasswordCost;
pub use policy::{may_operate, may_update};
pub use provider::{
    AccessTokenType, Fetch, FetchError, HttpFetch, KnownAddress, Provider, count_keys,
};
pub use refusal::AccountRefusal;
pub use service::{Accounts, NewKey};
pub use throttle::Client;
pub use token::{InvalidKey, SigningKey};
pub use token_refusal::TokenRefusal;

pub(crate) use draft::email as address;
pub(crate) use jobs::{mail, mail_already_registered, mail_link, mail_verification};
pub(crate) use name::NameRule;
pub(crate) use password::Hasher;
pub(crate) use provider::Providers;
pub(crate) use service::{FAILURES_COUNT, Site, signing_keys};
pub(crate) use token::Tokens;
