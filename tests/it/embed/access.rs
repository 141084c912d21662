//! What the access matrix tries on embeds.

use harness::{Persona, TestApp};
use serde_json::{Value, json};

use super::draft;
use crate::{
    access::{Row, row},
    partner::partner_of,
    poll,
};

/// Partners that these two run in this role: Fatma the one, Jan the other.
async fn partners(app: &TestApp, role: &str) -> Value {
    partner_of(app, "Deventer", &[(Persona::Neighbour, role)]).await;
    partner_of(app, "Raalte", &[(Persona::Resident, role)]).await
}

async fn create(app: &TestApp, role: &str) -> Value {
    let partner = partners(app, role).await;
    let poll = poll::poll(app, json!({})).await;
    json!({ "input": draft(&partner, &poll, &json!({})) })
}

async fn made(app: &TestApp) -> Value {
    let input = create(app, "EDITOR").await;
    let answer = app.send(Persona::Editor, "EmbedCreate", input).await;
    answer.accepted("embedCreate")["embed"].clone()
}

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(
            "EmbedCreate",
            "a partner that Fatma is editor of, Jan of another",
            async |app| create(app, "EDITOR").await,
        ),
        row(
            "EmbedCreate",
            "a partner that Fatma is admin of, Jan of another",
            async |app| create(app, "ADMIN").await,
        ),
        row("EmbedCreate", "a poll of another partner", async |app| {
            let other = partners(app, "EDITOR").await;
            let poll = poll::poll(app, json!({ "partnerId": other["id"] })).await;
            let own = partner_of(app, "Ommen", &[(Persona::Resident, "EDITOR")]).await;
            json!({ "input": draft(&own, &poll, &json!({})) })
        }),
        row(
            "EmbedUpdate",
            "an embed of a partner that Fatma is editor of, Jan of another",
            async |app| json!({ "input": { "embedId": made(app).await["id"], "locale": "EN" } }),
        ),
        row(
            "EmbedRevoke",
            "an embed of a partner that Fatma is editor of, Jan of another",
            async |app| json!({ "input": { "embedId": made(app).await["id"] } }),
        ),
    ]
}
