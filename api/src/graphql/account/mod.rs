//! Accounts, sessions and visitors in the API.

mod input;
mod mutation;
mod query;
mod types;

pub(crate) use mutation::AccountMutation;
pub(crate) use query::AccountQuery;
pub(crate) use types::Account;
