//! Where requests come from: what throttles count by.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    Router,
    extract::{ConnectInfo, Request},
    http::HeaderMap,
    middleware::{self, Next},
};

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED: &str = "forwarded";

/// One address, or a network such as `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// The text is no address and no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoNetwork {
    /// It cannot be read.
    #[error("an address or a network is needed, such as 10.0.0.7, 10.0.0.0/8 or 2001:db8::/32")]
    Unreadable,
    /// It is the address of a machine with the length of a network.
    #[error(
        "the address goes on behind the network's {0} bits: write 10.0.0.0/8 for a network, or an address without a length"
    )]
    Host(u8),
}

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let text = text.trim();
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NoNetwork::Unreadable)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits: u8 = match bits {
            Some(bits) => bits.parse().map_err(|_| NoNetwork::Unreadable)?,
            None => most,
        };
        if bits > most {
            return Err(NoNetwork::Unreadable);
        }
        let beyond = match address {
            IpAddr::V4(own) => u32::from(own).checked_shl(bits.into()).unwrap_or(0) != 0,
            IpAddr::V6(own) => u128::from(own).checked_shl(bits.into()).unwrap_or(0) != 0,
        };
        if beyond {
            return Err(NoNetwork::Host(bits));
        }
        Ok(Self { address, bits })
    }
}

impl Network {
    /// Returns true if it holds every address of its kind.
    pub fn is_all(&self) -> bool {
        self.bits == 0
    }

    /// Returns if the address lies in the network.
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
/// the trusted proxies say that they had it from; nothing where they do not say.
pub(super) fn told_of_clients(router: Router, trusted: Vec<Network>) -> Router {
    let warnings = Arc::new(Warnings::default());
    let tell = move |mut request: Request, next: Next| {
        let connection = request.extensions_mut().remove::<ConnectInfo<SocketAddr>>();
        if let Some(ConnectInfo(peer)) = connection {
            let headers = request.headers();
            let address = peer.ip().to_canonical();
            let known = match client(address, headers, &trusted) {
                Ok(client) => {
                    if client == address && is_local(address) && is_forwarded(headers) {
                        warnings.warn(Doubt::Untrusted);
                    }
                    Some(client)
                }
                Err(doubt) => {
                    warnings.warn(doubt);
                    // Whoever sends both headers must not escape the throttles by that.
                    (doubt == Doubt::Contradiction).then_some(address)
                }
            };
            if let Some(client) = known {
                let told = ConnectInfo(SocketAddr::new(client, peer.port()));
                request.extensions_mut().insert(told);
            }
        }
        next.run(request)
    };
    router.layer(middleware::from_fn(tell))
}

/// A reason why the client of a request is not known, or may not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// The trusted proxies do not name it.
    Unnamed,
    /// `X-Forwarded-For` and `Forwarded` name different ones: a client wrote one of them itself.
    Contradiction,
    /// A proxy beside this server names it, but is not trusted.
    Untrusted,
}

impl Doubt {
    fn message(self) -> &'static str {
        match self {
            Self::Unnamed => {
                "a trusted proxy does not say whom it asks for: let it set X-Forwarded-For or \
                 Forwarded (RFC 7239), or nobody is throttled by where they come from"
            }
            Self::Contradiction => {
                "X-Forwarded-For and Forwarded name different clients, who count as one: let the \
                 proxy remove the header that it does not set"
            }
            Self::Untrusted => {
                "a proxy on this machine or network is not trusted, so that everyone behind it is \
                 throttled as one: name it in --trusted-proxies (JIJ_TRUSTED_PROXIES)"
            }
        }
    }
}

/// Warns of each doubt once.
#[derive(Default)]
struct Warnings([AtomicBool; 3]);

impl Warnings {
    fn warn(&self, doubt: Doubt) {
        let is_told = &self.0[doubt as usize];
        if !is_told.swap(true, Ordering::Relaxed) {
            tracing::warn!("{}", doubt.message());
        }
    }
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key(FORWARDED_FOR) || headers.contains_key(FORWARDED)
}

/// Returns true if a peer stands beside this server. From elsewhere, anyone may write what proxies
/// write.
fn is_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            address.is_loopback() || address.is_private() || address.is_link_local()
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

