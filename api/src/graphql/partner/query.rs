//! Reading partners and municipalities.

use async_graphql::{Context, Object};

use super::{Municipality, Partner};
use crate::graphql::{
    connection::{Connection, page, paging},
    context::request,
    error::{Failure, nullable},
};

/// Reading partners and municipalities.
#[derive(Default)]
pub(crate) struct PartnerQuery;

#[Object]
impl PartnerQuery {
    /// The 25 municipalities of Overijssel, by name.
    #[graphql(cache_control(max_age = 3600))]
    async fn municipalities(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Municipality>> {
        let request = request(ctx);
        let municipalities = request
            .services
            .partners
            .municipalities(&request.actor)
            .await
            .map_err(Failure::from)?;
        Ok(municipalities.into_iter().map(Municipality::from).collect())
    }

    /// The partner with this slug; null where there is none.
    #[graphql(cache_control(max_age = 30))]
    async fn partner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The partner's address.")] slug: String,
    ) -> Option<async_graphql::Result<Partner>> {
        nullable(async {
            let request = request(ctx);
            let partner = request
                .services
                .partners
                .by_slug(&request.actor, &slug)
                .await
                .map_err(Failure::from)?;
            Ok(partner.map(Partner::from))
        })
        .await
    }

    /// The partners, A to Z.
    #[graphql(cache_control(max_age = 30))]
    async fn partners(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 where nothing is asked.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only partners behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only partners before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<Partner>> {
        let request = request(ctx);
        let (partners, actor) = (request.services.partners.clone(), request.actor.clone());
        let found = partners
            .list(&actor, &paging(first, after, last, before))
            .await;
        Ok(Connection::new(page(found)?, move || {
            let (partners, actor) = (partners.clone(), actor.clone());
            async move { partners.count(&actor).await }
        }))
    }
}
