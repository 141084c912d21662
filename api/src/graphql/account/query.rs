//! Reading one's own account.

use async_graphql::{Context, Object};

use super::types::Viewer;
use crate::graphql::context::request;

/// Reading one's own account.
#[derive(Default)]
pub(crate) struct AccountQuery;

#[Object]
impl AccountQuery {
    /// Who asks: with an account after signing in, without one otherwise.
    async fn viewer(&self, ctx: &Context<'_>) -> Viewer {
        request(ctx).actor.clone().into()
    }
}
