//! What the loader reads of embeds.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader as Load;
use domain::{
    embed::{Embed, Use},
    id::EmbedId,
};

use crate::graphql::loader::{LoadError, Loader};

/// What came of an embed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct UseOf(pub(super) EmbedId);

impl Load<EmbedId> for Loader {
    type Value = Embed;
    type Error = LoadError;

    async fn load(&self, ids: &[EmbedId]) -> Result<HashMap<EmbedId, Embed>, LoadError> {
        let embeds = self.services.embeds.by_ids(&self.actor, ids).await?;
        Ok(embeds.into_iter().map(|embed| (embed.id, embed)).collect())
    }
}

impl Load<UseOf> for Loader {
    type Value = Arc<Use>;
    type Error = LoadError;

    async fn load(&self, keys: &[UseOf]) -> Result<HashMap<UseOf, Arc<Use>>, LoadError> {
        let ids: Vec<EmbedId> = keys.iter().map(|key| key.0).collect();
        let uses = self.services.embeds.uses(&self.actor, &ids).await?;
        Ok(uses
            .into_iter()
            .map(|(id, its)| (UseOf(id), Arc::new(its)))
            .collect())
    }
}
