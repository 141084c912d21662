//! What the access matrix tries on polls.

use harness::{Persona, TestApp};
use serde_json::{Value, json};

use super::{cast, choice, draft, page, poll, question, room::room, writing};
use crate::access::{Row, row};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(
            "PollCreate",
            "a poll",
            async |app| json!({ "input": draft(app, &json!({})) }),
        ),
        row("PollUpdate", "an open poll", async |app| {
            let poll = poll(app, json!({})).await;
            json!({ "input": { "pollId": poll["id"], "title": "Zwemmen in de IJssel" } })
        }),
        row("PollUpdate", "a draft", async |app| {
            let poll = poll(app, json!({ "opensAt": null })).await;
            json!({ "input": { "pollId": poll["id"], "title": "Zwemmen in de IJssel" } })
        }),
        row("PollOpen", "a draft", async |app| {
            let poll = poll(app, json!({ "opensAt": null })).await;
            json!({ "input": { "pollId": poll["id"] } })
        }),
        row("PollClose", "an open poll", async |app| {
            let poll = poll(app, json!({})).await;
            json!({ "input": { "pollId": poll["id"] } })
        }),
        row("PollQuestionPresent", "an open room", async |app| {
            let room = room(app, json!({})).await;
            json!({ "input": { "questionId": room["questions"][0]["id"], "state": "OPEN" } })
        }),
        row("PollQuestionPresent", "the room of a draft", async |app| {
            let room = room(app, json!({ "opensAt": null })).await;
            json!({ "input": { "questionId": room["questions"][0]["id"], "state": "OPEN" } })
        }),
        row("PollRestart", "an open poll", async |app| {
            let poll = poll(app, json!({})).await;
            json!({ "input": { "pollId": poll["id"] } })
        }),
        row("PollRestart", "a draft", async |app| {
            let poll = poll(app, json!({ "opensAt": null })).await;
            json!({ "input": { "pollId": poll["id"] } })
        }),
        row("BallotCast", "a hidden question of a room", async |app| {
            let room = room(app, json!({})).await;
            json!({ "input": choice(&room, 0, &[0]) })
        }),
        row("BallotCast", "an open poll for anyone", async |app| {
            let poll = poll(app, json!({})).await;
            json!({ "input": choice(&poll, 0, &[0]) })
        }),
        row("BallotCast", "an open poll for accounts", async |app| {
            let poll = poll(app, json!({ "eligibility": "ACCOUNT" })).await;
            json!({ "input": choice(&poll, 0, &[0]) })
        }),
        row("BallotCast", "a draft", async |app| {
            let poll = poll(app, json!({ "opensAt": null })).await;
            json!({ "input": choice(&poll, 0, &[0]) })
        }),
        row("BallotCast", "an answer of one's own", async |app| {
            let poll = poll(app, json!({ "questions": [question("OPEN", &[])] })).await;
            json!({ "input": writing(&poll, 0, &["Meer bomen"]) })
        }),
        row("PollAnswerJudge", "a written answer", async |app| {
            let option = held_back(app).await;
            json!({ "input": { "optionId": option, "decision": "APPROVE" } })
        }),
        row(
            "PollAnswerJudge",
            "the question's own option",
            async |app| {
                let poll = poll(app, json!({})).await;
                let option = &poll["questions"][0]["options"][0]["id"];
                json!({ "input": { "optionId": option, "decision": "REJECT" } })
            },
        ),
        row("BallotRetract", "an open poll for anyone", async |app| {
            let poll = poll(app, json!({})).await;
            json!({ "input": { "questionId": poll["questions"][0]["id"] } })
        }),
        row("BallotRetract", "an open poll for accounts", async |app| {
            let poll = poll(app, json!({ "eligibility": "ACCOUNT" })).await;
            json!({ "input": { "questionId": poll["questions"][0]["id"] } })
        }),
    ]
}

/// The id of an answer that waits for a judgement.
async fn held_back(app: &TestApp) -> Value {
    let mut open = question("OPEN", &[]);
    open["rules"] = json!({ "moderated": true });
    let poll = poll(app, json!({ "questions": [open] })).await;
    cast(app, Persona::Resident, writing(&poll, 0, &["Meer bomen"]))
        .await
        .accepted("ballotCast");
    page(app, Persona::Moderator, &poll).await["questions"][0]["options"][0]["id"].clone()
}
