//! Changing embeds.

use async_graphql::{Context, Object, SimpleObject};

use super::{
    Embed,
    input::{EmbedCreateInput, EmbedRevokeInput, EmbedUpdateInput},
};
use crate::graphql::{
    context::request,
    node,
    user_error::{UserError, outcome},
};

/// What `embedCreate` gives.
#[derive(SimpleObject)]
pub(crate) struct EmbedCreatePayload {
    /// The new embed; null where it was declined.
    embed: Option<Embed>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `embedUpdate` gives.
#[derive(SimpleObject)]
pub(crate) struct EmbedUpdatePayload {
    /// The embed; null where the change was declined.
    embed: Option<Embed>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `embedRevoke` gives.
#[derive(SimpleObject)]
pub(crate) struct EmbedRevokePayload {
    /// The embed; null where it was declined.
    embed: Option<Embed>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// Changing embeds.
#[derive(Default)]
pub(crate) struct EmbedMutation;

#[Object]
impl EmbedMutation {
    /// Puts a poll on the pages of a partner. Who works for that very partner, editors and admins.
    async fn embed_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: EmbedCreateInput,
    ) -> async_graphql::Result<EmbedCreatePayload> {
        let request = request(ctx);
        let embeds = &request.services.embeds;
        let created = embeds.create(&request.actor, input.draft()?).await;
        let (embed, user_errors) = outcome(ctx, created)?;
        Ok(EmbedCreatePayload {
            embed: embed.map(Embed::from),
            user_errors,
        })
    }

    /// Changes an embed; pages that show it already show it as it was until they are loaded again.
    /// Who works for its partner, editors and admins.
    async fn embed_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: EmbedUpdateInput,
    ) -> async_graphql::Result<EmbedUpdatePayload> {
        let request = request(ctx);
        let id = node::decode(&input.embed_id, "embedId")?;
        let embeds = &request.services.embeds;
        let updated = embeds.update(&request.actor, id, input.into()).await;
        let (embed, user_errors) = outcome(ctx, updated)?;
        Ok(EmbedUpdatePayload {
            embed: embed.map(Embed::from),
            user_errors,
        })
    }

    /// Shows an embed nowhere any more, for good: within five seconds its page is gone and no
    /// ballot comes in by it. Those that did stay. Twice is the same as once. Who works for its
    /// partner, editors and admins.
    async fn embed_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: EmbedRevokeInput,
    ) -> async_graphql::Result<EmbedRevokePayload> {
        let request = request(ctx);
        let id = node::decode(&input.embed_id, "embedId")?;
        let revoked = request.services.embeds.revoke(&request.actor, id).await;
        let (embed, user_errors) = outcome(ctx, revoked)?;
        Ok(EmbedRevokePayload {
            embed: embed.map(Embed::from),
            user_errors,
        })
    }
}
