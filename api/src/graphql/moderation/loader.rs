//! What the resolvers of cases ask for one by one and get together.

use std::collections::HashMap;

use async_graphql::dataloader::Loader as Load;
use domain::{
    account::Profile,
    clock::Instant,
    id::{AccountId, ModerationAppealId, ModerationCaseId, ModerationEntryId},
    moderation::{Appeal, Case, Decision, Entry, Report, Subject},
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

impl Load<ModerationEntryId> for Loader {
    type Value = Entry;
    type Error = LoadError;

    async fn load(
        &self,
        ids: &[ModerationEntryId],
    ) -> Result<HashMap<ModerationEntryId, Entry>, LoadError> {
        let entries = self.services.moderation.entries(ids).await?;
        Ok(entries.into_iter().map(|entry| (entry.id, entry)).collect())
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

/// The appeals in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct AppealsIn(pub(super) ModerationCaseId);

impl Load<AppealsIn> for Loader {
    type Value = Vec<Appeal>;
    type Error = LoadError;

    async fn load(&self, keys: &[AppealsIn]) -> Result<HashMap<AppealsIn, Vec<Appeal>>, LoadError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = self.services.moderation.appeals(&self.actor, &ids).await?;
        let mut appeals: HashMap<AppealsIn, Vec<Appeal>> = HashMap::new();
        for appeal in found {
            let in_case = appeals.entry(AppealsIn(appeal.case_id)).or_default();
            in_case.push(appeal);
        }
        Ok(appeals)
    }
}

impl Load<ModerationAppealId> for Loader {
    /// Who made the decision that the appeal is against.
    type Value = AccountId;
    type Error = LoadError;

    async fn load(
        &self,
        ids: &[ModerationAppealId],
    ) -> Result<HashMap<ModerationAppealId, AccountId>, LoadError> {
        Ok(self.services.moderation.contested(ids).await?)
    }
}

/// Everyone who may judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Moderators;

impl Load<Moderators> for Loader {
    type Value = Vec<AccountId>;
    type Error = LoadError;

    async fn load(&self, _: &[Moderators]) -> Result<HashMap<Moderators, Self::Value>, LoadError> {
        let moderators = self.services.moderation.moderators().await?;
        Ok(HashMap::from([(Moderators, moderators)]))
    }
}

/// The last decision on a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct LastDecisionOn(pub(super) Subject);

impl Load<LastDecisionOn> for Loader {
    type Value = Decision;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[LastDecisionOn],
    ) -> Result<HashMap<LastDecisionOn, Decision>, LoadError> {
        let subjects: Vec<_> = keys.iter().map(|key| key.0).collect();
        let moderation = &self.services.moderation;
        let last = moderation.last_decisions(&self.actor, &subjects).await?;
        Ok(last
            .into_iter()
            .map(|(subject, decision)| (LastDecisionOn(subject), decision))
            .collect())
    }
}

/// The block of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct BlockOf(pub(super) AccountId);

impl Load<BlockOf> for Loader {
    /// Until when; none where it is for good.
    type Value = Option<Instant>;
    type Error = LoadError;

    async fn load(&self, keys: &[BlockOf]) -> Result<HashMap<BlockOf, Self::Value>, LoadError> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let blocks = self.services.moderation.blocks(&self.actor, &ids).await?;
        Ok(blocks
            .into_iter()
            .map(|(account, until)| (BlockOf(account), until))
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
