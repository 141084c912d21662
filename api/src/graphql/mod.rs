//! The GraphQL API over the domain's services: types written by hand, one folder an aggregate.

mod account;
mod batch;
mod budget;
mod comment;
mod connection;
mod context;
pub mod document;
mod embed;
mod error;
mod execute;
pub mod guard;
mod loader;
mod moderation;
pub(crate) mod node;
mod order;
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
pub use execute::execute;
pub(crate) use node::poll_id;
pub use roots::{Schema, schema, sdl};
pub use subscription::{Payload, payload, subscribe};
