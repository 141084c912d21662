//! Where a request comes from, as far as that tells people apart.

use std::net::{IpAddr, SocketAddr};

use axum::{Extension, extract::ConnectInfo};

/// The connection of a request, where the server knows it.
pub(super) type Connection = Option<Extension<ConnectInfo<SocketAddr>>>;

/// The address that a request comes from. None for a peer on this machine or a private network:
/// that is a proxy, which asks for everyone.
pub(super) fn address(connection: Connection) -> Option<IpAddr> {
    let Extension(ConnectInfo(peer)) = connection?;
    let address = peer.ip().to_canonical();
    let proxy = match address {
        IpAddr::V4(address) => {
            address.is_loopback() || address.is_private() || address.is_link_local()
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    };
    (!proxy).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_tells_nobody_apart() {
        for (peer, known) in [
            ("192.0.2.7:443", Some("192.0.2.7")),
            ("[::ffff:192.0.2.7]:443", Some("192.0.2.7")),
            ("[2001:db8::7]:443", Some("2001:db8::7")),
            ("127.0.0.1:443", None),
            ("10.1.2.3:443", None),
            ("[::1]:443", None),
            ("[fd00::1]:443", None),
        ] {
            let peer: SocketAddr = peer.parse().unwrap();
            let known = known.map(|address| address.parse().unwrap());
            assert_eq!(address(Some(Extension(ConnectInfo(peer)))), known, "{peer}");
        }
        assert_eq!(address(None), None);
    }
}
