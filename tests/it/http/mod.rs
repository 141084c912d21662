//! Requests as the network brings them.

mod attacks;
mod body;
mod clients;
mod edge;
mod large;
mod moderate;
mod npm;
mod origins;
mod over;
mod peers;
mod specification;
mod stream;
mod websocket;

use std::time::Duration;

use domain::clock::Clock;
use harness::{Persona, TestApp};
use serde_json::{Value, json};

/// Longer than anything here takes, also on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(2);

/// A visitor's token, good for 30 days.
async fn visitor(app: &TestApp) -> String {
    app.send(Persona::Anonymous, "VisitorCreate", json!({}))
        .await
        .data("/visitorCreate/accessToken")
        .as_str()
        .expect("a token")
        .to_owned()
}

/// A poll that anyone may vote in and see the results of, with so many questions of so many
/// options.
async fn poll(app: &TestApp, questions: usize, options: usize) -> Value {
    let options: Vec<Value> = (0..options)
        .map(|number| json!({ "label": format!("Voorstel {number}") }))
        .collect();
    let question = json!({ "kind": "SINGLE", "prompt": "Wat kiest u?", "options": options });
    let input = json!({
        "title": "Zwemmen in de kanalen",
        "description": "Het water wordt schoner.",
        "resultsVisibility": "ALWAYS",
        "opensAt": app.clock.now(),
        "questions": vec![question; questions],
    });
    app.send(Persona::Editor, "PollCreate", json!({ "input": input }))
        .await
        .accepted("pollCreate")["poll"]
        .clone()
}

/// A ballot for the first option of the poll's first question.
fn ballot(poll: &Value) -> Value {
    let question = &poll["questions"][0];
    let mark = json!({ "optionId": question["options"][0]["id"], "value": 1 });
    json!({ "questionId": question["id"], "marks": [mark] })
}
