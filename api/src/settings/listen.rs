//! The addresses that the server listens at.

use std::{
    fmt,
    net::{SocketAddr, ToSocketAddrs},
    str::FromStr,
};

use super::SettingError;

/// An address to listen at: an IP address or a name, and a port. A name is looked up at the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListenAddress {
    /// An IP address and a port.
    Ip(SocketAddr),
    /// A name, such as `localhost`, and a port.
    Name(String, u16),
}

/// The text is no address to listen at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoListenAddress {
    /// It is an address of a web page.
    #[error("it has no scheme and no path: 127.0.0.1:8000 or localhost:8000")]
    Url,
    /// There is a port, and nothing before it.
    #[error(
        "a port needs an address: 127.0.0.1:8000 for this machine alone, 0.0.0.0:8000 for all its networks"
    )]
    NoHost,
    /// There is no port, or one that does not exist.
    #[error(
        "an address needs a port from 0 to 65535 (0 takes one that is free): 127.0.0.1:8000, [::1]:8000 or localhost:8000"
    )]
    NoPort,
    /// The host is neither an IP address nor a name.
    #[error("an IP address or a name, and a port: 127.0.0.1:8000, [::1]:8000 or localhost:8000")]
    NoName,
}

impl FromStr for ListenAddress {
    type Err = NoListenAddress;

    fn from_str(raw: &str) -> Result<Self, NoListenAddress> {
        if let Ok(address) = raw.parse() {
            return Ok(Self::Ip(address));
        }
        if raw.contains('/') {
            return Err(NoListenAddress::Url);
        }
        let Some((host, port)) = raw.rsplit_once(':') else {
            let is_port = raw.parse::<u16>().is_ok();
            return Err(if is_port {
                NoListenAddress::NoHost
            } else {
                NoListenAddress::NoPort
            });
        };
        if host.is_empty() || host == "*" {
            return Err(NoListenAddress::NoHost);
        }
        let port = port.parse().map_err(|_| NoListenAddress::NoPort)?;
        let is_name = host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
        // Numbers and dots alone are a mistyped IP address, which a name server must not be asked.
        let is_number = host
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        if is_name && !is_number {
            Ok(Self::Name(host.to_owned(), port))
        } else {
            Err(NoListenAddress::NoName)
        }
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(address) => address.fmt(formatter),
            Self::Name(name, port) => write!(formatter, "{name}:{port}"),
        }
    }
}

impl ListenAddress {
    /// Returns the IP address and port; of a name with several addresses the first of IPv4, else
    /// the first.
    pub fn resolve(&self, name: &'static str) -> Result<SocketAddr, SettingError> {
        let (host, port) = match self {
            Self::Ip(address) => return Ok(*address),
            Self::Name(host, port) => (host.as_str(), *port),
        };
        let wrong = |problem: String| SettingError {
            name,
            problem,
            hint: "a name that this machine knows as its own, such as localhost:8000, or an IP address",
        };
        let found: Vec<SocketAddr> = (host, port)
            .to_socket_addrs()
            .map_err(|error| wrong(format!("{host} cannot be looked up: {error}")))?
            .collect();
        let first = found.iter().find(|address| address.is_ipv4());
        let first = first.or(found.first()).copied();
        first.ok_or_else(|| wrong(format!("{host} has no address")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ip_address_or_a_name_has_a_port() {
        for good in [
            "127.0.0.1:8000",
            "[::]:8000",
            "0.0.0.0:0",
            "localhost:8000",
            "jij-1.internal:80",
        ] {
            let address: ListenAddress = good.parse().unwrap_or_else(|_| panic!("{good}"));
            assert_eq!(address.to_string(), good);
        }
        for (bad, fault) in [
            ("8000", NoListenAddress::NoHost),
            (":8000", NoListenAddress::NoHost),
            ("*:8000", NoListenAddress::NoHost),
            ("127.0.0.1", NoListenAddress::NoPort),
            ("localhost", NoListenAddress::NoPort),
            ("", NoListenAddress::NoPort),
            ("127.0.0.1:99999", NoListenAddress::NoPort),
            ("localhost:http", NoListenAddress::NoPort),
            ("http://127.0.0.1:8000", NoListenAddress::Url),
            ("127.0.0.256:8000", NoListenAddress::NoName),
            ("::1:8000", NoListenAddress::NoName),
            ("local host:8000", NoListenAddress::NoName),
        ] {
            assert_eq!(bad.parse::<ListenAddress>(), Err(fault), "{bad}");
        }
    }

    #[test]
    fn a_name_is_looked_up() {
        let address: ListenAddress = "localhost:8000".parse().unwrap();
        let found = address.resolve("--listen").unwrap();
        assert!(found.ip().is_loopback(), "{found}");
    }
}
