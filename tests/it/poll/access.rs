//! What the access matrix tries on polls.

use serde_json::json;

use super::{choice, draft, poll, room::room};
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
