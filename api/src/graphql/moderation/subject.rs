//! What cases are about, as clients see it.

use async_graphql::{Context, Enum, ID, SimpleObject, Union};
use domain::moderation::{self, Case, Subject};

use super::types::named;
use crate::graphql::{
    comment::Comment,
    context::request,
    error::Failure,
    node,
    story::{Author, Story},
};

/// What kind of thing a case is about.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "moderation::SubjectKind")]
pub(crate) enum ModerationSubjectKind {
    /// A story.
    Story,
    /// A comment.
    Comment,
    /// An answer that a voter wrote.
    Answer,
    /// The name that a person goes by.
    Profile,
}

/// An answer that a voter wrote to a question of a poll.
#[derive(SimpleObject)]
pub(crate) struct Answer {
    /// Opaque and stable; the id of the option that it became.
    id: ID,
    /// One line, as it was when the case was opened.
    label: String,
}

/// What a case is about.
#[derive(Union)]
pub(crate) enum ModerationSubject {
    /// A story.
    Story(Box<Story>),
    /// A comment.
    Comment(Box<Comment>),
    /// An answer that a voter wrote.
    Answer(Answer),
    /// The name that a person goes by.
    Author(Author),
}

impl ModerationSubject {
    /// What the case is about, as it is now; none where that is gone.
    pub(super) async fn of(ctx: &Context<'_>, case: &Case) -> Result<Option<Self>, Failure> {
        let loader = &request(ctx).loader;
        Ok(match Subject::of(case) {
            Subject::Story(id) => {
                let story = loader.load_one(id).await?;
                story.map(|story| Self::Story(Box::new(story.into())))
            }
            Subject::Comment(id) => {
                let comment = loader.load_one(id).await?;
                comment.map(|comment| Self::Comment(Box::new(comment.into())))
            }
            // What was written in is never changed.
            Subject::Answer(id) => Some(Self::Answer(Answer {
                id: node::encode(&id),
                label: case.snapshot.clone(),
            })),
            Subject::Profile(id) => named(ctx, Some(id)).await?.map(Self::Author),
        })
    }

    /// Its text, put together as a case keeps it; none where it has none any more.
    pub(super) async fn text(&self, ctx: &Context<'_>) -> Result<Option<String>, Failure> {
        Ok(match self {
            Self::Story(story) => Some(story.whole_text(ctx).await?),
            Self::Comment(comment) => comment.0.body.clone(),
            Self::Answer(answer) => Some(answer.label.clone()),
            Self::Author(author) => Some(author.name().to_owned()),
        })
    }
}
