//! The connections that stay open: sockets and event streams.

use std::{sync::Arc, time::Duration};

use axum::http::{HeaderMap, StatusCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::{
    origin::{self, Origin},
    problem::Problem,
};

const FULL: Problem = Problem::new(
    StatusCode::SERVICE_UNAVAILABLE,
    "RATE_LIMITED",
    "Too many people are watching at once; try again in a moment.",
);

/// What a connection that stays open may be and do.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The origins whose pages may connect, besides this server's own.
    pub allowed_origins: Vec<Origin>,
    /// How many may be open at once in this process.
    pub most: u32,
    /// How long a socket may take to say who it is.
    pub init_within: Duration,
    /// How often a socket is asked for a sign of life. One that gives none before the next time
    /// is taken for dead.
    pub ping_every: Duration,
    /// How often an event stream carries a comment, so that nothing in between cuts it off.
    pub comment_every: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            allowed_origins: Vec::new(),
            most: 20_000,
            init_within: Duration::from_secs(3),
            ping_every: Duration::from_secs(20),
            comment_every: Duration::from_secs(15),
        }
    }
}

/// The connections of this process that stay open. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Connections(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    limits: Limits,
    places: Arc<Semaphore>,
    end: watch::Sender<bool>,
}

/// The place of one connection, free again once it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    connections: Connections,
    kind: &'static str,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        metrics::gauge!("jij_connections", "kind" => self.kind).decrement(1.0);
    }
}

impl Connections {
    /// None yet, within these limits.
    pub fn new(limits: Limits) -> Self {
        let places = Arc::new(Semaphore::new(limits.most as usize));
        Self(Arc::new(Shared {
            limits,
            places,
            end: watch::Sender::new(false),
        }))
    }

    /// A place for the connection of this kind that these headers ask for, if its page may connect
    /// and there is one left.
    pub(super) fn admit(&self, kind: &'static str, headers: &HeaderMap) -> Result<Place, Problem> {
        origin::check(&self.0.limits.allowed_origins, headers)?;
        let permit = Arc::clone(&self.0.places)
            .try_acquire_owned()
            .map_err(|_| FULL)?;
        metrics::gauge!("jij_connections", "kind" => kind).increment(1.0);
        Ok(Place {
            connections: self.clone(),
            kind,
            _permit: permit,
        })
    }

    /// The origins whose pages may connect, besides this server's own.
    pub(super) fn allowed_origins(&self) -> &[Origin] {
        &self.0.limits.allowed_origins
    }

    /// Tells all of them to end: sockets close with 1001, streams complete.
    pub fn end(&self) {
        self.0.end.send_replace(true);
    }

    /// Waits until each has ended.
    pub async fn ended(&self) {
        // The places are never closed, so that this fails for nobody.
        let _ = self.0.places.acquire_many(self.0.limits.most).await;
    }
}

impl Place {
    /// What the connection may be and do.
    pub(super) fn limits(&self) -> &Limits {
        &self.connections.0.limits
    }

    /// Waits until the connection is to end.
    pub(super) fn end(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut end = self.connections.0.end.subscribe();
        async move {
            // An error says that nobody is left to tell.
            let _ = end.wait_for(|end| *end).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn there_are_so_many_places_and_no_more() {
        let connections = Connections::new(Limits {
            most: 2,
            ..Limits::default()
        });
        let nobody = HeaderMap::new();
        let first = connections.admit("test", &nobody).unwrap();
        let second = connections.admit("test", &nobody).unwrap();
        let refused = connections.admit("test", &nobody).unwrap_err();
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
        drop(first);
        let third = connections.admit("test", &nobody).unwrap();
        assert!(third.end().now_or_never().is_none());
        connections.end();
        assert!(third.end().now_or_never().is_some());
        assert!(connections.ended().now_or_never().is_none());
        drop((second, third));
        assert!(connections.ended().now_or_never().is_some());
    }
}
