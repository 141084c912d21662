use axum::http::{HeaderName, HeaderValue};
use proptest::prelude::*;

use super::*;

const LISTED: &str = FORWARDED_FOR;

fn network(text: &str) -> Network {
    text.parse().unwrap()
}

/// The client that these headers name, as far as the proxies in 10/8 and 2001:db8::1 are trusted.
fn from(peer: &str, lines: &[(&'static str, &str)]) -> String {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        let name = HeaderName::from_static(name);
        headers.append(name, HeaderValue::from_str(value).unwrap());
    }
    let trusted = [network("10.0.0.0/8"), network("2001:db8::1")];
    match client(peer.parse().unwrap(), &headers, &trusted) {
        Ok(address) => address.to_string(),
        Err(doubt) => format!("{doubt:?}"),
    }
}

#[test]
fn only_trusted_proxies_are_believed() {
    let named = [(LISTED, "198.51.100.7"), (FORWARDED, "for=198.51.100.7")];
    for named in named {
        assert_eq!(from("192.0.2.1", &[named]), "192.0.2.1");
        assert_eq!(from("127.0.0.1", &[named]), "127.0.0.1");
        assert_eq!(from("10.1.2.3", &[named]), "198.51.100.7");
        assert_eq!(from("::ffff:10.1.2.3", &[named]), "198.51.100.7");
        assert_eq!(from("2001:db8::1", &[named]), "198.51.100.7");
    }
    assert_eq!(from("10.1.2.3", &[]), "Unnamed");
    assert_eq!(from("192.168.1.9", &[]), "192.168.1.9");
    assert_eq!(from("fd00::9", &[]), "fd00::9");
}

#[test]
fn addresses_with_ports_are_read() {
    for (written, read) in [
        ("203.0.113.7:51234", "203.0.113.7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:_hidden", "203.0.113.7"),
        ("203.0.113.7:65536", "Unnamed"),
        ("203.0.113.7:", "Unnamed"),
        ("203.0.113.7:+80", "Unnamed"),
        ("[2001:db8::7", "Unnamed"),
        ("[203.0.113.7]", "Unnamed"),
        ("[2001:db8::7]443", "Unnamed"),
        ("2001:db8::7:", "Unnamed"),
        ("unknown", "Unnamed"),
        ("_gateway", "Unnamed"),
        ("", "Unnamed"),
    ] {
        assert_eq!(from("10.1.2.3", &[(LISTED, written)]), read, "{written}");
    }
}

#[test]
fn forwarded_is_read_as_rfc_7239_writes_it() {
    for (written, read) in [
        ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"),
        ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
        ("proto=https ; FOR = \"192.0.2.43:47011\"", "192.0.2.43"),
        ("for=192.0.2.43, for=198.51.100.17", "198.51.100.17"),
        ("for=192.0.2.43, for=10.0.0.9;by=10.0.0.8", "192.0.2.43"),
        ("by=\"a,b;for=192.0.2.1\";for=192.0.2.43", "192.0.2.43"),
        ("for=\"192.0.2.4\\3\"", "192.0.2.43"),
        ("for=192.0.2.43, for=unknown", "Unnamed"),
        ("for=192.0.2.43, for=_SEVKISEK", "Unnamed"),
        ("for=192.0.2.43;for=192.0.2.44", "Unnamed"),
        ("for=192.0.2.43, proto=https", "Unnamed"),
        ("for=\"192.0.2.43", "Unnamed"),
        ("192.0.2.43", "Unnamed"),
    ] {
        assert_eq!(from("10.1.2.3", &[(FORWARDED, written)]), read, "{written}");
    }
}

#[test]
fn what_a_client_wrote_itself_is_not_believed() {
    let chain = [(LISTED, "203.0.113.9, 198.51.100.7"), (LISTED, "10.0.0.2")];
    assert_eq!(from("10.1.2.3", &chain), "198.51.100.7");
    let chain = [(LISTED, "198.51.100.7, nonsense")];
    assert_eq!(from("10.1.2.3", &chain), "Unnamed");
    assert_eq!(
        from("10.1.2.3", &[(LISTED, "10.0.0.9, 10.0.0.8")]),
        "Unnamed"
    );
    // The proxy sets one header, and passes on the other as the client sent it.
    for own in ["for=192.0.2.99", "for=unknown", "for=10.0.0.7", ""] {
        let both = [(LISTED, "198.51.100.7"), (FORWARDED, own)];
        assert_eq!(from("10.1.2.3", &both), "Contradiction", "{own}");
    }
    let both = [(LISTED, "198.51.100.7:80"), (FORWARDED, "for=198.51.100.7")];
    assert_eq!(from("10.1.2.3", &both), "198.51.100.7");
}

proptest! {
    /// Whatever a client writes before it, the address that the proxy adds is the one that counts.
    #[test]
    fn a_proxys_own_word_is_the_last(written in "[ -~]{0,40}") {
        let proxies = [network("10.0.0.0/8")];
        for (read, added) in [
            (listed as fn(&str) -> Vec<Option<IpAddr>>, "198.51.100.7:443"),
            (elements, "for=198.51.100.7"),
            (elements, "by=10.0.0.1;for=\"[::ffff:198.51.100.7]:443\""),
        ] {
            let hops = read(&format!("{written}, {added}"));
            prop_assert_eq!(last_untrusted(&hops, &proxies), "198.51.100.7".parse().ok());
        }
    }
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
