//! Where a page stands: scheme, host and port, written as browsers write them.

use url::{Host, Url};

/// The longest origin that is read, in bytes: a host has at most 253.
const MOST_BYTES: usize = 300;

/// Why an origin is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// It is not scheme, host and port and nothing more.
    Form,
    /// It stands for several hosts.
    Wildcard,
    /// Others can read and change what travels to it.
    Insecure,
}

/// The origin that is written like this, where a partner may name it.
pub(super) fn read(raw: &str) -> Result<String, Problem> {
    let raw = raw.trim();
    if raw.len() > MOST_BYTES {
        return Err(Problem::Form);
    }
    if raw.contains('*') {
        return Err(Problem::Wildcard);
    }
    let url = Url::parse(raw).map_err(|_| Problem::Form)?;
    let is_bare = url.username().is_empty()
        && url.password().is_none()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none();
    let host = url.host().ok_or(Problem::Form)?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&host) => {}
        "http" => return Err(Problem::Insecure),
        _ => return Err(Problem::Form),
    }
    if is_bare && is_plain(&host) {
        Ok(url.origin().ascii_serialization())
    } else {
        Err(Problem::Form)
    }
}

/// The origin in what a browser says of the page that shows the embed: an `Origin`, or a
/// `Referer`, of which the path is let go.
pub(super) fn seen(said: &str) -> Option<String> {
    if said.len() > 8 * 1_024 {
        return None;
    }
    let url = Url::parse(said.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let origin = url.origin().ascii_serialization();
    (origin.len() <= MOST_BYTES).then_some(origin)
}

/// Whether the host is written in letters that no header gives a meaning: the URL standard also
/// takes `;` and `,`, which end a part of a content security policy.
fn is_plain(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')),
        Host::Ipv4(_) | Host::Ipv6(_) => true,
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for (raw, written) in [
            ("https://www.raalte.nl", "https://www.raalte.nl"),
            (" HTTPS://WWW.Raalte.NL:443/ ", "https://www.raalte.nl"),
            ("https://raalte.nl:8443", "https://raalte.nl:8443"),
            ("https://café.example", "https://xn--caf-dma.example"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("http://127.0.0.1:8001/", "http://127.0.0.1:8001"),
            ("http://[::1]:8001", "http://[::1]:8001"),
        ] {
            assert_eq!(read(raw).as_deref(), Ok(written), "{raw}");
        }
    }

    #[test]
    fn an_origin_is_one_host_that_nobody_listens_in_to() {
        for (raw, problem) in [
            ("*", Problem::Wildcard),
            ("https://*.raalte.nl", Problem::Wildcard),
            ("http://www.raalte.nl", Problem::Insecure),
            ("http://127.0.0.1.raalte.nl", Problem::Insecure),
            ("http://localhost.raalte.nl", Problem::Insecure),
            ("www.raalte.nl", Problem::Form),
            ("", Problem::Form),
            ("null", Problem::Form),
            ("https://", Problem::Form),
            ("https://www.raalte.nl/meedoen", Problem::Form),
            ("https://www.raalte.nl?taal=nl", Problem::Form),
            ("https://www.raalte.nl#nu", Problem::Form),
            ("https://piet@www.raalte.nl", Problem::Form),
            ("https://www.raalte.nl https://b.nl", Problem::Form),
            ("https://www.raalte.nl; script-src", Problem::Form),
            ("https://www.raalte.nl;sandbox", Problem::Form),
            ("https://www.raalte.nl,b.nl", Problem::Form),
            ("https://www.raalte.nl'b", Problem::Form),
            ("javascript:alert(1)", Problem::Form),
            ("data:text/html,x", Problem::Form),
            ("file:///etc/passwd", Problem::Form),
        ] {
            assert_eq!(read(raw), Err(problem), "{raw}");
        }
        assert_eq!(
            read(&format!("https://{}.nl", "a".repeat(300))),
            Err(Problem::Form)
        );
    }

    #[test]
    fn of_what_is_seen_only_the_origin_is_kept() {
        let seen = |said| seen(said);
        assert_eq!(
            seen("https://www.raalte.nl/mijn/dossier?naam=piet#x").as_deref(),
            Some("https://www.raalte.nl")
        );
        assert_eq!(
            seen("http://raalte.nl").as_deref(),
            Some("http://raalte.nl")
        );
        for said in ["null", "", "about:blank", "file:///home/piet"] {
            assert_eq!(seen(said), None, "{said}");
        }
    }
}
