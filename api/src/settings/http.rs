//! Where the server listens.

use std::net::SocketAddr;

use clap::Args;

use crate::http::Network;

/// Where the server listens.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "HTTP")]
pub struct HttpSettings {
    /// Where to listen
    #[arg(
        long,
        env = "JIJ_LISTEN",
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:8000"
    )]
    pub listen: SocketAddr,

    /// Proxies before this server whose `X-Forwarded-For` is believed: addresses or networks,
    /// with commas between them [default: none]
    #[arg(
        long,
        env = "JIJ_TRUSTED_PROXIES",
        value_name = "NETWORKS",
        value_delimiter = ','
    )]
    pub trusted_proxies: Vec<Network>,
}
