//! Partners and municipalities in the API.

mod input;
mod loader;
mod mutation;
mod query;
mod types;

pub(crate) use mutation::PartnerMutation;
pub(crate) use query::PartnerQuery;
pub(crate) use types::{Municipality, Partner};
