//! What a resolver knows of the request that it serves.

use async_graphql::{Context, dataloader::DataLoader};
use domain::{Actor, Locale, Services};

use super::{
    batch::Batches,
    loader::{self, Loader},
};

/// Who asks, in which language, and what answers. One a request.
pub struct RequestContext {
    pub(crate) services: Services,
    pub(crate) actor: Actor,
    pub(crate) locale: Locale,
    pub(crate) loader: DataLoader<Loader>,
    pub(crate) batches: Batches,
}

impl RequestContext {
    /// The context of one request.
    pub fn new(services: Services, actor: Actor, locale: Locale) -> Self {
        let batches = Batches::default();
        let loader = loader::new(services.clone(), actor.clone(), batches.clone());
        Self {
            services,
            actor,
            locale,
            loader,
            batches,
        }
    }
}

/// The context of the request being served.
pub(crate) fn request<'a>(ctx: &Context<'a>) -> &'a RequestContext {
    ctx.data_unchecked()
}
