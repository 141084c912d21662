//! Partners and municipalities in the API.

mod query;
mod types;

pub(crate) use query::PartnerQuery;
pub(crate) use types::Municipality;
