//! The address that a request comes from, as far as it is known.

use std::net::{IpAddr, SocketAddr};

use axum::{Extension, extract::ConnectInfo};

/// The client of a request, where it is known: `client.rs` tells it.
pub(super) type Connection = Option<Extension<ConnectInfo<SocketAddr>>>;

/// Returns the address that a request comes from. One of this machine or of a private network is
/// an address like any other; a trusted proxy's is none, because it asks for everyone.
pub(super) fn address(connection: Connection) -> Option<IpAddr> {
    let Extension(ConnectInfo(peer)) = connection?;
    Some(peer.ip().to_canonical())
}
