//! Energy as clients see it.

use async_graphql::{Context, Enum, Object, Union};
use domain::{id::StoryId, story};

use super::{Story, loader::Reactions};
use crate::graphql::{context::request, error::Failure};

/// A kind of energy.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "story::ReactionKind")]
pub(crate) enum ReactionKind {
    /// I like it.
    Love,
    /// I want to take part.
    Join,
    /// I pass it on.
    Share,
}

/// One kind of energy as the API shows it.
pub(crate) struct Reaction {
    story: StoryId,
    kind: story::ReactionKind,
    count: i64,
}

/// What can be given energy.
#[derive(Union)]
pub(crate) enum ReactionSubject {
    /// A story.
    Story(Box<Story>),
}

impl Reaction {
    /// Every kind of energy of a story, also those that nobody gave.
    pub(super) fn of(story: &story::Story) -> Vec<Self> {
        [
            story::ReactionKind::Love,
            story::ReactionKind::Join,
            story::ReactionKind::Share,
        ]
        .map(|kind| Self {
            story: story.id,
            kind,
            count: story.reaction_count(kind),
        })
        .into()
    }
}

/// How much of one kind of energy something was given.
#[Object]
impl Reaction {
    /// Which kind.
    async fn kind(&self) -> ReactionKind {
        self.kind.into()
    }

    /// How many accounts gave it.
    async fn count(&self) -> i64 {
        self.count
    }

    /// Whether you gave it; false for who is not signed in.
    async fn viewer_has_reacted(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let request = request(ctx);
        if request.actor.reader().is_none() {
            return Ok(false);
        }
        let kinds = request
            .loader
            .load_one(Reactions(self.story))
            .await
            .map_err(Failure::from)?;
        Ok(kinds.is_some_and(|kinds| kinds.contains(&self.kind)))
    }
}
