//! Stories, their series and their energy in the API.

mod author;
mod input;
mod loader;
mod mutation;
mod query;
mod reaction;
mod series;
mod types;

pub(crate) use author::Author;
pub(crate) use loader::StoryCount;
pub(crate) use mutation::StoryMutation;
pub(crate) use query::{StoryQuery, stories_by_author, stories_by_theme};
pub(crate) use series::StorySeries;
pub(crate) use types::Story;
