//! The connections that stay open: WebSockets and event streams.

use std::time::Duration;

use clap::Args;

use super::SettingWarning;
use crate::http::{Limits, Network, Origin, PeerLimits};

/// The connections that stay open: WebSockets at /graphql/ws, event streams at /graphql/stream.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Live")]
pub struct LiveSettings {
    /// The sites whose pages may connect, besides this server's own: origins such as
    /// https://www.example.org, with commas between them. Programs that are no browser send no
    /// origin, and may
    #[arg(
        long,
        env = "JIJ_ALLOWED_ORIGINS",
        value_name = "ORIGINS",
        value_delimiter = ',',
        value_parser = origin
    )]
    allowed_origins: Vec<Origin>,

    /// The most that are open at once, at most seven eighths of all connections
    /// (`--max-open-connections`); further ones are answered with 503
    #[arg(
        long,
        env = "JIJ_MAX_CONNECTIONS",
        value_name = "NUMBER",
        default_value_t = Limits::default().most,
        value_parser = clap::value_parser!(u32).range(1..=1_000_000)
    )]
    max_connections: u32,

    /// The most that are open from one address, or one /64 of IPv6; further ones are
    /// answered with 503. Never more than half of --max-connections
    #[arg(
        long,
        env = "JIJ_MAX_CONNECTIONS_PER_ADDRESS",
        value_name = "NUMBER",
        default_value_t = Limits::default().most_per_address,
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    max_connections_per_address: u32,

    /// Networks from which any number may be open, with commas between them: that of a hall, whose
    /// phones share one address [default: none]
    #[arg(
        long,
        env = "JIJ_OPEN_NETWORKS",
        value_name = "NETWORKS",
        value_delimiter = ','
    )]
    open_networks: Vec<Network>,

    /// How many seconds a WebSocket may take to say who it is (connection_init)
    #[arg(
        long,
        env = "JIJ_INIT_TIMEOUT",
        value_name = "SECONDS",
        default_value_t = 3,
        value_parser = clap::value_parser!(u64).range(1..=60)
    )]
    init_timeout: u64,
}

impl LiveSettings {
    /// The limits of a server whose people reach it at `site`, over at most so many connections.
    pub fn limits(self, site: &str, peers: &PeerLimits) -> Limits {
        let most = self.max_connections.min(share(peers));
        let mut allowed_origins = self.allowed_origins;
        allowed_origins.extend(Origin::of(site));
        Limits {
            allowed_origins,
            most,
            most_per_address: self.max_connections_per_address,
            open_networks: self.open_networks,
            init_within: Duration::from_secs(self.init_timeout),
            ..Limits::default()
        }
    }

    /// Returns what is probably not meant so, of a server with at most so many connections.
    pub fn warnings(&self, peers: &PeerLimits) -> Vec<SettingWarning> {
        let mut warnings = Vec::new();
        let share = share(peers);
        if share < self.max_connections {
            warnings.push(SettingWarning::new(
                "--max-connections (JIJ_MAX_CONNECTIONS)",
                format!(
                    "{} sockets and streams are more than the {share} that {} open connections \
                     leave room for, and no more than those are opened",
                    self.max_connections, peers.most
                ),
                "raise the limit of open files (`ulimit -n`, LimitNOFILE= in systemd) and \
                 --max-open-connections, or choose fewer",
            ));
        }
        let half = self.max_connections.min(share) / 2;
        if self.max_connections_per_address > half.max(Limits::default().most_per_address) {
            warnings.push(SettingWarning::new(
                "--max-connections-per-address (JIJ_MAX_CONNECTIONS_PER_ADDRESS)",
                format!("one address gets {half} connections, half of all, and no more"),
                "raise --max-connections, choose fewer, or list the network in --open-networks",
            ));
        }
        if self.open_networks.iter().any(Network::is_all) {
            warnings.push(SettingWarning::new(
                "--open-networks (JIJ_OPEN_NETWORKS)",
                "every network is listed: one client may take all connections",
                "list the networks of halls and offices alone",
            ));
        }
        warnings
    }
}

/// The share of all connections that may stay open; the rest is for requests, also while everyone
/// watches.
fn share(peers: &PeerLimits) -> u32 {
    u32::try_from(peers.most - peers.most.div_ceil(8)).unwrap_or(u32::MAX)
}

fn origin(raw: &str) -> Result<Origin, &'static str> {
    if raw.trim() == "*" {
        return Err("every origin may not connect: name each, such as https://www.example.org");
    }
    raw.trim()
        .parse()
        .map_err(|_| "an origin is a scheme and a host, such as https://www.example.org")
}
