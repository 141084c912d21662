//! Embeds in the API.

mod input;
mod loader;
mod mutation;
mod types;

pub(crate) use mutation::EmbedMutation;
pub(crate) use types::{Embed, of_partner};
