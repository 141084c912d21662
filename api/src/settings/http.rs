//! Where the server listens, and how much it takes on.

use std::{net::SocketAddr, time::Duration};

use clap::Args;

use super::{ListenAddress, SettingError, SettingWarning, open_files};
use crate::http::{Network, Origin, PeerLimits, Workload};

/// The longest delay before the end, in seconds, that leaves requests under way three of the 18
/// that they have.
const MOST_DRAIN_DELAY: u64 = 15;

/// Where the server listens.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "HTTP")]
pub struct HttpSettings {
    /// The address to listen at: an IP address or a name of this machine, such as localhost, and a port
    #[arg(
        long,
        env = "JIJ_LISTEN",
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:8000"
    )]
    pub listen: ListenAddress,

    /// Proxies before this server that are believed when they say whom they ask for, by
    /// `X-Forwarded-For` or `Forwarded`: addresses or networks, with commas between them
    /// [default: none]
    #[arg(
        long,
        env = "JIJ_TRUSTED_PROXIES",
        value_name = "NETWORKS",
        value_delimiter = ','
    )]
    pub trusted_proxies: Vec<Network>,

    /// The most connections that are open at once; while all are, one more closes the one that has
    /// been idle longest [default: what the limit of open files (`ulimit -n`) allows]
    #[arg(long, env = "JIJ_MAX_OPEN_CONNECTIONS", value_name = "NUMBER",
        value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    max_open_connections: Option<u32>,
}

impl HttpSettings {
    /// Returns the limits on peers, beside a database with this many
    /// connections.
    pub fn peer_limits(&self, database_connections: u32) -> Result<PeerLimits, SettingError> {
        let asked = self.max_open_connections.map(|most| most as usize);
        Ok(PeerLimits {
            most: open_files::most_connections(asked, database_connections)?,
            ..PeerLimits::default()
        })
    }

    /// Returns what is probably not meant so, of a server that listens at `address` and whose
    /// people reach it at `public_url`.
    pub fn warnings(&self, address: SocketAddr, public_url: &str) -> Vec<SettingWarning> {
        const NAME: &str = "--trusted-proxies (JIJ_TRUSTED_PROXIES)";
        let is_public = Origin::of(public_url).is_ok_and(|origin| !origin.is_loopback());
        let mut warnings = Vec::new();
        if is_public && address.ip().is_loopback() && self.trusted_proxies.is_empty() {
            warnings.push(SettingWarning::new(
                NAME,
                "people come through a proxy on this machine, and none is trusted: they are \
                 throttled as one",
                "name the proxy, such as 127.0.0.1",
            ));
        }
        if self.trusted_proxies.iter().any(Network::is_all) {
            warnings.push(SettingWarning::new(
                NAME,
                "everyone is trusted: whoever connects may name any client for themselves, and \
                 no throttle holds them",
                "name the addresses of the proxies alone",
            ));
        }
        warnings
    }
}

/// How much the server takes on, and how it ends.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "HTTP")]
pub struct WorkloadSettings {
    /// Where to listen for Prometheus, which asks for /metrics; not for the public
    /// [default: nowhere]
    #[arg(long, env = "JIJ_METRICS_LISTEN", value_name = "ADDRESS:PORT")]
    pub metrics_listen: Option<ListenAddress>,

    /// How many requests are worked on at once; further ones wait for a quarter of a second, then are
    /// answered with 503
    #[arg(
        long,
        env = "JIJ_MAX_REQUESTS",
        value_name = "NUMBER",
        default_value_t = 256,
        value_parser = clap::value_parser!(u32).range(1..=100_000)
    )]
    max_requests: u32,

    /// How many requests may wait for their turn; one more is answered with 503 at once
    #[arg(
        long,
        env = "JIJ_MAX_WAITING_REQUESTS",
        value_name = "NUMBER",
        default_value_t = 4_096
    )]
    max_waiting_requests: u32,

    /// How many seconds /readyz says that the server is ending before it takes no more
    /// connections, so that a load balancer looks elsewhere first; the rest of 20 seconds is for
    /// requests under way
    #[arg(
        long,
        env = "JIJ_DRAIN_DELAY",
        value_name = "SECONDS",
        default_value_t = 2,
        value_parser = clap::value_parser!(u64).range(0..=MOST_DRAIN_DELAY)
    )]
    drain_delay: u64,
}

impl WorkloadSettings {
    /// How much work is taken on.
    pub fn workload(&self) -> Workload {
        Workload {
            at_once: self.max_requests as usize,
            waiting: self.max_waiting_requests as usize,
            ..Workload::default()
        }
    }

    /// How long the server still takes connections once it was asked to end.
    pub fn drain_delay(&self) -> Duration {
        Duration::from_secs(self.drain_delay)
    }
}
