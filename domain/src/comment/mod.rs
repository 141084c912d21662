//! Comments: what people say under a story, a theme or a poll, three levels deep.
//!
//! A comment is VISIBLE until its author deletes it (`DELETED_BY_AUTHOR`) or a moderator removes it
//! (HIDDEN); either leaves a placeholder without body and author, and the replies stay. PENDING
//! awaits a moderator: only its author and moderators see it. Screening holds a new or changed
//! comment as PENDING; it refuses none.
//!
//! Verbs: add, edit, delete, support.
//!
//! Always: a reply stands under the same subject as its parent, one level deeper; the subject's
//! `comment_count` equals its visible comments at any depth, `reply_count` the visible direct
//! replies, `support_count` the rows that support; a comment's author never supports it.

mod draft;
mod judge;
mod model;
mod policy;
mod refusal;
mod service;
pub(crate) mod store;

pub use draft::CommentDraft;
pub use model::{Comment, CommentOrder, CommentState, Subject, SubjectId, Thread};
pub use policy::{may_comment, may_delete, may_reply, may_support};
pub use refusal::CommentRefusal;
pub use service::Comments;
