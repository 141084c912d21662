//! Who works for a partner.

use chrono::TimeDelta;
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{member, partner_of};

const MEMBERS: &str = "query($slug: String!) {
    partner(slug: $slug) { viewerRole members { account { displayName } role } }
}";

async fn read(app: &TestApp, persona: Persona, partner: &Value) -> Value {
    app.execute(persona, MEMBERS, json!({ "slug": partner["slug"] }))
        .await
        .data("/partner")
        .clone()
}

on_both_databases! {
    async fn an_admin_of_a_partner_says_who_works_for_it(app) {
        let partner = partner_of(app, "Raalte", &[(Persona::Resident, "ADMIN")]).await;
        app.clock.advance(TimeDelta::seconds(1));
        for (role, expected) in [
            ("EDITOR", json!(["ADMIN", "EDITOR"])),
            ("ADMIN", json!(["ADMIN", "ADMIN"])),
            ("NONE", json!(["ADMIN"])),
            ("NONE", json!(["ADMIN"])),
        ] {
            let input = member(&partner, Persona::Neighbour, role);
            let answer = app
                .send(Persona::Resident, "PartnerMemberSet", json!({ "input": input }))
                .await;
            let members = answer.accepted("partnerMemberSet")["partner"]["members"].clone();
            let roles: Vec<&Value> = members
                .as_array()
                .expect("who works for it may see who does")
                .iter()
                .map(|member| &member["role"])
                .collect();
            assert_eq!(json!(roles), expected);
        }
    }

    async fn an_unknown_address_has_the_same_answer_and_changes_nothing(app) {
        let partner = partner_of(app, "Raalte", &[(Persona::Resident, "ADMIN")]).await;
        let input = json!({
            "partnerId": partner["id"], "email": "niemand@voorbeeld.example", "role": "EDITOR",
        });
        let answer = app
            .send(Persona::Resident, "PartnerMemberSet", json!({ "input": input }))
            .await;
        let members = &answer.accepted("partnerMemberSet")["partner"]["members"];
        assert_eq!(members.as_array().map(Vec::len), Some(1));
        let input = json!({ "partnerId": partner["id"], "email": "niemand", "role": "EDITOR" });
        let answer = app
            .send(Persona::Resident, "PartnerMemberSet", json!({ "input": input }))
            .await;
        assert_eq!(answer.refusals("partnerMemberSet"), ["EMAIL_INVALID input.email"]);
    }

    async fn who_works_for_a_partner_is_shown_to_its_own_only(app) {
        let partner = partner_of(app, "Raalte", &[(Persona::Resident, "EDITOR")]).await;
        partner_of(app, "Deventer", &[(Persona::Neighbour, "ADMIN")]).await;
        let own = read(app, Persona::Resident, &partner).await;
        assert_eq!(own["viewerRole"], "EDITOR");
        assert_eq!(own["members"][0]["account"]["displayName"], "Fatma de Boer");
        let admin = read(app, Persona::Admin, &partner).await;
        assert_eq!(admin["members"][0]["role"], "EDITOR");
        for persona in [Persona::Anonymous, Persona::Neighbour, Persona::Editor] {
            let others = read(app, persona, &partner).await;
            assert_eq!(others["members"], Value::Null, "{persona:?}");
            assert_eq!(others["viewerRole"], Value::Null, "{persona:?}");
        }
    }
}
