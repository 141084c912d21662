//! Queries on accounts, their sessions, and the keys that sign their tokens.

mod access;
mod attempt;
mod block;
mod claim;
mod identity;
mod judged;
mod key;
mod link;
mod name;
mod person;
mod refresh;
mod second_factor;
mod session;

pub(super) use access::{SessionAccess, session_access};
pub(crate) use attempt::prune_failures;
pub(super) use attempt::{FormerSession, count_failure, failures, forget_failures, former_session};
pub(super) use block::{block, unblock};
pub(crate) use block::{blocks, is_blocked};
pub(super) use claim::{note_claim, take_claim};
pub(super) use identity::{account_of, bind};
pub(crate) use judged::{moderators, rename};
pub(super) use key::{KeptKey, add_signing_key, remove_signing_keys, signing_keys};
pub(super) use link::{close_mailed_links, linked_account, open_mailed_link, take_mailed_link};
pub(crate) use name::{forget_hidden_name, note_hidden_name, reserve_name};
pub(super) use name::{is_hidden_name, is_reserved_name};
pub(super) use person::{
    Person, addressee, addressee_for_change, by_email_for_change, by_id, close_link, grant, insert,
    open_link, replace_unverified, set_password, set_verified, take_link, to_sign_in, update,
    withdraw,
};
pub(crate) use person::{profiles, roles, roles_of, verified};
pub(super) use refresh::{
    KnownToken, NewToken, RefreshUse, access_used, add_refresh_token, forgive, note_access_use,
    prune_tokens, refresh_token, session_of_token, use_refresh_token,
};
pub(super) use second_factor::{
    confirm, enrol, factor, remove_factor, take_recovery_code, take_step,
};
pub(super) use session::{
    OpenSession, any_session, end_own_session, end_session, end_sessions, note_second_factor,
    note_sight, open_session, open_session_once, prune_sessions, renew_session, session, sessions,
};
