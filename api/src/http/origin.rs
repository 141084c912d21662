//! Which web pages may open a connection that stays.

use std::{net::IpAddr, str::FromStr};

use axum::http::{HeaderMap, StatusCode, Uri, header};

use super::problem::Problem;

const NOT_ALLOWED: Problem = Problem::new(
    StatusCode::FORBIDDEN,
    "FORBIDDEN",
    "Pages of this origin may not connect.",
);

/// The origin of a page, as a browser's `Origin` header says it: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    scheme: String,
    /// In lower case; an address of IPv6 in brackets.
    host: String,
    port: u16,
}

/// The text is no origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an origin is a scheme and a host, such as https://www.example.org")]
pub struct NoOrigin;

impl Origin {
    /// The origin of the pages below this address.
    pub fn of(url: &str) -> Result<Self, NoOrigin> {
        let uri: Uri = url.parse().map_err(|_| NoOrigin)?;
        let scheme = uri.scheme_str().ok_or(NoOrigin)?.to_ascii_lowercase();
        let host = uri.host().ok_or(NoOrigin)?.to_ascii_lowercase();
        let usual = match scheme.as_str() {
            "http" => 80,
            "https" => 443,
            _ => return Err(NoOrigin),
        };
        if uri
            .authority()
            .is_some_and(|all| all.as_str().contains('@'))
        {
            return Err(NoOrigin);
        }
        let port = uri.port_u16().unwrap_or(usual);
        Ok(Self { scheme, host, port })
    }

    /// Returns true if a page of the other origin is one of this: it is the same, or both are this
    /// machine under another of its names, such as `localhost` and `127.0.0.1`. No name server
    /// makes another's page a page of these.
    pub(super) fn includes(&self, other: &Self) -> bool {
        self == other
            || (&self.scheme, self.port) == (&other.scheme, other.port)
                && self.is_loopback()
                && other.is_loopback()
    }

    /// Returns true if its host is this machine.
    pub fn is_loopback(&self) -> bool {
        let address = self.host.trim_matches(['[', ']']).parse::<IpAddr>();
        self.host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }

    /// Returns true if its host stands for every address of a machine: `0.0.0.0` or `[::]`.
    pub fn is_unspecified(&self) -> bool {
        let address = self.host.trim_matches(['[', ']']).parse::<IpAddr>();
        address.is_ok_and(|address| address.is_unspecified())
    }

    /// Returns true if browsers reach it over TLS.
    pub fn is_secure(&self) -> bool {
        self.scheme == "https"
    }
}

impl FromStr for Origin {
    type Err = NoOrigin;

    fn from_str(text: &str) -> Result<Self, NoOrigin> {
        let (_, rest) = text.split_once("://").ok_or(NoOrigin)?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?', '#']) {
            return Err(NoOrigin);
        }
        Self::of(text)
    }
}

/// Refuses a page that is not of an allowed origin, among which is the site's own. What is no
/// browser sends no `Origin`, and passes: nothing here rests on a cookie that a page could borrow.
/// The request's `Host` says nothing: a page whose name was made to lead here (DNS rebinding) sends
/// its own.
pub(super) fn check(allowed: &[Origin], headers: &HeaderMap) -> Result<(), Problem> {
    let mut values = headers.get_all(header::ORIGIN).iter();
    let Some(value) = values.next() else {
        return Ok(());
    };
    let origin: Origin = value
        .to_str()
        .ok()
        .filter(|_| values.next().is_none())
        .and_then(|value| value.parse().ok())
        .ok_or(NOT_ALLOWED)?;
    if allowed.iter().any(|allowed| allowed.includes(&origin)) {
        Ok(())
    } else {
        Err(NOT_ALLOWED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        text.parse().unwrap()
    }

    fn passes(allowed: &[Origin], headers: &[(header::HeaderName, &str)]) -> bool {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect();
        check(allowed, &headers).is_ok()
    }

    #[test]
    fn an_origin_is_a_scheme_a_host_and_an_unusual_port() {
        assert_eq!(
            origin("https://example.org"),
            origin("HTTPS://Example.org:443/")
        );
        assert_eq!(origin("http://[::1]:8000"), origin("http://[::1]:8000/"));
        assert_ne!(origin("http://example.org"), origin("https://example.org"));
        assert_ne!(
            origin("http://example.org"),
            origin("http://example.org:8080")
        );
        assert_eq!(
            Origin::of("https://example.org/jij"),
            Ok(origin("https://example.org"))
        );
        for bad in [
            "",
            "null",
            "*",
            "example.org",
            "ftp://example.org",
            "https://",
            "https://a/b",
            "https://a?b",
            "https://u@a",
        ] {
            assert_eq!(bad.parse::<Origin>(), Err(NoOrigin), "{bad}");
        }
    }

    #[test]
    fn pages_of_the_site_and_of_allowed_sites_pass() {
        let allowed = [
            origin("https://jij.example"),
            origin("https://partner.example"),
        ];
        assert!(passes(&allowed, &[]));
        assert!(passes(&[], &[(header::HOST, "jij.example")]));
        assert!(passes(
            &allowed,
            &[(header::ORIGIN, "https://partner.example")]
        ));
        let here = [origin("http://127.0.0.1:8000")];
        for same in ["http://localhost:8000", "http://[::1]:8000"] {
            assert!(passes(&here, &[(header::ORIGIN, same)]), "{same}");
        }
        for other in ["http://localhost:8001", "https://localhost:8000"] {
            assert!(!passes(&here, &[(header::ORIGIN, other)]), "{other}");
        }
        for bad in [
            "null",
            "",
            "https://elders.example",
            "http://partner.example",
            "https://partner.example.elders.example",
        ] {
            assert!(
                !passes(
                    &allowed,
                    &[(header::ORIGIN, bad), (header::HOST, "localhost:8000")]
                ),
                "{bad}"
            );
        }
        // A name that was made to lead here.
        let rebound = [
            (header::ORIGIN, "http://elders.example:8000"),
            (header::HOST, "elders.example:8000"),
        ];
        assert!(!passes(&here, &rebound));
        let twice = [
            (header::ORIGIN, "https://jij.example"),
            (header::ORIGIN, "https://jij.example"),
        ];
        assert!(!passes(&allowed, &twice));
    }
}
