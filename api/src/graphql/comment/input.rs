//! What clients send about comments.

use async_graphql::{Enum, ID, InputObject};
use domain::{
    comment::{self, SubjectId},
    id::{PollId, StoryId, ThemeId},
};

use crate::graphql::{
    error::Failure,
    node::{self, Key},
    screening::{FormInput, form},
};

/// What the comments that begin a thread are sorted by.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "comment::CommentOrder")]
pub(crate) enum CommentOrder {
    /// The youngest first.
    Newest,
    /// The eldest first.
    Oldest,
    /// The most supporters first, among equals the youngest.
    MostSupported,
}

/// A new comment.
#[derive(InputObject)]
pub(crate) struct CommentAddInput {
    /// The story, theme or poll that it is about.
    subject_id: ID,
    /// The comment under the same subject that it replies to, at depth 1 or 2; null begins a
    /// thread.
    parent_id: Option<ID>,
    /// Markdown, 2 to 1,000 characters.
    body: String,
    /// The language it is written in (BCP 47), one of those that `storyCreate` takes.
    language: String,
    /// What the form tells that it was typed in; null is held against nobody.
    form: Option<FormInput>,
}

/// A changed comment.
#[derive(InputObject)]
pub(crate) struct CommentEditInput {
    /// The comment; yours, and posted at most 15 minutes ago.
    pub(super) comment_id: ID,
    /// Markdown, 2 to 1,000 characters.
    pub(super) body: String,
    /// What the form tells that it was typed in; null is held against nobody.
    pub(super) form: Option<FormInput>,
}

/// A comment to delete.
#[derive(InputObject)]
pub(crate) struct CommentDeleteInput {
    /// The comment; yours.
    pub(super) comment_id: ID,
}

/// Supporting a comment or no longer.
#[derive(InputObject)]
pub(crate) struct CommentSupportInput {
    /// The comment; another's.
    pub(super) comment_id: ID,
    /// True to support it, false to stop; either twice is the same as once.
    pub(super) supporting: bool,
}

impl CommentAddInput {
    /// The draft that it holds; an id that is none of ours is BAD_INPUT.
    pub(super) fn draft(self) -> Result<comment::CommentDraft, Failure> {
        Ok(comment::CommentDraft {
            subject: subject(&self.subject_id)?,
            parent: self
                .parent_id
                .map(|id| node::decode(&id, "parentId"))
                .transpose()?,
            body: self.body,
            language: self.language,
            form: form(self.form),
        })
    }
}

fn subject(id: &ID) -> Result<SubjectId, Failure> {
    match node::kind(id) {
        Some(PollId::KIND) => node::decode(id, "subjectId").map(SubjectId::Poll),
        Some(StoryId::KIND) => node::decode(id, "subjectId").map(SubjectId::Story),
        _ => node::decode::<ThemeId>(id, "subjectId").map(SubjectId::Theme),
    }
}
