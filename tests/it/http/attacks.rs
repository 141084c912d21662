//! Requests that would hang or end a server that reads them as they come.

use std::fmt::Write;

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use harness::{DatabaseKind, TestApp};
use serde_json::{Value, json};

/// A chain of fragments that each spread the next `times` times.
fn bomb(length: usize, times: usize) -> String {
    let mut document = "{ ...f0 }".to_owned();
    for number in 0..length {
        let spreads = format!("...f{} ", number + 1).repeat(times);
        write!(document, " fragment f{number} on Query {{ {spreads} }}").expect("a string");
    }
    write!(document, " fragment f{length} on Query {{ __typename }}").expect("a string");
    document
}

/// The documents of the attacks with the code that each is refused with.
fn documents() -> Vec<(&'static str, String, &'static str)> {
    let many = 20_000;
    let numbered = |count: usize, one: fn(usize) -> String| (0..count).map(one).collect::<String>();
    vec![
        ("aliases", format!("{{ {} }}", numbered(500, |n| format!("a{n}: __typename "))), "ALIAS_LIMIT_EXCEEDED"),
        ("repeated fields", format!("{{ {} }}", "__typename ".repeat(20_000)), "TOKEN_LIMIT_EXCEEDED"),
        ("directives on a field", format!("{{ __typename {} }}", "@include(if: true) ".repeat(200)), "DIRECTIVE_IN_PLACE_LIMIT_EXCEEDED"),
        ("directives on spreads", format!("{{ {} }} fragment F on Query {{ __typename }}", "...F @include(if: true) ".repeat(60)), "DIRECTIVE_LIMIT_EXCEEDED"),
        ("directives on an operation", format!("query {} {{ __typename }}", "@a ".repeat(500)), "DIRECTIVE_IN_PLACE_LIMIT_EXCEEDED"),
        ("a circle of fragments", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".to_owned(), "FRAGMENT_CYCLE"),
        ("a fragment bomb of 2^24", bomb(24, 2), "SELECTION_LIMIT_EXCEEDED"),
        ("a fragment bomb of 3^28", bomb(28, 3), "SELECTION_LIMIT_EXCEEDED"),
        ("a fragment bomb of 50^5", bomb(5, 50), "SELECTION_LIMIT_EXCEEDED"),
        ("deep selections", "{a".repeat(many), "NESTING_LIMIT_EXCEEDED"),
        ("deep lists", format!("{{ a(b: {}", "[".repeat(many)), "NESTING_LIMIT_EXCEEDED"),
        ("deep objects", format!("{{ a(b: {}", "{c:".repeat(many)), "NESTING_LIMIT_EXCEEDED"),
        ("deep types", format!("query($a: {}", "[".repeat(many)), "NESTING_LIMIT_EXCEEDED"),
        ("many operations", numbered(5_000, |n| format!("query q{n} {{ a }} ")), "TOKEN_LIMIT_EXCEEDED"),
        ("some operations", numbered(100, |n| format!("query q{n} {{ a }} ")), "OPERATION_LIMIT_EXCEEDED"),
        ("a huge whole number", format!("{{ polls(first: {}) {{ nodes {{ id }} }} }}", "9".repeat(10_000)), "BAD_INPUT"),
        ("a huge exponent", "{ polls(first: 1e999999999) { nodes { id } } }".to_owned(), "BAD_INPUT"),
        ("a long page", "{ polls(first: 2147483647) { nodes { id } } }".to_owned(), "COST_LIMIT_EXCEEDED"),
        ("half a character", r#"{ poll(slug: "\uD800") { id } }"#.to_owned(), "BAD_INPUT"),
        ("errors", format!("{{ {} }}", numbered(900, |n| format!("nothing{n} "))), "BAD_INPUT"),
        ("a long name", format!("{{ {} }}", "x".repeat(200_000)), "BYTE_LIMIT_EXCEEDED"),
        ("a field that conflicts", format!("{{ {} }}", "a: poll(slug: \"a\") { id } ".repeat(30)), ""),
        ("as much as passes", bomb(8, 2), ""),
        ("sign-ins", "mutation { a: sessionCreate(input: {email: \"a\", password: \"b\"}) { session { accessToken } } b: sessionCreate(input: {email: \"a\", password: \"b\"}) { session { accessToken } } }".to_owned(), "MUTATION_REPEATED"),
        ("comments", "#".repeat(250_000), "BYTE_LIMIT_EXCEEDED"),
        ("short comments", "#\n".repeat(80_000), "BYTE_LIMIT_EXCEEDED"),
        ("a long text", format!("{{ poll(slug: \"{}\") {{ id }} }}", "x".repeat(200_000)), "BYTE_LIMIT_EXCEEDED"),
        ("as long as passes", format!("{{ __typename }} #{}", "x".repeat(65_000)), ""),
        ("an unended text", format!("{{ a(b: \"{}", "\\\"".repeat(50_000)), "BAD_INPUT"),
        ("blocks", format!("{{ a(b: \"\"\"{}", "\\\"\"\"".repeat(25_000)), "BAD_INPUT"),
    ]
}

async fn send(app: &TestApp, body: String) -> (StatusCode, Value, usize) {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body))
        .expect("a request");
    let response = app.http(request).await;
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    (
        status,
        serde_json::from_slice(&bytes).expect("JSON"),
        bytes.len(),
    )
}

/// Shows with `--nocapture` what each attack costs; no test fails on time.
#[expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a person is told how long it took"
)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attacks_are_refused_and_the_server_answers_on() {
    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    for (name, document, code) in documents() {
        let body = json!({ "query": document }).to_string();
        assert!(body.len() < 256 * 1024, "{name}");
        let begun = std::time::Instant::now();
        let (_, answer, length) = send(&app, body).await;
        eprintln!(
            "{:>8.2} ms  {name}",
            begun.elapsed().as_secs_f64() * 1_000.0
        );
        let told = answer["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_default();
        assert_eq!(told, code, "{name}: {answer:#}");
        assert!(length < 8_192, "{name}: {length} bytes");
    }
    for (name, variables) in [
        ("deep variables", format!("{{\"a\":{}", "[".repeat(50_000))),
        (
            "deep and closed variables",
            format!("{{\"a\":{}{}}}", "[".repeat(50_000), "]".repeat(50_000)),
        ),
        (
            "a huge number in variables",
            format!("{{\"a\":{}}}", "9".repeat(100_000)),
        ),
        (
            "a huge exponent in variables",
            "{\"a\":1e999999}".to_owned(),
        ),
    ] {
        let body = format!("{{\"query\":\"{{__typename}}\",\"variables\":{variables}}}");
        let begun = std::time::Instant::now();
        let (status, ..) = send(&app, body).await;
        eprintln!(
            "{:>8.2} ms  {name}",
            begun.elapsed().as_secs_f64() * 1_000.0
        );
        assert!(
            status == StatusCode::BAD_REQUEST || status == StatusCode::OK,
            "{name}: {status}"
        );
    }
    let (status, answer, _) = send(&app, json!({ "query": "{ __typename }" }).to_string()).await;
    assert_eq!(
        (status, answer),
        (StatusCode::OK, json!({ "data": { "__typename": "Query" } }))
    );
    app.end().await;
}
