//! What the resolvers of cases ask for one by one and get together.

use std::collections::HashMap;

use async_graphql::dataloader::Loader as Load;
use domain::{
    account::Profile,
    id::{AccountId, ModerationCaseId},
    moderation::{Case, Decision, Report},
};

use crate::graphql::loader::{LoadError, Loader};

impl Load<ModerationCaseId> for Loader {
    type Value = Case;
    type Error = LoadError;

    async fn load(
        &self,
        ids: &[ModerationCaseId],
    ) -> Result<HashMap<ModerationCaseId, Case>, LoadError> {
        let cases = self.services.moderation.by_ids(&self.actor, ids).await?;
        Ok(cases.into_iter().map(|case| (case.id, case)).collect())
    }
}

/// The reports on a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ReportsOf(pub(super) ModerationCaseId);

impl Load<ReportsOf> for Loader {
    type Value = Vec<Report>;
    type Error = LoadError;

    async fn load(&self, keys: &[ReportsOf]) -> Result<HashMap<ReportsOf, Vec<Report>>, LoadError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let reports = self.services.moderation.reports(&self.actor, &ids).await?;
        Ok(reports
            .into_iter()
            .map(|(case, reports)| (ReportsOf(case), reports))
            .collect())
    }
}

/// The decisions in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct DecisionsIn(pub(super) ModerationCaseId);

impl Load<DecisionsIn> for Loader {
    type Value = Vec<Decision>;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[DecisionsIn],
    ) -> Result<HashMap<DecisionsIn, Vec<Decision>>, LoadError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let decisions = self
            .services
            .moderation
            .decisions(&self.actor, &ids)
            .await?;
        Ok(decisions
            .into_iter()
            .map(|(case, decisions)| (DecisionsIn(case), decisions))
            .collect())
    }
}

/// Someone whom a case names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Named(pub(super) AccountId);

impl Load<Named> for Loader {
    type Value = Profile;
    type Error = LoadError;

    async fn load(&self, keys: &[Named]) -> Result<HashMap<Named, Profile>, LoadError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let people = self.services.moderation.people(&self.actor, &ids).await?;
        Ok(people
            .into_iter()
            .map(|person| (Named(person.id), person))
            .collect())
    }
}
