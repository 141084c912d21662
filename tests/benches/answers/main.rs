//! The cost of a request for everything of a large poll, without limits and with them.
//!
//! `cargo bench -p tests --bench answers -- [--aliases N] [--bounded]`
//!
//! One poll of 15 questions with 1,000 statements each on SQLite, asked for under N names (30) in
//! one request over HTTP: bytes sent, seconds, processor time and the most memory of this process.
//! `--bounded` keeps the limits of a server; run both, since the memory is that of a whole run.

// The futures of the schema lie deep in each other.
#![recursion_limit = "256"]
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench measures time, tells what it found, and ends where it cannot go on"
)]

use std::time::{Duration, Instant};

use api::graphql::operation::Rules;
use axum::{
    body::{Body, to_bytes},
    http::{Request, header},
};
use domain::clock::Clock;
use harness::{Arguments, DatabaseKind, Persona, TestApp};
use serde_json::{Value, json};
use tower::ServiceExt;

fn main() {
    let arguments = Arguments::read();
    let aliases = arguments.number("--aliases", 30);
    let is_bounded = arguments.has("--bounded");
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(measure(aliases, is_bounded));
}

async fn measure(aliases: usize, is_bounded: bool) {
    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let slug = poll(&app).await;
    let one = |alias: usize| {
        format!(
            "a{alias}: poll(slug: {slug}) {{ questions {{ results {{ options {{ option {{ id label }} voterCount share distribution {{ value count }} }} }} }} }} "
        )
    };
    let query = format!("{{ {} }}", (0..aliases).map(one).collect::<String>());
    let mut rules = Rules {
        // Weighed beforehand it would be refused: this is about what gets past that.
        cost: u64::MAX,
        ..Rules::default()
    };
    if !is_bounded {
        rules.answer_bytes = usize::MAX;
        rules.time_out = Duration::from_secs(10);
    }
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json!({ "query": query }).to_string()))
        .expect("a request");
    let (memory, processor, begun) = (peak_memory(), processor_time(), Instant::now());
    let response = app.router_by(rules).oneshot(request).await;
    let response = response.expect("an answer");
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await;
    let body = body.expect("a body");
    println!(
        "{aliases} aliases, {}: {status}, {} bytes in {:.2} s, {:.2} s of processor time, {} MiB of memory at most ({} before)",
        if is_bounded { "bounded" } else { "unbounded" },
        body.len(),
        begun.elapsed().as_secs_f64(),
        processor_time() - processor,
        peak_memory() >> 10,
        memory >> 10,
    );
    app.end().await;
}

/// Makes the poll; gives its slug as JSON.
async fn poll(app: &TestApp) -> Value {
    let options: Vec<Value> = (0..1_000)
        .map(|number| json!({ "label": format!("Stelling {number}: {}", "groen ".repeat(40)) }))
        .collect();
    let question = json!({ "kind": "STATEMENTS", "prompt": "Wat vindt u?", "options": options });
    let input = json!({
        "title": "Alles over het groen",
        "resultsVisibility": "ALWAYS",
        "opensAt": app.clock.now(),
        "questions": vec![question; 15],
    });
    let document = "mutation($input: PollCreateInput!) { pollCreate(input: $input) { poll { slug } userErrors { code } } }";
    app.execute(Persona::Editor, document, json!({ "input": input }))
        .await
        .accepted("pollCreate")["poll"]["slug"]
        .clone()
}

/// The most memory that this process ever had, in KiB.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// The processor time of this process so far, in seconds.
fn processor_time() -> f64 {
    let usage = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = usage.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field).and_then(|text| text.parse::<f64>().ok());
    (ticks(13).unwrap_or(0.0) + ticks(14).unwrap_or(0.0)) / 100.0
}
