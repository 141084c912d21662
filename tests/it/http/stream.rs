//! `/graphql/stream`: operations as server-sent events.

mod ended;

use std::{net::SocketAddr, time::Duration};

use api::http::{Connections, Limits};
use axum::{
    Router,
    body::{Body, BodyDataStream, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Request, StatusCode, header, request::Builder},
};
use chrono::TimeDelta;
use futures_util::StreamExt;
use harness::{DatabaseKind, Persona, TestApp, on_both_databases, operation};
use serde_json::{Value, json};
use tokio::time::timeout;
use tower::ServiceExt;

use super::{PATIENCE, ballot, poll, visitor};

/// What arrives of an event stream.
struct Events {
    body: BodyDataStream,
    unread: String,
}

#[derive(Debug, PartialEq)]
enum Event {
    Next(Value),
    Complete,
    Comment,
}

impl Events {
    /// The next event; none at the end.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(end) = self.unread.find("\n\n") {
                let rest = self.unread.split_off(end + 2);
                let event = std::mem::replace(&mut self.unread, rest);
                return Some(read(&event[..end]));
            }
            let part = timeout(PATIENCE, self.body.next())
                .await
                .expect("something is sent in time");
            let Some(part) = part else {
                assert_eq!(self.unread, "");
                return None;
            };
            let part = part.expect("a part of the body");
            self.unread
                .push_str(std::str::from_utf8(&part).expect("UTF-8"));
        }
    }

    /// The one result of an operation, which then ends.
    async fn result(mut self) -> Value {
        let Some(Event::Next(result)) = self.next().await else {
            panic!("no result")
        };
        assert_eq!(self.next().await, Some(Event::Complete));
        assert_eq!(self.next().await, None);
        result
    }

    async fn until(&mut self, voters: u64) {
        loop {
            match self.next().await {
                Some(Event::Next(result)) => {
                    if result["data"]["pollUpdated"]["voterCount"] == voters {
                        return;
                    }
                }
                Some(Event::Comment) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

fn read(event: &str) -> Event {
    match event.split_once('\n') {
        None if event.starts_with(':') => Event::Comment,
        Some(("event: next", data)) => {
            let data = data.strip_prefix("data: ").expect("data");
            Event::Next(serde_json::from_str(data).expect("JSON on one line"))
        }
        Some(("event: complete", "data: ")) => Event::Complete,
        _ => panic!("{event:?}"),
    }
}

async fn ask(router: &Router, mut request: Request<Body>) -> (StatusCode, HeaderMap, Events) {
    harness::name_host(&mut request);
    let response = router.clone().oneshot(request).await.expect("an answer");
    let (head, body) = response.into_parts();
    let events = Events {
        body: body.into_data_stream(),
        unread: String::new(),
    };
    (head.status, head.headers, events)
}

fn post() -> Builder {
    Request::post("/graphql/stream")
        .header(header::ACCEPT, "text/event-stream")
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
}

async fn post_as(router: &Router, token: Option<&str>, query: &str, variables: Value) -> Events {
    let body = json!({ "query": query, "variables": variables });
    let mut request = post();
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request
        .body(Body::from(body.to_string()))
        .expect("a request");
    let (status, _, events) = ask(router, request).await;
    assert_eq!(status, StatusCode::OK);
    events
}

/// What `EventSource` asks for.
fn source(parameters: &[(&str, &str)]) -> Request<Body> {
    let mut address = "/graphql/stream?".to_owned();
    for (name, value) in parameters {
        address.push_str(name);
        address.push('=');
        address.extend(value.bytes().map(|byte| format!("%{byte:02X}")));
        address.push('&');
    }
    Request::get(address)
        .header(header::ACCEPT, "text/event-stream")
        .body(Body::empty())
        .expect("a request")
}

async fn sqlite() -> TestApp {
    TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there")
}

async fn end(app: TestApp, router: Router, connections: Connections) {
    drop(router);
    connections.end();
    timeout(PATIENCE, connections.ended())
        .await
        .expect("nothing is left");
    app.end().await;
}

async fn cast(app: &TestApp, persona: Persona, poll: &Value) {
    let variables = json!({ "input": ballot(poll) });
    app.send(persona, "BallotCast", variables)
        .await
        .accepted("ballotCast");
}

on_both_databases! {
    async fn a_poll_is_watched_by_post_and_by_get(app) {
        let poll = poll(app, 1, 2).await;
        let (router, connections) = app.router(Limits::default());
        let document = &operation("PollUpdated").document;
        let variables = json!({ "pollId": poll["id"] });
        let mut posted = post_as(&router, None, document, variables.clone()).await;
        let (status, headers, mut source) = ask(&router, source(&[
            ("query", document), ("variables", &variables.to_string()), ("operationName", "PollUpdated"),
        ])).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers[header::CONTENT_TYPE], "text/event-stream; charset=utf-8");
        assert_eq!(headers[header::CACHE_CONTROL], "private, no-store");
        assert_eq!(headers["x-accel-buffering"], "no");
        for events in [&mut posted, &mut source] {
            events.until(0).await;
        }
        cast(app, Persona::Resident, &poll).await;
        cast(app, Persona::Neighbour, &poll).await;
        for events in [&mut posted, &mut source] {
            events.until(2).await;
        }
        drop((posted, source));
        timeout(PATIENCE, connections.ended()).await.expect("what nobody reads has ended");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn queries_and_mutations_give_one_result() {
    let app = sqlite().await;
    let poll = poll(&app, 1, 2).await;
    let token = visitor(&app).await;
    let (router, connections) = app.router(Limits::default());
    let document = &operation("BallotCast").document;
    let variables = json!({ "input": ballot(&poll) });
    let events = post_as(&router, Some(&token), document, variables).await;
    let result = events.result().await;
    assert_eq!(
        result["data"]["ballotCast"]["userErrors"],
        json!([]),
        "{result:#}"
    );
    let (status, _, events) = ask(&router, source(&[("query", "{ __typename }")])).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        events.result().await,
        json!({ "data": { "__typename": "Query" } })
    );
    end(app, router, connections).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_cannot_be_executed_says_so_as_a_result() {
    let app = sqlite().await;
    let (router, connections) = app.router(Limits::default());
    for query in ["", "{", "{ nonsense }"] {
        let result = post_as(&router, None, query, Value::Null)
            .await
            .result()
            .await;
        assert_eq!(
            result["errors"][0]["extensions"]["code"], "BAD_INPUT",
            "{query}"
        );
        let (status, _, events) = ask(&router, source(&[("query", query)])).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(events.result().await, result);
    }
    end(app, router, connections).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_request_is_refused_over_http() {
    let app = sqlite().await;
    let limits = Limits {
        most: 1,
        ..Limits::default()
    };
    let (router, connections) = app.router(limits);
    let body = json!({ "query": "{ __typename }" }).to_string();
    let of = |builder: Builder, body: &str| {
        builder
            .body(Body::from(body.to_owned()))
            .expect("a request")
    };
    let plain = Request::post("/graphql/stream");
    let json_only =
        Request::post("/graphql/stream").header(header::CONTENT_TYPE, "application/json");
    let mutation = "mutation { visitorCreate { accessToken } }";
    let named = "query A { __typename } mutation B { visitorCreate { accessToken } }";
    let refused = [
        (of(post(), "nonsense"), StatusCode::BAD_REQUEST),
        (of(post(), "{}"), StatusCode::BAD_REQUEST),
        (
            of(post(), &"x".repeat(256 * 1024 + 1)),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
        (of(plain, &body), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (
            of(json_only.header(header::ACCEPT, "application/json"), &body),
            StatusCode::NOT_ACCEPTABLE,
        ),
        (
            of(
                post().header(header::AUTHORIZATION, "Bearer nonsense"),
                &body,
            ),
            StatusCode::UNAUTHORIZED,
        ),
        (
            of(
                post().header(header::ORIGIN, "https://elders.example"),
                &body,
            ),
            StatusCode::FORBIDDEN,
        ),
        (source(&[]), StatusCode::BAD_REQUEST),
        (
            source(&[("query", "{ __typename }"), ("variables", "[]")]),
            StatusCode::BAD_REQUEST,
        ),
        (
            source(&[("query", mutation)]),
            StatusCode::METHOD_NOT_ALLOWED,
        ),
        (
            source(&[("query", named), ("operationName", "B")]),
            StatusCode::METHOD_NOT_ALLOWED,
        ),
    ];
    for (request, expected) in refused {
        let told = format!("{request:?}");
        let (status, headers, mut events) = ask(&router, request).await;
        assert_eq!(status, expected, "{told}");
        if status == StatusCode::METHOD_NOT_ALLOWED {
            assert_eq!(headers[header::ALLOW], "POST");
        }
        let part = events.body.next().await.expect("a body").expect("a part");
        let answer: Value = serde_json::from_slice(&part).expect("JSON");
        assert!(
            answer["errors"][0]["extensions"]["code"].is_string(),
            "{told}"
        );
    }
    let (status, _, events) =
        ask(&router, source(&[("query", named), ("operationName", "A")])).await;
    assert_eq!(status, StatusCode::OK);
    let (full, headers, _) = ask(&router, source(&[("query", "{ __typename }")])).await;
    assert_eq!(full, StatusCode::SERVICE_UNAVAILABLE);
    assert!(headers.contains_key(header::RETRY_AFTER));
    assert_eq!(events.result().await["data"]["__typename"], "Query");
    end(app, router, connections).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn comments_keep_a_stream_open_and_expiry_and_shutdown_complete_it() {
    let app = sqlite().await;
    let poll = poll(&app, 1, 2).await;
    let token = visitor(&app).await;
    let (router, connections) = app.router(Limits {
        comment_every: Duration::from_millis(50),
        ..Limits::default()
    });
    let document = &operation("PollUpdated").document;
    let variables = json!({ "pollId": poll["id"] });
    let mut known = post_as(&router, Some(&token), document, variables.clone()).await;
    let mut nobody = post_as(&router, None, document, variables).await;
    for events in [&mut known, &mut nobody] {
        events.until(0).await;
        for _ in 0..2 {
            assert_eq!(events.next().await, Some(Event::Comment));
        }
    }
    app.clock.advance(TimeDelta::days(30));
    cast(&app, Persona::Resident, &poll).await;
    known.is_unauthenticated().await;
    nobody.until(1).await;
    connections.end();
    while let Some(event) = nobody.next().await {
        assert!(
            matches!(event, Event::Comment | Event::Complete),
            "{event:?}"
        );
    }
    drop((known, nobody));
    end(app, router, connections).await;
}

/// Where a request comes from, as a listening server tells it.
fn from(peer: &str) -> ConnectInfo<SocketAddr> {
    ConnectInfo(peer.parse().expect("an address"))
}

#[tokio::test]
async fn guesses_of_a_network_count_whichever_way_they_come_in() {
    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let guess = json!({ "query": "{ pollByJoinCode(joinCode: \"100000\") { id } }" }).to_string();
    let ask = async |path: &str, peer: &str| {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json, text/event-stream")
            .extension(from(peer))
            .body(Body::from(guess.clone()))
            .expect("a request");
        let body = app.http(request).await.into_body();
        let bytes = to_bytes(body, 64 * 1024).await.expect("a body that ends");
        String::from_utf8(bytes.to_vec()).expect("UTF-8")
    };
    // As many as a network has at once, half of them each way.
    for _ in 0..150 {
        for path in ["/graphql", "/graphql/stream"] {
            let answer = ask(path, "192.0.2.7:4000").await;
            assert!(answer.contains(r#""pollByJoinCode":null"#), "{answer}");
        }
    }
    for path in ["/graphql", "/graphql/stream"] {
        let answer = ask(path, "192.0.2.7:5000").await;
        assert!(answer.contains("RATE_LIMITED"), "{path}: {answer}");
        let answer = ask(path, "198.51.100.7:4000").await;
        assert!(answer.contains(r#""pollByJoinCode":null"#), "{answer}");
    }
    app.end().await;
}
