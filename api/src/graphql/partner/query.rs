//! Reading partners and municipalities.

use async_graphql::{Context, Object};

use super::Municipality;
use crate::graphql::{context::request, error::Failure};

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
}