/// Returns the last address in the chain that is not a trusted proxy's: what stands before it,
/// anyone may have written. Proxies set one of two headers and pass the other on as the client
/// wrote it, so that both are read and must agree where both are there.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Result<IpAddr, Doubt> {
    let peer = peer.to_canonical();
    if !is_trusted(peer, trusted) {
        return Ok(peer);
    }
    let chains = [
        hops(headers, FORWARDED_FOR, listed),
        hops(headers, FORWARDED, elements),
    ];
    let mut clients = chains
        .into_iter()
        .filter(|hops| !hops.is_empty())
        .map(|hops| last_untrusted(&hops, trusted));
    match (clients.next(), clients.next()) {
        (Some(one), Some(other)) if one != other => Err(Doubt::Contradiction),
        (Some(client), _) => client.ok_or(Doubt::Unnamed),
        (None, _) => Err(Doubt::Unnamed),
    }
}

fn is_trusted(address: IpAddr, trusted: &[Network]) -> bool {
    trusted.iter().any(|network| network.holds(address))
}

/// Returns the nearest hop that is no trusted proxy. None where a trusted proxy does not name
/// whom it had the request from (`unknown`, an obfuscated name), or where there are only proxies.
fn last_untrusted(hops: &[Option<IpAddr>], trusted: &[Network]) -> Option<IpAddr> {
    let is_proxy = |hop: &Option<IpAddr>| hop.is_some_and(|hop| is_trusted(hop, trusted));
    hops.iter().rev().find(|hop| !is_proxy(hop)).copied()?
}

/// Returns the hops that a header names, the nearest last.
fn hops(
    headers: &HeaderMap,
    name: &str,
    read: fn(&str) -> Vec<Option<IpAddr>>,
) -> Vec<Option<IpAddr>> {
    // Bytes that are no text are a hop that says nothing.
    let lines = headers.get_all(name).iter();
    lines
        .flat_map(|line| read(line.to_str().unwrap_or_default()))
        .collect()
}

/// Reads a line of `X-Forwarded-For`.
fn listed(line: &str) -> Vec<Option<IpAddr>> {
    line.split(',').map(|hop| node(hop.trim())).collect()
}

/// Reads a line of `Forwarded`.
fn elements(line: &str) -> Vec<Option<IpAddr>> {
    split(line, ',').into_iter().map(named).collect()
}

/// Reads who is asked for in an element of `Forwarded` (RFC 7239, section 4).
fn named(element: &str) -> Option<IpAddr> {
    let mut named = split(element, ';').into_iter().filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("for")
            .then(|| value.trim())
    });
    let value = named.next()?;
    if named.next().is_some() {
        return None;
    }
    match value.strip_prefix('"') {
        Some(quoted) => node(&unescaped(quoted.strip_suffix('"')?)),
        None => node(value),
    }
}

/// Reads an address with or without a port: `203.0.113.7`, `203.0.113.7:51234`, `2001:db8::7`,
/// `[2001:db8::7]`, `[2001:db8::7]:443`. A port may be obfuscated.
fn node(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    let (address, rest) = if let Some(bracketed) = text.strip_prefix('[') {
        let (address, rest) = bracketed.split_once(']')?;
        (IpAddr::V6(address.parse().ok()?), rest)
    } else {
        let (address, _) = text.split_once(':')?;
        (IpAddr::V4(address.parse().ok()?), &text[address.len()..])
    };
    let port = match rest.strip_prefix(':') {
        Some(port) => port,
        None if rest.is_empty() => return Some(address.to_canonical()),
        None => return None,
    };
    let is_port = match port.strip_prefix('_') {
        Some(name) => {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            !name.is_empty() && name.bytes().all(allowed)
        }
        None => port.parse::<u16>().is_ok() && port.bytes().all(|byte| byte.is_ascii_digit()),
    };
    is_port.then(|| address.to_canonical())
}

/// Splits at a separator outside of quotes. Where a quote stays open, which a client may write to
/// hide what a proxy adds behind it, quotes mean nothing.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let parts = text
        .split(|character| {
            if is_escaped {
                is_escaped = false;
                return false;
            }
            match character {
                '"' => is_quoted = !is_quoted,
                '\\' => is_escaped = is_quoted,
                _ => {}
            }
            character == separator && !is_quoted
        })
        .collect();
    if is_quoted {
        text.split(separator).collect()
    } else {
        parts
    }
}

fn unescaped(quoted: &str) -> String {
    let mut text = String::with_capacity(quoted.len());
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.extend(characters.next()),
            _ => text.push(character),
        }
    }
    text
}

#[cfg(test)]
mod tests;
