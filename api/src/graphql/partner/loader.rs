//! What the loader reads of partners.

use std::collections::HashMap;

use async_graphql::dataloader::Loader as Load;
use domain::{
    id::PartnerId,
    partner::{Municipality, Partner, PartnerMember, PartnerRole},
};

use crate::graphql::loader::{LoadError, Loader};

/// The municipality with this CBS code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Cbs(pub(super) String);

/// Who works for a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct MembersOf(pub(super) PartnerId);

/// What the viewer is at a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct RoleAt(pub(super) PartnerId);

impl Load<PartnerId> for Loader {
    type Value = Partner;
    type Error = LoadError;

    async fn load(&self, ids: &[PartnerId]) -> Result<HashMap<PartnerId, Partner>, LoadError> {
        let partners = self.services.partners.by_ids(&self.actor, ids).await?;
        Ok(partners
            .into_iter()
            .map(|partner| (partner.id, partner))
            .collect())
    }
}

impl Load<Cbs> for Loader {
    type Value = Municipality;
    type Error = LoadError;

    async fn load(&self, _: &[Cbs]) -> Result<HashMap<Cbs, Municipality>, LoadError> {
        // All of them are few.
        let all = self.services.partners.municipalities(&self.actor).await?;
        Ok(all
            .into_iter()
            .map(|one| (Cbs(one.code.clone()), one))
            .collect())
    }
}

impl Load<MembersOf> for Loader {
    type Value = Vec<PartnerMember>;
    type Error = LoadError;

    async fn load(
        &self,
        keys: &[MembersOf],
    ) -> Result<HashMap<MembersOf, Vec<PartnerMember>>, LoadError> {
        let ids: Vec<PartnerId> = keys.iter().map(|key| key.0).collect();
        let members = self.services.partners.members(&self.actor, &ids).await?;
        Ok(members
            .into_iter()
            .map(|(id, members)| (MembersOf(id), members))
            .collect())
    }
}

impl Load<RoleAt> for Loader {
    type Value = PartnerRole;
    type Error = LoadError;

    async fn load(&self, keys: &[RoleAt]) -> Result<HashMap<RoleAt, PartnerRole>, LoadError> {
        let ids: Vec<PartnerId> = keys.iter().map(|key| key.0).collect();
        let roles = self.services.partners.roles(&self.actor, &ids).await?;
        Ok(roles
            .into_iter()
            .map(|(id, role)| (RoleAt(id), role))
            .collect())
    }
}
