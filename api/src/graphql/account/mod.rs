//! Accounts, sessions and visitors in the API.

mod input;
mod link;
mod mutation;
mod query;
mod second_factor;
mod types;

use async_graphql::MergedObject;

pub(crate) use input::proof;
pub(crate) use query::AccountQuery;
pub(crate) use types::{Account, Locale};

/// Accounts, how people sign in, and their second factors.
#[derive(MergedObject, Default)]
pub(crate) struct AccountMutation(
    mutation::SessionMutation,
    link::LinkMutation,
    second_factor::SecondFactorMutation,
);
