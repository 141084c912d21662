//! Comments in the API.

mod commentable;
mod input;
mod loader;
mod mutation;
mod types;

pub(crate) use commentable::{Commentable, comments, may_comment};
pub(crate) use input::CommentOrder;
pub(crate) use mutation::CommentMutation;
pub(crate) use types::Comment;
