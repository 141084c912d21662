//! Partners: the municipalities of Overijssel. Who belongs to a partner comes with the embeds.

mod model;
mod service;
pub(crate) mod store;

pub use model::Municipality;
pub use service::Partners;
