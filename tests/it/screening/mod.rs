//! What people contribute is screened: held or warned of, and never refused.

mod answer;
mod comment;
mod memory;
mod preview;
mod story;

use std::collections::BTreeMap;

use domain::screening::{Rules, Screener, Thresholds, WordList};
use entity::job;
use harness::{Answer, Persona, TestApp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

/// Nobody is new; everything else as a server has it where nothing is said, with a list of words.
fn rules() -> Rules {
    let list = WordList::parse("poep\nvieze bril").expect("a list");
    let thresholds = Thresholds {
        first_held: 0,
        ..Thresholds::default()
    };
    Rules {
        screener: Screener::new(thresholds, BTreeMap::from([("nl".to_owned(), list)])),
        ..Rules::default()
    }
}

/// The codes of a mutation's warnings.
fn codes(payload: &Value) -> Vec<&str> {
    let warnings = payload["warnings"].as_array().expect("warnings");
    warnings
        .iter()
        .map(|warning| warning["code"].as_str().expect("a code"))
        .collect()
}

/// Adds a comment, with what the form tells; the payload.
async fn add(app: &TestApp, persona: Persona, on: &Value, body: &str, form: Value) -> Value {
    let document = "mutation($input: CommentAddInput!) { commentAdd(input: $input) {
        comment { id state body } warnings { code message field excerpt isHeldFor }
        userErrors { code field } } }";
    let input = json!({ "subjectId": on["id"], "body": body, "language": "nl", "form": form });
    let answer: Answer = app
        .execute(persona, document, json!({ "input": input }))
        .await;
    answer.accepted("commentAdd").clone()
}

/// What waits to be put before the moderators: of what kind, and what was found; sorted, since
/// the clock stands still.
async fn queued(app: &TestApp) -> Vec<(String, Value)> {
    let jobs = job::Entity::find()
        .filter(job::Column::Kind.eq("QUEUE_CONTRIBUTION"))
        .all(app.database.read())
        .await
        .expect("the jobs");
    let mut queued: Vec<_> = jobs
        .iter()
        .map(|job| {
            let payload: Value = serde_json::from_str(&job.payload).expect("JSON");
            let kind = payload["contribution"]["kind"].as_str().expect("a kind");
            (kind.to_owned(), payload["findings"].clone())
        })
        .collect();
    queued.sort_by_key(|(kind, findings)| format!("{kind} {findings}"));
    queued
}

fn one(kind: &str, findings: Value) -> Vec<(String, Value)> {
    vec![(kind.to_owned(), findings)]
}
