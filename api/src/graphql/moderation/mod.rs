//! Moderation in the API.

mod input;
mod loader;
mod mutation;
mod query;
mod types;

pub(crate) use mutation::ModerationMutation;
pub(crate) use query::ModerationQuery;
pub(crate) use types::ModerationCase;
