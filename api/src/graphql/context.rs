//! What a resolver knows of the request that it serves.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::{Context, dataloader::DataLoader};
use domain::{
    Actor, Locale, Services,
    account::Client,
    moderation::{self, Case},
    poll::{self, ConnectionId, View},
};

use super::{
    budget::Budget,
    error::Failure,
    loader::{self, Loader},
    operation::Batches,
};

/// Who asks, in which language, and what answers. One a request.
pub struct RequestContext {
    pub(crate) services: Services,
    pub(crate) actor: Actor,
    pub(crate) locale: Locale,
    pub(crate) address: Option<IpAddr>,
    /// The connection that the request came over, where it may carry several.
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) budget: Budget,
    pub(crate) loader: DataLoader<Loader>,
    pub(crate) batches: Batches,
    pub(crate) live: Live,
    /// The number of the plan that is executed.
    pub(crate) plan: Option<u64>,
}

/// What a subscription is executed for.
pub(crate) enum Live {
    /// To learn what it watches, which is left here.
    Asks(Asked),
    /// For one state of the poll that it watches.
    Sees(Arc<View>),
    /// For one case of the queue that it watches.
    SeesCase(Box<Case>),
}

/// What a subscription watches.
pub(crate) enum Watched {
    /// A poll.
    Poll(poll::Watch),
    /// The queue of moderation.
    Cases(moderation::Watch),
}

/// Where a subscription leaves what it watches.
#[derive(Clone, Default)]
pub(crate) struct Asked(Arc<Mutex<Option<Watched>>>);

impl Asked {
    /// Leaves what is watched; a subscription watches one thing.
    pub(crate) fn put(&self, watch: Watched) -> Result<(), Failure> {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.replace(watch).is_some() {
            return Err(Failure::bad_input(
                "query".into(),
                "A subscription asks for one field.",
            ));
        }
        Ok(())
    }

    /// Takes what is watched.
    pub(crate) fn take(&self) -> Option<Watched> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl RequestContext {
    /// The context of one request.
    pub fn new(services: Services, actor: Actor, locale: Locale) -> Self {
        Self::with(services, actor, locale, Live::Asks(Asked::default()))
    }

    /// The same, where a subscription leaves what it watches in `asked`.
    pub(crate) fn asking(self, asked: &Asked) -> Self {
        Self {
            live: Live::Asks(asked.clone()),
            ..self
        }
    }

    /// The context of one state of what is watched.
    pub(crate) fn seeing(services: Services, actor: Actor, locale: Locale, live: Live) -> Self {
        Self::with(services, actor, locale, live)
    }

    fn with(services: Services, actor: Actor, locale: Locale, live: Live) -> Self {
        let batches = Batches::default();
        let view = match &live {
            Live::Asks(_) | Live::SeesCase(_) => None,
            Live::Sees(view) => Some(Arc::clone(view)),
        };
        let loader = loader::new(services.clone(), actor.clone(), view, batches.clone());
        Self {
            services,
            actor,
            locale,
            address: None,
            connection: None,
            budget: Budget::default(),
            loader,
            batches,
            live,
            plan: None,
        }
    }

    /// Where the request comes from, to count what is tried.
    pub(crate) fn client(&self) -> Client {
        Client::of(self.address)
    }

    /// The same for a request whose answer has at most so many bytes.
    #[must_use]
    pub fn with_answer_limit(self, bytes: usize) -> Self {
        Self {
            budget: Budget::new(bytes),
            ..self
        }
    }

    /// The same for a request over this connection, if any, which is one participant of a room.
    #[must_use]
    pub fn with_connection(self, connection: Option<ConnectionId>) -> Self {
        Self { connection, ..self }
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
