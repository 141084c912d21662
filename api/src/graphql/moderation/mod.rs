//! Moderation in the API.

mod input;
mod loader;
mod mutation;
mod query;
mod record;
mod subject;
mod subscription;
mod template;
mod types;

pub(crate) use mutation::ModerationMutation;
pub(crate) use query::ModerationQuery;
pub(crate) use record::{ModerationDecision, ModerationLogEntry, last_decision};
pub(crate) use subscription::ModerationSubscription;
pub(crate) use types::{AccountBlock, ModerationCase};
