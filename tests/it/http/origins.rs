//! The pages that may act, the host that a request is meant for, and the client that it comes from.

use std::net::SocketAddr;

use api::http::{Limits, Site};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Method, Request, Response, StatusCode, header},
};
use harness::{DatabaseKind, SITE, TestApp, Wire, name_host, on_both_databases};
use serde_json::json;
use tower::ServiceExt;

const ELSEWHERE: &str = "https://elders.example";
const FETCH_SITE: &str = "sec-fetch-site";

/// A request with these headers.
fn request(method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request
        .body(Body::from(body.to_owned()))
        .expect("a request");
    name_host(&mut request);
    request
}

/// A form that a page with these headers sends.
async fn sent(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> StatusCode {
    let form = (
        header::CONTENT_TYPE.as_str(),
        "application/x-www-form-urlencoded",
    );
    let headers = [headers, &[form]].concat();
    let request = request(Method::POST, path, &headers, "token=x");
    app.http(request).await.status()
}

on_both_databases! {
    async fn forms_that_pages_of_other_sites_send_are_refused(app) {
        let poll = super::poll(app, 1, 2).await;
        let own = format!("/p/{}", poll["slug"].as_str().expect("a slug"));
        let embed = format!("/embed/{}", uuid::Uuid::nil());
        for path in [&own, &embed, "/sign-in", "/verify-email", "/reset-password"] {
            let usual = sent(app, path, &[]).await;
            assert_ne!(usual, StatusCode::FORBIDDEN, "{path}");
            for foreign in [
                &[(FETCH_SITE, "cross-site")][..],
                &[(FETCH_SITE, "cross-site"), ("origin", ELSEWHERE)],
                &[(FETCH_SITE, "cross-site"), ("origin", "null")],
                &[(FETCH_SITE, "same-site"), ("origin", "https://www.jij.example")],
                // The page's name was made to lead here (DNS rebinding).
                &[(FETCH_SITE, "same-origin"), ("origin", ELSEWHERE), ("host", "elders.example")],
                &[("origin", ELSEWHERE)],
            ] {
                assert_eq!(sent(app, path, foreign).await, StatusCode::FORBIDDEN, "{path} {foreign:?}");
            }
            // The page itself, also in the frame of a partner: the frame is a page of this site.
            for legitimate in [
                &[(FETCH_SITE, "same-origin"), ("origin", SITE)][..],
                &[(FETCH_SITE, "same-origin"), ("origin", "null")],
                &[(FETCH_SITE, "none")],
                &[("origin", SITE)],
            ] {
                assert_eq!(sent(app, path, legitimate).await, usual, "{path} {legitimate:?}");
            }
        }
        // Pages whose address holds a token tell no old browser's form where it is from.
        assert_eq!(sent(app, &own, &[("origin", "null")]).await, StatusCode::FORBIDDEN);
        assert_ne!(sent(app, "/verify-email", &[("origin", "null")]).await, StatusCode::FORBIDDEN);
        // A link from elsewhere leads to the page all the same.
        let link = request(Method::GET, &own, &[(FETCH_SITE, "cross-site")], "");
        assert_eq!(app.http(link).await.status(), StatusCode::OK);
    }

    async fn a_page_whose_name_was_made_to_lead_here_reads_no_answers(app) {
        let rebound = [("origin", "http://elders.example"), ("host", "elders.example")];
        let ask = request(Method::GET, "/graphql?query=%7B__typename%7D", &rebound, "");
        let answer = app.http(ask).await;
        assert_eq!(answer.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN), None);
        let events = request(Method::GET, "/graphql/stream?query=%7B__typename%7D", &rebound, "");
        assert_eq!(app.http(events).await.status(), StatusCode::FORBIDDEN);
    }

    async fn browsers_are_told_of_tls_where_that_is_set_and_windows_are_kept_apart(app) {
        let plain = app.router_of(|site| site);
        let strict = app.router_of(|site| Site { hsts_max_age: Some(31_536_000), ..site });
        let poll = super::poll(app, 1, 2).await;
        let page = format!("/p/{}", poll["slug"].as_str().expect("a slug"));
        for path in [&page, "/verify-email?token=x", "/moderate", "/join", "/graphiql", "/livez", "/nowhere"] {
            let ask = async |router: &Router| {
                let request = request(Method::GET, path, &[], "");
                let answer = router.clone().oneshot(request).await;
                answer.expect("an answer").headers().clone()
            };
            let headers = ask(&strict).await;
            assert_eq!(headers[header::STRICT_TRANSPORT_SECURITY], "max-age=31536000", "{path}");
            assert!(!ask(&plain).await.contains_key(header::STRICT_TRANSPORT_SECURITY), "{path}");
            let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
            let opener = headers.get("cross-origin-opener-policy");
            assert_eq!(opener.is_some_and(|policy| policy == "same-origin"), is_page, "{path}");
        }
    }

    async fn proxies_name_who_asks_with_ports_and_by_rfc_7239(app) {
        let trusted = || vec!["10.0.0.0/8".parse().expect("a network")];
        let router = app.router_of(|site| Site { trusted_proxies: trusted(), ..site });
        let guess = json!({ "query": "{ pollByJoinCode(joinCode: \"100000\") { id } }" }).to_string();
        let ask = async |peer: &str, headers: &[(&str, &str)]| {
            let json = [("content-type", "application/json")];
            let mut request = request(Method::POST, "/graphql", &[headers, &json].concat(), &guess);
            let peer: SocketAddr = peer.parse().expect("an address");
            request.extensions_mut().insert(ConnectInfo(peer));
            code(router.clone().oneshot(request).await.expect("an answer")).await
        };
        let listed = "x-forwarded-for";
        // Each names the same client, whose network guesses 300 times.
        let same = [
            (listed, "203.0.113.7"),
            (listed, "203.0.113.7:51234"),
            (listed, "192.0.2.1, 203.0.113.7:51235, 10.0.0.9"),
            ("forwarded", "for=203.0.113.7"),
            ("forwarded", "for=unknown, For=\"203.0.113.7:80\";proto=https, for=10.0.0.9"),
            ("forwarded", "for=\"[::ffff:203.0.113.7]:_x\""),
        ];
        for number in 0..300 {
            assert_eq!(ask("10.1.2.3:80", &[same[number % same.len()]]).await, "", "{number}");
        }
        for named in same {
            assert_eq!(ask("10.1.2.3:80", &[named]).await, "RATE_LIMITED", "{named:?}");
        }
        assert_eq!(ask("203.0.113.7:443", &[]).await, "RATE_LIMITED");
        // Another one is another one, and who is not trusted names nobody but itself.
        assert_eq!(ask("10.1.2.3:80", &[(listed, "[2001:db8::7]:443")]).await, "");
        for own in [&[][..], &[(listed, "198.51.100.1")], &[(listed, "198.51.100.2")]] {
            assert_eq!(ask("203.0.113.7:443", own).await, "RATE_LIMITED");
        }
        // Whoever writes the header that the proxy does not set counts with all who do so.
        for number in 0..300 {
            let own = format!("for=198.51.100.{}", number % 250);
            let named = format!("192.0.2.{}", number % 250);
            assert_eq!(ask("10.1.2.3:80", &[(listed, &named), ("forwarded", &own)]).await, "", "{number}");
        }
        let both = [(listed, "192.0.2.251"), ("forwarded", "for=198.51.100.251")];
        assert_eq!(ask("10.1.2.3:80", &both).await, "RATE_LIMITED");
        // Peers of this machine and of private networks are told apart like any others.
        for (peer, other) in [("127.0.0.1:9", "127.0.0.2:9"), ("192.168.1.9:9", "192.168.1.8:9"), ("[fd00::9]:9", "[fd01::9]:9")] {
            for _ in 0..300 {
                assert_eq!(ask(peer, &[]).await, "", "{peer}");
            }
            assert_eq!(ask(peer, &[]).await, "RATE_LIMITED", "{peer}");
            assert_eq!(ask(other, &[]).await, "", "{other}");
        }
    }
}

/// The code of an answer's first error.
async fn code(answer: Response<Body>) -> String {
    let body = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
    let answer: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
    let code = answer["errors"][0]["extensions"]["code"].as_str();
    code.unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_names_one_host() {
    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let served = app.serve(Limits::default()).await;
    for (version, hosts, status) in [
        ("1.1", &["jij.example"][..], 200),
        ("1.1", &[], 400),
        ("1.1", &["jij.example", "elders.example"], 400),
        ("1.1", &["jij.example", "jij.example"], 400),
        ("1.1", &["jij.example/a"], 400),
        ("1.1", &[""], 400),
        ("1.0", &[], 200),
    ] {
        let mut request = format!("GET /livez HTTP/{version}\r\n");
        for host in hosts {
            request.extend(["Host: ", host, "\r\n"]);
        }
        request.push_str("\r\n");
        let mut wire = Wire::connect(served.address).await.expect("a connection");
        let answer = wire.exchange_status(request.as_bytes()).await;
        assert_eq!(answer.expect("an answer").0, status, "{version} {hosts:?}");
    }
    served.end().await;
    app.end().await;
}
