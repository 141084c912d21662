//! Making partners and reading them.

use harness::{Persona, on_both_databases};
use serde_json::json;

use super::{draft, partner};

on_both_databases! {
    async fn a_partner_is_read_by_its_address(app) {
        let made = partner(app, "Gemeente Raalte").await;
        assert_eq!(made["slug"], "gemeente-raalte");
        let answer = app
            .send(Persona::Anonymous, "PartnerPage", json!({ "slug": "gemeente-raalte" }))
            .await;
        let read = answer.data("/partner");
        assert_eq!(read["id"], made["id"]);
        assert_eq!(read["municipality"]["name"], "Raalte");
        assert_eq!(read["website"], "https://www.raalte.example");
        assert_eq!(read["polls"]["edges"], json!([]));
    }

    async fn two_partners_of_one_name_have_two_addresses(app) {
        let (one, other) = (partner(app, "Raalte").await, partner(app, "Raalte").await);
        assert_ne!(one["slug"], other["slug"]);
        let answer = app
            .execute(
                Persona::Anonymous,
                "{ partners(first: 1) { edges { node { id slug } } totalCount } }",
                json!({}),
            )
            .await;
        assert_eq!(answer.data("/partners/totalCount"), &json!(2));
        let first = answer.data("/partners/edges/0/node/id");
        assert!([&one["id"], &other["id"]].contains(&first));
        let answer = app
            .execute(
                Persona::Anonymous,
                "query($id: ID!) { node(id: $id) { ... on Partner { name } } }",
                json!({ "id": other["id"] }),
            )
            .await;
        assert_eq!(answer.data("/node/name"), "Raalte");
    }

    async fn partners_are_listed_by_their_names(app) {
        // Slugs leave out what is not Latin: `mega` would stand before `zwolle`.
        let names = ["Zwolle", "Ωmega", "'t Kulturhus", "Éénhoorn", "Eethuis"];
        for name in names {
            partner(app, name).await;
        }
        let sorted = ["Éénhoorn", "Eethuis", "'t Kulturhus", "Zwolle", "Ωmega"];
        let mut listed = Vec::new();
        let mut after = serde_json::Value::Null;
        for _ in names {
            let answer = app
                .execute(
                    Persona::Anonymous,
                    "query($after: String) { partners(first: 1, after: $after) { edges { cursor node { name } } } }",
                    json!({ "after": after }),
                )
                .await;
            listed.push(answer.data("/partners/edges/0/node/name").clone());
            after = answer.data("/partners/edges/0/cursor").clone();
        }
        assert_eq!(listed, sorted);
    }

    async fn what_is_wrong_with_a_partner_is_said_at_once(app) {
        let mut input = draft("R");
        input["website"] = json!("http://raalte.example");
        let answer = app
            .send(Persona::Admin, "PartnerCreate", json!({ "input": input }))
            .await;
        assert_eq!(answer.refusals("partnerCreate"), ["URL_INVALID input.website", "TOO_SHORT input.name"]);
        let mut input = draft("Raalte");
        input["municipalityCode"] = json!("GM9999");
        let answer = app
            .send(Persona::Admin, "PartnerCreate", json!({ "input": input }))
            .await;
        assert_eq!(
            answer.refusals("partnerCreate"),
            ["MUNICIPALITY_UNKNOWN input.municipalityCode"]
        );
    }
}
