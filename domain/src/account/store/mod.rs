//! Queries on accounts, their sessions, and the keys that sign their tokens.

mod access;
mod attempt;
mod block;
mod identity;
mod judged;
mod key;
mod link;
mod name;
mod person;
mod refresh;
mod registration;
mod second_factor;
mod session;

pub(super) use access::{Block, SessionAccess, session_access};
pub(crate) use attempt::prune_failures;
pub(super) use attempt::{FormerSession, count_failure, failures, forget_failures, former_session};
pub(super) use block::{block, unblock};
pub(crate) use block::{blocks, is_blocked};
pub(super) use identity::{account_of, bind, is_known_address, note_stated_roles};
pub(crate) use identity::{known_roles, known_roles_of, moderators};
pub(crate) use judged::rename;
pub(super) use key::{KeptKey, add_signing_key, remove_signing_keys, signing_keys};
pub(super) use link::{close_mailed_links, linked_account, open_mailed_link, take_mailed_link};
pub(crate) use name::{forget_hidden_name, note_hidden_name, reserve_name};
pub(super) use name::{is_hidden_name, is_reserved_name};
pub(super) use person::roles;
pub(super) use person::{
    Owner, Person, addressee, addressee_for_change, by_email_for_change, by_id, by_provider_email,
    grant, insert, insert_of_provider, set_password, to_sign_in, update, verify, withdraw,
};
pub(crate) use person::{has_address, profiles, verified};
pub(super) use refresh::{
    KnownToken, NewToken, RefreshUse, access_used, add_refresh_token, forgive, note_access_use,
    prune_tokens, refresh_token, session_of_token, use_refresh_token,
};
pub(super) use registration::{
    Registration, add_registration, forget_registrations, newest_registration, open_registration,
    registration, registration_of_link,
};
pub(super) use second_factor::{
    confirm, enrol, factor, remove_factor, take_recovery_code, take_step,
};
pub(super) use session::{
    OpenSession, any_session, end_own_session, end_session, end_sessions, note_second_factor,
    note_sight, open_session, open_session_once, prune_sessions, renew_session, session, sessions,
};
