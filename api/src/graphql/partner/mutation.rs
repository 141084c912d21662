//! Changing partners.

use async_graphql::{Context, Object, SimpleObject};

use super::{
    Partner,
    input::{PartnerCreateInput, PartnerMemberSetInput},
};
use crate::graphql::{
    context::request,
    node,
    user_error::{UserError, outcome},
};

/// What `partnerCreate` gives.
#[derive(SimpleObject)]
pub(crate) struct PartnerCreatePayload {
    /// The new partner; null where it was declined.
    partner: Option<Partner>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `partnerMemberSet` gives.
#[derive(SimpleObject)]
pub(crate) struct PartnerMemberSetPayload {
    /// The partner; null where the change was declined.
    partner: Option<Partner>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// Changing partners.
#[derive(Default)]
pub(crate) struct PartnerMutation;

#[Object]
impl PartnerMutation {
    /// Makes a partner, for whom nobody works yet. Admins of the platform.
    async fn partner_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: PartnerCreateInput,
    ) -> async_graphql::Result<PartnerCreatePayload> {
        let request = request(ctx);
        let created = request
            .services
            .partners
            .create(&request.actor, input.into())
            .await;
        let (partner, user_errors) = outcome(ctx, created)?;
        Ok(PartnerCreatePayload {
            partner: partner.map(Partner::from),
            user_errors,
        })
    }

    /// Says what someone is at a partner; the same twice is the same as once. At most 100 people
    /// work for a partner. The partner's own admins, and admins of the platform.
    async fn partner_member_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: PartnerMemberSetInput,
    ) -> async_graphql::Result<PartnerMemberSetPayload> {
        let request = request(ctx);
        let id = node::decode(&input.partner_id, "partnerId")?;
        let set = request
            .services
            .partners
            .set_member(&request.actor, id, input.into())
            .await;
        let (partner, user_errors) = outcome(ctx, set)?;
        Ok(PartnerMemberSetPayload {
            partner: partner.map(Partner::from),
            user_errors,
        })
    }
}
