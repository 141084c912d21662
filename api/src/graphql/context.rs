//! What a resolver knows of the request that it serves.

use std::net::IpAddr;

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
    pub(crate) address: Option<IpAddr>,
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
            address: None,
            loader,
            batches,
        }
    }

    /// The same for a request that came from this address, which limits what may be guessed.
    #[must_use]
    pub fn with_address(self, address: Option<IpAddr>) -> Self {
        Self { address, ..self }
    }
}

/// The context of the request being served.
pub(crate) fn request<'a>(ctx: &Context<'a>) -> &'a RequestContext {
    ctx.data_unchecked()
}
