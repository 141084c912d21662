//! The GraphQL API over the domain's services: types written by hand, one folder an aggregate.

mod account;
mod budget;
mod comment;
mod connection;
mod context;
mod embed;
mod error;
mod loader;
mod moderation;
pub(crate) mod node;
mod once;
pub mod operation;
mod partner;
mod poll;
mod privacy;
mod roots;
mod scalar;
mod screening;
mod story;
mod subscription;
mod theme;
mod user_error;

pub use context::RequestContext;
pub use error::seal;
pub(crate) use node::poll_id;
pub use operation::{Operation, execute};
pub use roots::{Schema, schema, sdl};
pub use subscription::{Payload, payload, subscribe};
