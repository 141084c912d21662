//! Queries on accounts, their sessions, and the keys that sign their tokens.

mod key;
mod person;
mod session;

pub(super) use key::{add_signing_key, signing_keys};
pub(crate) use person::profiles;
pub(super) use person::{
    addressee, addressee_for_change, by_email_for_change, by_id, close_link, grant, insert,
    open_link, replace_unverified, roles, set_password, set_verified, take_link, to_sign_in,
    update, withdraw,
};
pub(super) use session::{
    RefreshUse, add_refresh_token, end_own_session, end_session, end_sessions, open_session,
    prune_sessions, prune_tokens, renew_session, session_of_token, sessions, use_refresh_token,
};
