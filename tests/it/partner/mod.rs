//! Partners through the API.

pub(crate) mod access;
mod member;
mod poll;
mod story;
mod write;

use harness::{Persona, TestApp};
use serde_json::{Value, json};

/// A partner made by the admin, as `partnerCreate` gives it.
pub(crate) async fn partner(app: &TestApp, name: &str) -> Value {
    let answer = app
        .send(
            Persona::Admin,
            "PartnerCreate",
            json!({ "input": draft(name) }),
        )
        .await;
    answer.accepted("partnerCreate")["partner"].clone()
}

/// A partner made by the admin, for whom these people work.
pub(crate) async fn partner_of(app: &TestApp, name: &str, members: &[(Persona, &str)]) -> Value {
    let partner = partner(app, name).await;
    for (who, role) in members {
        app.send(
            Persona::Admin,
            "PartnerMemberSet",
            json!({ "input": member(&partner, *who, role) }),
        )
        .await
        .accepted("partnerMemberSet");
    }
    partner
}

fn draft(name: &str) -> Value {
    json!({
        "name": name,
        "kind": "MUNICIPALITY",
        "website": "https://www.raalte.example",
        "municipalityCode": "GM0177",
    })
}

fn member(partner: &Value, who: Persona, role: &str) -> Value {
    let email = format!("{who:?}@voorbeeld.example");
    json!({ "partnerId": partner["id"], "email": email, "role": role })
}
