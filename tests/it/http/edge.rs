//! Operations over HTTP, event streams and sockets: one way in, with the same guarantees.

use std::{net::SocketAddr, time::Duration};

use api::{
    graphql::operation::Rules,
    http::{Admission, Site, Workload},
};
use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode, header},
};
use harness::{DatabaseKind, Served, TestApp, Wire, name_host};
use sea_orm::TransactionTrait;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::websocket::Client;

const READING: &str = "query Read { polls { totalCount } }";
const WRITING: &str = "mutation Written { sessionCreate(input: { email: \"an@voorbeeld.example\", password: \"een lang wachtwoord\" }) { userErrors { code } } }";

/// The code of the one error that an operation ends with, by each of the ways in.
async fn codes(served: &Served, query: &str) -> [String; 3] {
    let code = |errors: &Value| {
        assert_eq!(errors.as_array().map(Vec::len), Some(1), "{errors:#}");
        let code = errors[0]["extensions"]["code"].as_str();
        code.expect("a code").to_owned()
    };
    let over_http = post(served.address, "/graphql", "application/json", query).await;
    let over_stream = post(
        served.address,
        "/graphql/stream",
        "text/event-stream",
        query,
    )
    .await;
    let mut client = Client::introduced(served, json!({})).await;
    client.subscribe("1", query, Value::Null).await;
    let over_socket = client.hear().await;
    assert_eq!(over_socket["type"], "error", "{over_socket:#}");
    [
        code(&over_http["errors"]),
        code(&over_stream["errors"]),
        code(&over_socket["payload"]),
    ]
}

/// The first JSON of an answer, whatever stands around it.
async fn post(address: SocketAddr, path: &str, accept: &str, query: &str) -> Value {
    let body = json!({ "query": query }).to_string();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAccept: {accept}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len(),
    );
    let wire = Wire::connect(address).await.expect("a connection");
    let answer = wire.last(request.as_bytes()).await.expect("an answer");
    let start = answer.find('{').expect("JSON");
    let mut values = serde_json::Deserializer::from_str(&answer[start..]).into_iter();
    values.next().expect("JSON").expect("JSON")
}

async fn sqlite() -> TestApp {
    TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operation_that_takes_too_long_ends_by_whichever_way_it_came() {
    let app = sqlite().await;
    let served = app
        .serve_by(Rules {
            time_out: Duration::from_millis(100),
            ..Rules::default()
        })
        .await;
    // Nothing is written while somebody else writes.
    let held = app.database.writer().begin().await.expect("the one writer");
    assert_eq!(codes(&served, WRITING).await, ["TIMEOUT"; 3]);
    held.rollback().await.expect("it is let go");
    served.end().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_finds_no_place_is_refused_by_whichever_way_they_came() {
    let app = sqlite().await;
    let full = Workload {
        at_once: 0,
        ..Workload::default()
    };
    let served = app
        .serve_of(|site| Site {
            admission: Admission::new(full),
            documents: api::graphql::operation::Documents::new(Rules {
                time_out: Duration::from_millis(50),
                ..Rules::default()
            }),
            ..site
        })
        .await;
    assert_eq!(codes(&served, READING).await, ["RATE_LIMITED"; 3]);
    served.end().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_carries_the_id_of_its_request() {
    let app = sqlite().await;
    let router = app.router_of(|site| site);
    let query = "/graphql?query=%7Bpolls%7BtotalCount%7D%7D";
    let mut tag = String::new();
    let mut ids = Vec::new();
    for (method, path, headers, status) in [
        (Method::GET, query, vec![], StatusCode::OK),
        (
            Method::GET,
            query,
            vec![(header::IF_NONE_MATCH, "*")],
            StatusCode::NOT_MODIFIED,
        ),
        (
            Method::GET,
            query,
            vec![(header::ACCEPT, "image/png")],
            StatusCode::NOT_ACCEPTABLE,
        ),
        (
            Method::GET,
            query,
            vec![(header::AUTHORIZATION, "Bearer x")],
            StatusCode::UNAUTHORIZED,
        ),
        (
            Method::PUT,
            "/graphql",
            vec![],
            StatusCode::METHOD_NOT_ALLOWED,
        ),
        (
            Method::POST,
            "/graphql",
            vec![],
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (
            Method::GET,
            "/graphql?query=%7Bnonsense%7D",
            vec![(header::ACCEPT, "application/graphql-response+json")],
            StatusCode::BAD_REQUEST,
        ),
        (
            Method::GET,
            "/graphql/stream?query=%7B__typename%7D",
            vec![],
            StatusCode::OK,
        ),
        (
            Method::GET,
            "/graphql/stream?query=%7B__typename%7D",
            vec![(header::ACCEPT, "text/event-stream;q=0, */*")],
            StatusCode::NOT_ACCEPTABLE,
        ),
        (Method::GET, "/graphql/ws", vec![], StatusCode::BAD_REQUEST),
        (Method::GET, "/moderate", vec![], StatusCode::OK),
        (Method::GET, "/nowhere", vec![], StatusCode::NOT_FOUND),
    ] {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let mut request = request.body(Body::empty()).expect("a request");
        name_host(&mut request);
        let response = router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(response.status(), status, "{path}");
        let id = response.headers().get("x-request-id");
        ids.push(id.unwrap_or_else(|| panic!("{path}: {status}")).clone());
        if let Some(found) = response.headers().get(header::ETAG) {
            tag = found.to_str().expect("text").to_owned();
        }
        to_bytes(response.into_body(), 1 << 20)
            .await
            .expect("a body");
    }
    assert!(!tag.is_empty());
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "no two are the same");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_says_that_it_depends_on_whether_the_cost_is_asked_for() {
    let app = sqlite().await;
    let request = Request::get("/graphql?query=%7B__typename%7D")
        .body(Body::empty())
        .expect("a request");
    let response = app.http(request).await;
    let vary = response.headers()[header::VARY].to_str().expect("text");
    assert!(vary.contains("GraphQL-Cost"), "{vary}");
    app.end().await;
}
