//! What the resolvers of stories ask for one by one and get together.

use std::collections::HashMap;

use async_graphql::dataloader::Loader as Load;
use domain::{
    id::{StoryId, StorySeriesId, ThemeId},
    story::{ReactionKind, Story, StorySeries},
    theme::Theme,
};

use crate::graphql::loader::{LoadError, Loader};

impl Load<StoryId> for Loader {
    type Value = Story;
    type Error = LoadError;

    async fn load(&self, ids: &[StoryId]) -> Result<HashMap<StoryId, Story>, LoadError> {
        let stories = self.services.stories.by_ids(&self.actor, ids).await?;
        Ok(stories.into_iter().map(|story| (story.id, story)).collect())
    }
}

impl Load<StorySeriesId> for Loader {
    type Value = StorySeries;
    type Error = LoadError;

    async fn load(
        &self,
        ids: &[StorySeriesId],
    ) -> Result<HashMap<StorySeriesId, StorySeries>, LoadError> {
        let series = self
            .services
            .stories
            .series_by_ids(&self.actor, ids)
            .await?;
        Ok(series
            .into_iter()
            .map(|series| (series.id, series))
            .collect())
    }
}

/// A story's body, for stories that were read as part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Body(pub(super) StoryId);

impl Load<Body> for Loader {
    type Value = String;
    type Error = LoadError;

    async fn load(&self, keys: &[Body]) -> Result<HashMap<Body, String>, LoadError> {
        let ids: Vec<StoryId> = keys.iter().map(|key| key.0).collect();
        let bodies = self.services.stories.bodies(&self.actor, &ids).await?;
        Ok(bodies
            .into_iter()
            .map(|(id, body)| (Body(id), body))
            .collect())
    }
}

/// What a story is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Themes(pub(super) StoryId);

impl Load<Themes> for Loader {
    type Value = Vec<Theme>;
    type Error = LoadError;

    async fn load(&self, keys: &[Themes]) -> Result<HashMap<Themes, Vec<Theme>>, LoadError> {
        let ids: Vec<StoryId> = keys.iter().map(|key| key.0).collect();
        let themes = self.services.stories.themes(&self.actor, &ids).await?;
        Ok(themes
            .into_iter()
            .map(|(id, themes)| (Themes(id), themes))
            .collect())
    }
}

/// How the viewer reacts to a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Reactions(pub(super) StoryId);

impl Load<Reactions> for Loader {
    type Value = Vec<ReactionKind>;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[Reactions],
    ) -> Result<HashMap<Reactions, Vec<ReactionKind>>, LoadError> {
        let ids: Vec<StoryId> = keys.iter().map(|key| key.0).collect();
        let reactions = self.services.stories.reactions(&self.actor, &ids).await?;
        Ok(reactions
            .into_iter()
            .map(|(id, kinds)| (Reactions(id), kinds))
            .collect())
    }
}

/// How many public stories are about a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct StoryCount(pub(crate) ThemeId);

impl Load<StoryCount> for Loader {
    type Value = i64;
    type Error = LoadError;

    async fn load(&self, keys: &[StoryCount]) -> Result<HashMap<StoryCount, i64>, LoadError> {
        let ids: Vec<ThemeId> = keys.iter().map(|key| key.0).collect();
        let counts = self
            .services
            .stories
            .counts_by_theme(&self.actor, &ids)
            .await?;
        Ok(counts
            .into_iter()
            .map(|(id, count)| (StoryCount(id), count))
            .collect())
    }
}
