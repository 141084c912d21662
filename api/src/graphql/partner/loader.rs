//! What the loader reads of partners.

use std::collections::HashMap;

use async_graphql::dataloader::Loader as Load;
use domain::{id::PartnerId, partner::Partner};

use crate::graphql::loader::{LoadError, Loader};

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
