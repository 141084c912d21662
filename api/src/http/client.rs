//! Where requests come from: what throttles count by.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use axum::{
    Router,
    extract::{ConnectInfo, Request},
    http::HeaderMap,
    middleware::{self, Next},
};

/// Addresses of proxies whose `X-Forwarded-For` is believed: one address, or a network such as
/// `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// The text is no address and no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a proxy is an address or a network, such as 10.0.0.7 or 10.0.0.0/8")]
pub struct NoNetwork;

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NoNetwork)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) => bits.parse().map_err(|_| NoNetwork)?,
            None => most,
        };
        if bits > most {
            return Err(NoNetwork);
        }
        Ok(Self { address, bits })
    }
}

impl Network {
    pub(crate) fn holds(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let differ = u32::from(own) ^ u32::from(other);
                differ.leading_zeros() >= u32::from(self.bits)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let differ = u128::from(own) ^ u128::from(other);
                differ.leading_zeros() >= u32::from(self.bits)
            }
            _ => false,
        }
    }
}

/// The routes, told of each request where it comes from: the address of the connection, or what
/// the trusted proxies say that they had it from.
pub(super) fn told_of_clients(router: Router, trusted: Vec<Network>) -> Router {
    let tell = move |mut request: Request, next: Next| {
        let connection: Option<&ConnectInfo<SocketAddr>> = request.extensions().get();
        if let Some(ConnectInfo(peer)) = connection {
            let origin = origin(peer.ip(), request.headers(), &trusted);
            let told = ConnectInfo(SocketAddr::new(origin, peer.port()));
            request.extensions_mut().insert(told);
        }
        next.run(request)
    };
    router.layer(middleware::from_fn(tell))
}

/// The last address in the chain that is not a trusted proxy's: what stands before it, anyone
/// may have written.
fn origin(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
    let mut origin = peer;
    let lines: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|line| line.to_str().ok())
        .collect();
    let named = lines
        .iter()
        .rev()
        .flat_map(|line| line.rsplit(','))
        .map(|address| address.trim().parse::<IpAddr>());
    for address in named {
        if !is_trusted(origin) {
            break;
        }
        match address {
            Ok(address) => origin = address,
            Err(_) => break,
        }
    }
    origin
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn network(text: &str) -> Network {
        text.parse().unwrap()
    }

    fn from(peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        let trusted = [network("10.0.0.0/8"), network("2001:db8::1")];
        origin(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(from("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(from("10.1.2.3", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(from("2001:db8::1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(from("10.1.2.3", &[]), "10.1.2.3");
    }

    #[test]
    fn what_a_client_wrote_itself_is_not_believed() {
        let chain = ["203.0.113.9, 198.51.100.7", "10.0.0.2"];
        assert_eq!(from("10.1.2.3", &chain), "198.51.100.7");
        assert_eq!(from("10.1.2.3", &["198.51.100.7, nonsense"]), "10.1.2.3");
        assert_eq!(from("10.1.2.3", &["10.0.0.9, 10.0.0.8"]), "10.0.0.9");
    }

    #[test]
    fn networks_are_read() {
        assert!(network("0.0.0.0/0").holds([192, 0, 2, 1].into()));
        assert!(network("192.0.2.0/24").holds("::ffff:192.0.2.9".parse().unwrap()));
        assert!(!network("192.0.2.0/24").holds([192, 0, 3, 1].into()));
        assert!(!network("::/0").holds([192, 0, 2, 1].into()));
        for bad in [
            "",
            "10.0.0.0/33",
            "::/129",
            "10.0.0/8",
            "10.0.0.0/x",
            "host",
        ] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }
}
