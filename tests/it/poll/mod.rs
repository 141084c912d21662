//! Polls, ballots and results through the API.

pub(crate) mod access;
mod anonymous;
mod answers;
mod backup;
mod count;
mod edit;
mod figures;
mod idempotency;
mod import;
mod instances;
mod interleaving;
mod kill;
mod kinds;
mod kinds_quiz;
mod kinds_written;
mod list;
mod live;
mod new_voters;
mod participants;
mod picture;
mod plans;
mod present;
mod queue;
mod recount;
mod recount_command;
mod rendered;
mod restart;
mod room;
mod runs;
mod sight;
mod split;
mod visibility;
mod vote;
mod write;

use domain::clock::Clock;
use harness::{Answer, Persona, TestApp};
use serde_json::{Value, json};

/// A question of this kind with these options.
fn question(kind: &str, labels: &[&str]) -> Value {
    let options: Vec<Value> = labels
        .iter()
        .map(|label| json!({ "label": label }))
        .collect();
    json!({ "kind": kind, "prompt": "Wat vindt u?", "options": options })
}

/// A poll with one question, Ja or Nee, open from now on; `changes` replace its parts.
pub(crate) fn draft(app: &TestApp, changes: &Value) -> Value {
    let mut draft = json!({
        "title": "Zwemmen in de kanalen",
        "description": "## Waarom\n\nHet water wordt schoner.",
        "resultsVisibility": "ALWAYS",
        "opensAt": app.clock.now(),
        "questions": [question("SINGLE", &["Ja", "Nee"])],
    });
    for (name, value) in changes.as_object().expect("changes are an object") {
        draft[name] = value.clone();
    }
    draft
}

/// A poll made by the editor, as `pollCreate` gives it.
pub(crate) async fn poll(app: &TestApp, changes: Value) -> Value {
    let input = draft(app, &changes);
    let answer = app
        .send(Persona::Editor, "PollCreate", json!({ "input": input }))
        .await;
    answer.accepted("pollCreate")["poll"].clone()
}

/// A ballot for a poll's question, counted from 0, with value 1 for these options.
pub(crate) fn choice(poll: &Value, question: usize, options: &[usize]) -> Value {
    let question = &poll["questions"][question];
    let marks: Vec<Value> = options
        .iter()
        .map(|option| json!({ "optionId": question["options"][option]["id"], "value": 1 }))
        .collect();
    json!({ "questionId": question["id"], "marks": marks })
}

/// A ballot for a poll's question with these values for these options, both counted from 0.
fn ballot(poll: &Value, question: usize, values: &[(usize, i32)]) -> Value {
    let question = &poll["questions"][question];
    let marks: Vec<Value> = values
        .iter()
        .map(|(option, value)| json!({ "optionId": question["options"][option]["id"], "value": value }))
        .collect();
    json!({ "questionId": question["id"], "marks": marks })
}

/// A ballot for a poll's question that writes.
fn writing(poll: &Value, question: usize, texts: &[&str]) -> Value {
    json!({ "questionId": poll["questions"][question]["id"], "writeIns": texts })
}

async fn cast(app: &TestApp, persona: Persona, input: Value) -> Answer {
    app.send(persona, "BallotCast", json!({ "input": input }))
        .await
}

async fn retract(app: &TestApp, persona: Persona, poll: &Value) -> Answer {
    let input = json!({ "questionId": poll["questions"][0]["id"] });
    app.send(persona, "BallotRetract", json!({ "input": input }))
        .await
}

async fn page(app: &TestApp, persona: Persona, poll: &Value) -> Value {
    app.send(persona, "PollPage", json!({ "slug": poll["slug"] }))
        .await
        .data("/poll")
        .clone()
}

async fn close(app: &TestApp, poll: &Value) -> Answer {
    let input = json!({ "pollId": poll["id"] });
    app.send(Persona::Editor, "PollClose", json!({ "input": input }))
        .await
}

/// How many voters each option of the first question has, as the editor sees them.
async fn voters(app: &TestApp, poll: &Value) -> Vec<i64> {
    page(app, Persona::Editor, poll).await["questions"][0]["results"]["options"]
        .as_array()
        .expect("results")
        .iter()
        .map(|option| option["voterCount"].as_i64().expect("a count"))
        .collect()
}
