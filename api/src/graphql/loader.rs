//! The data loader of a request: keys asked for one by one are read together.
//!
//! One loader holds the services and who asks, so what is loaded starts at what they may see.

use std::{collections::HashMap, convert::Infallible, sync::Arc, time::Duration};

use async_graphql::dataloader::{DataLoader, Loader as Load};
use domain::{Actor, Services, id::ThemeId, theme::Theme};

use super::{batch::Batches, error::Failure};

/// Reads what the resolvers of one request ask for, batch by batch.
pub(crate) struct Loader {
    pub(crate) services: Services,
    pub(crate) actor: Actor,
}

/// Why a batch could not be read; shared by every key of it.
#[derive(Clone)]
pub(crate) struct LoadError(Arc<domain::Error<Infallible>>);

impl From<domain::Error<Infallible>> for LoadError {
    fn from(error: domain::Error<Infallible>) -> Self {
        Self(Arc::new(error))
    }
}

impl From<LoadError> for Failure {
    fn from(LoadError(error): LoadError) -> Self {
        match Arc::try_unwrap(error) {
            Ok(error) => Self::from(error),
            Err(shared) => Self::from(domain::Error::<Infallible>::internal(shared.to_string())),
        }
    }
}

/// A loader for one request, whose task runs `batches`.
pub(crate) fn new(services: Services, actor: Actor, batches: Batches) -> DataLoader<Loader> {
    DataLoader::new(Loader { services, actor }, move |batch| batches.push(batch))
        .delay(Duration::ZERO)
}

impl Load<ThemeId> for Loader {
    type Value = Theme;
    type Error = LoadError;

    async fn load(&self, ids: &[ThemeId]) -> Result<HashMap<ThemeId, Theme>, LoadError> {
        let themes = self.services.themes.by_ids(&self.actor, ids).await?;
        Ok(themes.into_iter().map(|theme| (theme.id, theme)).collect())
    }
}

/// Whether the viewer follows a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Following(pub(crate) ThemeId);

impl Load<Following> for Loader {
    type Value = bool;
    type Error = LoadError;

    async fn load(&self, keys: &[Following]) -> Result<HashMap<Following, bool>, LoadError> {
        let ids: Vec<ThemeId> = keys.iter().map(|key| key.0).collect();
        let followed = self.services.themes.followed(&self.actor, &ids).await?;
        Ok(keys
            .iter()
            .map(|key| (*key, followed.contains(&key.0)))
            .collect())
    }
}
