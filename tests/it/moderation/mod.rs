//! Reports and cases through the API.

pub(crate) mod access;
mod decide;

use harness::{Answer, Persona, TestApp};
use serde_json::{Value, json};

use crate::{comment::comment, theme::theme};

async fn report(app: &TestApp, persona: Persona, subject: &Value, reason: &str) -> Answer {
    let input = json!({ "subjectId": subject["id"], "reason": reason });
    app.send(persona, "ContentReport", json!({ "input": input }))
        .await
}

/// The cases, as the contract's operation gives them to a moderator.
async fn queue(app: &TestApp) -> Value {
    let answer = app
        .send(Persona::Moderator, "ModerationQueue", json!({}))
        .await;
    answer.data("/moderationCases").clone()
}

/// A resident's comment that a neighbour reported, and its case.
async fn reported(app: &TestApp) -> (Value, Value) {
    let theme = theme(app, "Water").await;
    let posted = comment(app, Persona::Resident, &theme, "Scheldwoord.").await;
    report(app, Persona::Neighbour, &posted, "OFFENSIVE")
        .await
        .accepted("contentReport");
    let case = queue(app).await["edges"][0]["node"].clone();
    (posted, case)
}

async fn decide(app: &TestApp, persona: Persona, case: &Value, action: &str) -> Answer {
    let input = json!({
        "caseId": case["id"],
        "expectedVersion": case["version"],
        "action": action,
        "reasonCode": "OFFENSIVE",
        "statement": "Schelden mag hier niet.",
    });
    app.send(persona, "ModerationCaseDecide", json!({ "input": input }))
        .await
}
