//! What the access matrix tries on partners.

use harness::{Persona, TestApp};
use serde_json::{Value, json};

use super::{draft, member, partner_of};
use crate::{
    access::{Row, row},
    poll,
};

/// A partner whose editor is Fatma; Jan is the editor of another.
async fn edited(app: &TestApp) -> Value {
    partner_of(app, "Deventer", &[(Persona::Neighbour, "EDITOR")]).await;
    partner_of(app, "Raalte", &[(Persona::Resident, "EDITOR")]).await
}

/// A partner whose admin is Fatma; Jan is the admin of another.
async fn run(app: &TestApp) -> Value {
    partner_of(app, "Deventer", &[(Persona::Neighbour, "ADMIN")]).await;
    partner_of(app, "Raalte", &[(Persona::Resident, "ADMIN")]).await
}

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(
            "PartnerCreate",
            "a partner",
            async |_| json!({ "input": draft("Raalte") }),
        ),
        row(
            "PartnerMemberSet",
            "a partner that Fatma is editor of, Jan of another",
            async |app| json!({ "input": member(&edited(app).await, Persona::Editor, "EDITOR") }),
        ),
        row(
            "PartnerMemberSet",
            "a partner that Fatma is admin of, Jan of another",
            async |app| json!({ "input": member(&run(app).await, Persona::Editor, "EDITOR") }),
        ),
        row(
            "PollCreate",
            "a partner that Fatma is editor of, Jan of another",
            async |app| {
                let partner = edited(app).await;
                json!({ "input": poll::draft(app, &json!({ "partnerId": partner["id"] })) })
            },
        ),
        row(
            "PollCreate",
            "a partner that Fatma is admin of, Jan of another",
            async |app| {
                let partner = run(app).await;
                json!({ "input": poll::draft(app, &json!({ "partnerId": partner["id"] })) })
            },
        ),
        row(
            "StoryCreate",
            "a partner that Fatma is editor of, Jan of another",
            async |app| super::story::input(&edited(app).await),
        ),
        row(
            "PollClose",
            "a poll of a partner that Fatma is editor of, Jan of another",
            async |app| {
                let partner = edited(app).await;
                let poll = poll::poll(app, json!({ "partnerId": partner["id"] })).await;
                json!({ "input": { "pollId": poll["id"] } })
            },
        ),
    ]
}
