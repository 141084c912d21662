//! The connections that stay open: sockets and event streams.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::http::{HeaderMap, StatusCode};
use domain::poll::ConnectionId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::{
    client::Network,
    origin::{self, Origin},
    problem::Problem,
};

const FULL: Problem = Problem::new(
    StatusCode::SERVICE_UNAVAILABLE,
    "RATE_LIMITED",
    "Too many people are watching at once; try again in a moment.",
);

const FULL_ADDRESS: Problem = Problem::new(
    StatusCode::SERVICE_UNAVAILABLE,
    "RATE_LIMITED",
    "Too many connections are open from your network; close some, or try again in a moment.",
);

/// What a connection that stays open may be and do.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The origins whose pages may connect, besides this server's own.
    pub allowed_origins: Vec<Origin>,
    /// How many may be open at once in this process.
    pub most: u32,
    /// The most of them from one address, or from one /64 of IPv6; never more than half
    /// of all.
    pub most_per_address: u32,
    /// Networks whose addresses may open any number, such as that of a hall.
    pub open_networks: Vec<Network>,
    /// The most bytes of results that wait for the reader of a socket.
    pub most_waiting: usize,
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
            most_per_address: 50,
            open_networks: Vec::new(),
            most_waiting: 8 << 20,
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
    /// The open connections by network, those of none apart.
    by_network: Mutex<HashMap<IpAddr, u32>>,
    end: watch::Sender<bool>,
}

/// The place of one connection, free again once it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    connections: Connections,
    id: ConnectionId,
    kind: &'static str,
    network: Option<IpAddr>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(network) = self.network {
            self.connections.0.leave(network);
        }
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
            by_network: Mutex::default(),
            end: watch::Sender::new(false),
        }))
    }

    /// A place for the connection of this kind that these headers ask for, if its page may connect
    /// and there is one left for its address.
    pub(super) fn admit(
        &self,
        kind: &'static str,
        headers: &HeaderMap,
        address: Option<IpAddr>,
    ) -> Result<Place, Problem> {
        origin::check(&self.0.limits.allowed_origins, headers)?;
        let refused = |problem| {
            metrics::counter!("jij_connections_refused_total", "kind" => kind).increment(1);
            problem
        };
        let permit = Arc::clone(&self.0.places)
            .try_acquire_owned()
            .map_err(|_| refused(FULL))?;
        let network = self.0.limits.counted(address);
        if let Some(network) = network
            && !self.0.enter(network)
        {
            return Err(refused(FULL_ADDRESS));
        }
        metrics::gauge!("jij_connections", "kind" => kind).increment(1.0);
        Ok(Place {
            connections: self.clone(),
            id: ConnectionId::next(),
            kind,
            network,
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

impl Shared {
    /// Counts a connection of a network in; `false` where it has as many as it may.
    fn enter(&self, network: IpAddr) -> bool {
        let most = self
            .limits
            .most_per_address
            .min(self.limits.most.div_ceil(2));
        let mut by_network = self.by_network();
        let open = by_network.entry(network).or_default();
        if *open >= most {
            return false;
        }
        *open += 1;
        true
    }

    fn leave(&self, network: IpAddr) {
        let mut by_network = self.by_network();
        if let Some(open) = by_network.get_mut(&network) {
            *open -= 1;
            if *open == 0 {
                by_network.remove(&network);
            }
        }
    }

    fn by_network(&self) -> MutexGuard<'_, HashMap<IpAddr, u32>> {
        self.by_network
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Limits {
    /// Returns the key that connections from an address count by: the address, or its /64 of IPv6; nothing where
    /// the address is not known or any number may come from it.
    fn counted(&self, address: Option<IpAddr>) -> Option<IpAddr> {
        let address = address?.to_canonical();
        if self.open_networks.iter().any(|open| open.holds(address)) {
            return None;
        }
        Some(match address {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => {
                Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into()
            }
        })
    }
}

impl Place {
    /// The id of the connection.
    pub(super) fn id(&self) -> ConnectionId {
        self.id
    }

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
        let first = connections.admit("test", &nobody, None).unwrap();
        let second = connections.admit("test", &nobody, None).unwrap();
        let refused = connections.admit("test", &nobody, None).unwrap_err();
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
        drop(first);
        let third = connections.admit("test", &nobody, None).unwrap();
        assert!(third.end().now_or_never().is_none());
        connections.end();
        assert!(third.end().now_or_never().is_some());
        assert!(connections.ended().now_or_never().is_none());
        drop((second, third));
        assert!(connections.ended().now_or_never().is_some());
    }

    #[test]
    fn one_address_has_so_many_and_others_have_theirs() {
        let connections = Connections::new(Limits {
            most: 100,
            most_per_address: 2,
            open_networks: vec!["198.51.100.0/24".parse().unwrap()],
            ..Limits::default()
        });
        let admit = |address: &str| {
            let address = Some(address.parse().unwrap());
            connections.admit("test", &HeaderMap::new(), address)
        };
        for same in [
            ["192.0.2.7", "::ffff:192.0.2.7", "192.0.2.7"],
            ["2001:db8::7", "2001:db8::ffff:8", "2001:db8:0:0:1::"],
        ] {
            let open = [admit(same[0]).unwrap(), admit(same[1]).unwrap()];
            let refused = admit(same[2]).unwrap_err();
            assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
            drop(open);
            assert!(admit(same[2]).is_ok());
        }
        let _known = [admit("192.0.2.7").unwrap(), admit("192.0.2.7").unwrap()];
        let _other = [
            admit("192.0.2.8").unwrap(),
            admit("2001:db8:0:1::7").unwrap(),
        ];
        let hall: Vec<Place> = (0..20).map(|_| admit("198.51.100.7").unwrap()).collect();
        let unknown = || connections.admit("test", &HeaderMap::new(), None).unwrap();
        let _unknown: Vec<Place> = (0..20).map(|_| unknown()).collect();
        drop(hall);
        assert_eq!(connections.0.by_network().len(), 3);
    }

    #[test]
    fn one_address_never_has_more_than_half_of_all() {
        let connections = Connections::new(Limits {
            most: 4,
            most_per_address: 50,
            ..Limits::default()
        });
        let admit =
            |address: [u8; 4]| connections.admit("test", &HeaderMap::new(), Some(address.into()));
        let _greedy = [
            admit([192, 0, 2, 7]).unwrap(),
            admit([192, 0, 2, 7]).unwrap(),
        ];
        assert!(admit([192, 0, 2, 7]).is_err());
        assert!(admit([192, 0, 2, 8]).is_ok());
    }
}
