//! Who works for a partner.

use chrono::TimeDelta;
use domain::clock::Clock;
use entity::partner_member::{self, PartnerRole};
use harness::{Persona, TestApp, on_both_databases};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use super::{member, partner_of};
use crate::moderation::person;

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

    async fn of_a_hundred_each_may_still_have_another_role(app) {
        let partner = partner_of(app, "Raalte", &[(Persona::Neighbour, "EDITOR")]).await;
        let id = partner_member::Entity::find().one(app.database.read()).await.expect("a query").expect("her").partner_id;
        for number in 1..100 {
            let who = person(app, &format!("Medewerker{number}"), &[]).await;
            let row = partner_member::ActiveModel {
                partner_id: Set(id),
                account_id: Set(who.account().expect("an account")),
                role: Set(PartnerRole::Editor),
                created_at: Set(app.clock.now()),
            };
            let added = partner_member::Entity::insert(row).exec_without_returning(app.database.writer());
            added.await.expect("a member");
        }
        let set = async |who: Persona, role: &str| {
            let input = json!({ "input": member(&partner, who, role) });
            app.send(Persona::Admin, "PartnerMemberSet", input).await
        };
        set(Persona::Neighbour, "ADMIN").await.accepted("partnerMemberSet");
        let one_more = set(Persona::Resident, "EDITOR").await;
        assert_eq!(one_more.refusals("partnerMemberSet"), ["LIST_TOO_LONG input.email"]);
        set(Persona::Neighbour, "NONE").await.accepted("partnerMemberSet");
        set(Persona::Resident, "EDITOR").await.accepted("partnerMemberSet");
    }

    async fn a_list_of_partners_costs_the_same_however_many_there_are(app) {
        let list = "{ partners(first: 100) { edges { node {
            viewerRole municipality { name } members { role account { displayName } } } } } }";
        let read = async || app.statements_of(app.execute(Persona::Resident, list, json!({}))).await;
        partner_of(app, "Raalte", &[(Persona::Resident, "EDITOR")]).await;
        let (_, one) = read().await;
        partner_of(app, "Salland", &[(Persona::Neighbour, "EDITOR"), (Persona::Resident, "ADMIN")]).await;
        partner_of(app, "Vechtdal", &[(Persona::Neighbour, "ADMIN")]).await;
        let (answer, three) = read().await;
        assert_eq!(three.len(), one.len(), "{three:#?}");
        let nodes: Vec<&Value> = answer.data("/partners/edges").as_array().expect("edges").iter().map(|edge| &edge["node"]).collect();
        assert_eq!(nodes[0]["municipality"]["name"], "Raalte");
        let roles: Vec<&Value> = nodes.iter().map(|node| &node["viewerRole"]).collect();
        assert_eq!(json!(roles), json!(["EDITOR", "ADMIN", null]));
        let members: Vec<Option<usize>> = nodes.iter().map(|node| node["members"].as_array().map(Vec::len)).collect();
        assert_eq!(members, [Some(1), Some(2), None]);
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
