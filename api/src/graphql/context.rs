//! What a resolver knows of the request that it serves.

use async_graphql::{Context, dataloader::DataLoader};
use domain::{Actor, Locale, Services, account::Client};

use super::{
    batch::Batches,
    loader::{self, Loader},
};

/// Who asks, in which language, and what answers. One a request.
pub struct RequestContext {
    pub(crate) services: Services,
    pub(crate) actor: Actor,
    pub(crate) locale: Locale,
    pub(crate) client: Client,
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
            client: Client::default(),
            loader,
            batches,
        }
    }

    /// The context of a request that comes from `client`.
    #[must_use]
    pub fn sent_by(self, client: Client) -> Self {
        Self { client, ..self }
    }
}

/// The context of the request being served.
pub(crate) fn request<'a>(ctx: &Context<'a>) -> &'a RequestContext {
    ctx.data_unchecked()
}
