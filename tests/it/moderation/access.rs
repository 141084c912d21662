//! What the access matrix tries on moderation.

use chrono::TimeDelta;
use domain::clock::Clock;
use serde_json::{Value, json};

use super::{decide, person, reported};
use crate::{
    access::{Row, row},
    comment::comment,
    theme::theme,
};
use harness::{Persona, TestApp};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row("ContentReport", "Fatma's comment", async |app| {
            let theme = theme(app, "Wonen in het dorp").await;
            let comment = comment(app, Persona::Resident, &theme, "Eens.").await;
            json!({ "input": { "subjectId": comment["id"], "reason": "SPAM" } })
        }),
        row("ModerationCaseClaim", "a case", async |app| {
            let (_, case) = reported(app).await;
            json!({ "input": { "caseId": case["id"] } })
        }),
        row("ModerationCaseDecide", "a case", async |app| {
            let (_, case) = reported(app).await;
            json!({ "input": {
                "caseId": case["id"], "expectedVersion": case["version"], "action": "IGNORE",
            } })
        }),
        row(
            "ModerationDecisionAppeal",
            "on Fatma's comment",
            async |app| {
                let (posted, case) = reported(app).await;
                let decided = decide(app, Persona::Admin, &case, "HIDE").await;
                decided.accepted("moderationCaseDecide");
                let document = "query($id: ID!) { node(id: $id) { ... on Comment { moderationDecision { id } } } }";
                let read = app
                    .execute(Persona::Moderator, document, json!({ "id": posted["id"] }))
                    .await;
                let decision = read.data("/node/moderationDecision/id").clone();
                json!({ "input": { "decisionId": decision, "statement": "Het was een grap." } })
            },
        ),
        row("AccountBlock", "a resident", async |app| {
            json!({ "input": {
                "accountId": stranger(app).await, "until": app.clock.now() + TimeDelta::days(1),
                "reasonCode": "SPAM", "statement": "Reclame.",
            } })
        }),
        row(
            "AccountUnblock",
            "a resident who is not blocked",
            async |app| json!({ "input": { "accountId": stranger(app).await } }),
        ),
        row("ModerationTemplateSet", "a new one", async |_| {
            json!({ "input": {
                "action": "HIDE", "reasonCode": "SPAM", "locale": "NL", "text": "Geen reclame.",
            } })
        }),
    ]
}

/// The id of a resident's account whom nobody else is.
async fn stranger(app: &TestApp) -> Value {
    let actor = person(app, "Vreemde", &[]).await;
    let theme = theme(app, "Wonen aan de dijk").await;
    let document = "mutation($input: CommentAddInput!) { commentAdd(input: $input) { comment { author { id } } userErrors { code } } }";
    let input = json!({ "input": { "subjectId": theme["id"], "language": "nl", "body": "Dag." } });
    let added = app.execute_as(actor, document, input).await;
    added.accepted("commentAdd")["comment"]["author"]["id"].clone()
}
