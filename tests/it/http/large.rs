//! Answers that would be larger than the server sends.

use api::{
    graphql::operation::{Documents, Rules},
    http::Limits,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use harness::{Persona, Served, TestApp, on_both_databases, operations};
use serde_json::{Value, json};
use tower::ServiceExt;

/// A poll with so many questions of so many statements.
pub(super) async fn statements(app: &TestApp, questions: usize, statements: usize) -> Value {
    let options: Vec<Value> = (0..statements)
        .map(|number| json!({ "label": format!("Stelling {number}: {}", "groen ".repeat(20)) }))
        .collect();
    let question = json!({ "kind": "STATEMENTS", "prompt": "Wat vindt u?", "options": options });
    let input = json!({
        "title": "Alles over het groen",
        "resultsVisibility": "ALWAYS",
        "opensAt": domain::clock::Clock::now(&app.clock),
        "questions": vec![question; questions],
    });
    let document = "mutation($input: PollCreateInput!) { pollCreate(input: $input) { poll { id slug } userErrors { code } } }";
    app.execute(Persona::Editor, document, json!({ "input": input }))
        .await
        .accepted("pollCreate")["poll"]
        .clone()
}

/// Asks for all of the poll's results under so many names.
fn aliases(poll: &Value, count: usize) -> String {
    let slug = &poll["slug"];
    let of = |alias: usize| {
        format!(
            "a{alias}: poll(slug: {slug}) {{ questions {{ options {{ id label }} results {{ options {{ \
             option {{ id label }} voterCount share distribution {{ value count }} }} }} }} }} "
        )
    };
    format!("{{ {} }}", (0..count).map(of).collect::<String>())
}

async fn post(router: &Router, path: &str, query: &str) -> (StatusCode, String) {
    let request = Request::post(path)
        .header(header::HOST, "jij.example")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json, text/event-stream")
        .body(Body::from(json!({ "query": query }).to_string()))
        .expect("a request");
    let response = router.clone().oneshot(request).await.expect("an answer");
    let status = response.status();
    let body = to_bytes(response.into_body(), 64 << 20).await;
    let body = body.expect("a body").to_vec();
    (status, String::from_utf8(body).expect("UTF-8"))
}

async fn over_socket(served: &Served, query: &str) -> Value {
    let mut client = super::websocket::Client::introduced(served, Value::Null).await;
    client.subscribe("a", query, Value::Null).await;
    client.hear().await
}

on_both_databases! {
    async fn an_answer_over_the_limit_is_refused_whichever_way_it_is_asked_for(app) {
        let poll = statements(app, 15, 1_000).await;
        let query = aliases(&poll, 5);
        let (router, connections) = app.router(Limits::default());
        for path in ["/graphql", "/graphql/stream"] {
            let (status, body) = post(&router, path, &query).await;
            assert_eq!(status, StatusCode::OK);
            assert!(body.contains("ANSWER_TOO_LARGE"), "{path}: {}", &body[..body.len().min(300)]);
            assert!(body.len() < 1_000, "nothing of it is sent: {}", body.len());
        }
        let served = app.serve(Limits::default()).await;
        let refused = over_socket(&served, &query).await;
        assert_eq!(refused["type"], "error", "{refused:#}");
        assert_eq!(refused["payload"][0]["extensions"]["code"], "ANSWER_TOO_LARGE");
        // What watches it is told the same.
        let watch = format!("subscription {{ pollUpdated(pollId: {}) {{ questions {{ a: options {{ id label description role moderation }} b: options {{ id label }} }} }} }}", poll["id"]);
        let refused = over_socket(&served, &watch).await;
        assert_eq!(refused["payload"][0]["extensions"]["code"], "ANSWER_TOO_LARGE", "{refused:#}");
        served.end().await;
        drop(router);
        connections.ended().await;
    }

    async fn a_poll_of_a_thousand_statements_is_answered_whole(app) {
        let poll = statements(app, 1, 1_000).await;
        let query = aliases(&poll, 1);
        let (router, connections) = app.router(Limits::default());
        let (status, body) = post(&router, "/graphql", &query).await;
        assert_eq!(status, StatusCode::OK);
        let answer: Value = serde_json::from_str(&body).expect("JSON");
        let questions = &answer["data"]["a0"]["questions"][0];
        for list in [&questions["options"], &questions["results"]["options"]] {
            assert_eq!(list.as_array().map(Vec::len), Some(1_000));
        }
        let (_, events) = post(&router, "/graphql/stream", &query).await;
        assert!(events.len() > body.len(), "{} bytes and {}", body.len(), events.len());
        let served = app.serve(Limits::default()).await;
        assert_eq!(over_socket(&served, &query).await["payload"], answer);
        served.end().await;
        drop(router);
        connections.ended().await;
    }

    async fn long_texts_count_by_their_length(app) {
        let theme = crate::theme::theme(app, "Water").await;
        let text = "Het water stroomt langzaam door de kanalen van Overijssel. ".repeat(15);
        for _ in 0..10 {
            crate::comment::comment(app, Persona::Resident, &theme, &text).await;
        }
        let rules = Rules { answer_bytes: 65_536, ..Rules::default() };
        let router = app.router_by(rules);
        let ask = async |aliases: usize| {
            let one = |alias: usize| format!("a{alias}: node(id: {}) {{ ... on Theme {{ comments(first: 10) {{ nodes {{ body bodyHtml }} }} }} }} ", theme["id"]);
            let query = format!("{{ {} }}", (0..aliases).map(one).collect::<String>());
            post(&router, "/graphql", &query).await.1
        };
        assert!(!ask(1).await.contains("ANSWER_TOO_LARGE"));
        assert!(ask(5).await.contains("ANSWER_TOO_LARGE"));
    }
}

#[test]
fn every_operation_that_clients_send_is_affordable() {
    let documents = Documents::default();
    let mut weighed = 0;
    for (name, operation) in operations() {
        match documents.cost(&operation.document, name) {
            Ok(cost) => {
                weighed += 1;
                assert!(cost <= 10_000, "{name} costs {cost}");
            }
            // Those that the schema does not have yet are listed in the contract's tests.
            Err(refusal) => assert_eq!(refusal.code, "BAD_INPUT", "{name}: {}", refusal.message),
        }
    }
    assert!(weighed > 60, "{weighed} weighed");
}
