//! The data loader of a request: keys asked for one by one are read together.
//!
//! One loader holds the services and who asks, so what is loaded starts at what they may see.

use std::{collections::HashMap, convert::Infallible, sync::Arc, time::Duration};

use async_graphql::dataloader::{DataLoader, Loader as Load};
use domain::{
    Actor, Error, Services,
    id::{ThemeId, ThemeUpdateId},
    poll::View,
    theme::{Theme, ThemeUpdate},
};

use super::{error::Failure, operation::Batches};

/// Reads what the resolvers of one request ask for, batch by batch.
pub(crate) struct Loader {
    pub(crate) services: Services,
    pub(crate) actor: Actor,
    /// The one state of a poll that is executed for; what it holds is not read elsewhere.
    pub(crate) view: Option<Arc<View>>,
}

/// Why a batch could not be read; shared by every key of it.
#[derive(Clone)]
pub(crate) struct LoadError(Arc<Error<Infallible>>);

impl From<Error<Infallible>> for LoadError {
    fn from(error: Error<Infallible>) -> Self {
        Self(Arc::new(error))
    }
}

impl From<LoadError> for Failure {
    fn from(LoadError(error): LoadError) -> Self {
        Self::from(match Arc::try_unwrap(error) {
            Ok(error) => error,
            Err(shared) => again(&shared),
        })
    }
}

/// The error once more, for another key of the same batch; a fault as its text.
fn again(error: &Error<Infallible>) -> Error<Infallible> {
    match error {
        Error::Refused(reasons) => Error::Refused(reasons.clone()),
        Error::NotFound => Error::NotFound,
        Error::Denied => Error::Denied,
        Error::SecondFactorMissing => Error::SecondFactorMissing,
        Error::Blocked(until) => Error::Blocked(*until),
        Error::Unauthenticated => Error::Unauthenticated,
        Error::TooMany(wait) => Error::TooMany(*wait),
        Error::Unavailable => Error::Unavailable,
        Error::Internal(fault) => Error::internal(fault.to_string()),
    }
}

/// A loader for one request, whose task runs `batches`.
pub(crate) fn new(
    services: Services,
    actor: Actor,
    view: Option<Arc<View>>,
    batches: Batches,
) -> DataLoader<Loader> {
    let loader = Loader {
        services,
        actor,
        view,
    };
    DataLoader::new(loader, move |batch| batches.push(batch)).delay(Duration::ZERO)
}

impl Load<ThemeId> for Loader {
    type Value = Theme;
    type Error = LoadError;

    async fn load(&self, ids: &[ThemeId]) -> Result<HashMap<ThemeId, Theme>, LoadError> {
        let themes = self.services.themes.by_ids(&self.actor, ids).await?;
        Ok(themes.into_iter().map(|theme| (theme.id, theme)).collect())
    }
}

impl Load<ThemeUpdateId> for Loader {
    type Value = ThemeUpdate;
    type Error = LoadError;

    async fn load(
        &self,
        ids: &[ThemeUpdateId],
    ) -> Result<HashMap<ThemeUpdateId, ThemeUpdate>, LoadError> {
        let themes = &self.services.themes;
        let updates = themes.updates_by_ids(&self.actor, ids).await?;
        Ok(updates
            .into_iter()
            .map(|update| (update.id, update))
            .collect())
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

#[cfg(test)]
mod tests {
    use async_graphql::Value;

    use super::*;

    #[test]
    fn every_key_of_a_batch_learns_that_it_was_too_much() {
        let one = LoadError::from(Error::TooMany(Duration::from_secs(3)));
        let other = one.clone();
        for error in [one, other] {
            let error = async_graphql::Error::from(Failure::from(error));
            let extensions = error.extensions.unwrap();
            assert_eq!(extensions.get("code"), Some(&Value::from("RATE_LIMITED")));
            assert_eq!(extensions.get("retryAfter"), Some(&Value::from(3)));
        }
    }
}
