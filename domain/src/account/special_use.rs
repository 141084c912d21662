//! Domains that no mail reaches over the internet.

use url::Host;

/// The special-use domains of the registry of RFC 6761 that are no address of anyone: RFC 2606
/// and 6761 (`test`, `example`, `invalid`, `localhost`), 6762, 7686, 8375, 9476, and `internal`
/// (ICANN, 2024). Reverse zones (`in-addr.arpa` and such) fall under `arpa`, which has no mail.
const SPECIAL_USE: [&str; 12] = [
    "alt",
    "arpa",
    "example",
    "example.com",
    "example.net",
    "example.org",
    "internal",
    "invalid",
    "local",
    "localhost",
    "onion",
    "test",
];

/// Returns true if the address lies at one of the [`SPECIAL_USE`] domains or below it, however
/// its domain is written.
pub(super) fn is_special_use(email: &str) -> bool {
    let Some((_, domain)) = email.rsplit_once('@') else {
        return false;
    };
    // IDNA maps full-width letters and other dots to what mail servers would look up.
    match Host::parse(domain) {
        Ok(Host::Domain(domain)) => SPECIAL_USE.iter().any(|special| {
            domain
                .strip_suffix(special)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        }),
        Ok(Host::Ipv4(_) | Host::Ipv6(_)) | Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_use_domains_are_known_however_they_are_written() {
        for email in [
            "a@b.invalid",
            "a@example.com",
            "a@sub.example.org",
            "a@voorbeeld.example",
            "a@x.TEST",
            "a@x.localhost",
            "a@x.onion",
            "a@printer.local",
            "a@home.arpa",
            "a@b.ｉｎｖａｌｉｄ",
            "a@b。invalid",
        ] {
            assert!(is_special_use(email), "{email}");
        }
    }

    #[test]
    fn addresses_of_people_are_not() {
        for email in [
            "a@overijssel.nl",
            "a@myexample.com",
            "a@contest.nl",
            "a@example.com.nl",
            "a@münster.de",
        ] {
            assert!(!is_special_use(email), "{email}");
        }
    }
}
