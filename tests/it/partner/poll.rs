//! Polls in a partner's name.

use harness::{Persona, on_both_databases};
use serde_json::json;

use super::{member, partner_of};
use crate::poll;

on_both_databases! {
    async fn an_editor_of_a_partner_makes_and_closes_its_polls(app) {
        let partner = partner_of(app, "Raalte", &[(Persona::Resident, "EDITOR")]).await;
        let input = poll::draft(app, &json!({ "partnerId": partner["id"] }));
        let answer = app
            .send(Persona::Resident, "PollCreate", json!({ "input": input }))
            .await;
        let poll = answer.accepted("pollCreate")["poll"].clone();
        let page = app
            .send(Persona::Anonymous, "PartnerPage", json!({ "slug": partner["slug"] }))
            .await;
        assert_eq!(page.data("/partner/polls/edges/0/node/id"), &poll["id"]);
        for (persona, may) in [
            (Persona::Anonymous, false),
            (Persona::Neighbour, false),
            (Persona::Resident, true),
            (Persona::Editor, true),
        ] {
            let answer = app
                .execute(
                    persona,
                    "query($slug: String!) { poll(slug: $slug) { viewerCanManage partner { slug } } }",
                    json!({ "slug": poll["slug"] }),
                )
                .await;
            assert_eq!(answer.data("/poll/viewerCanManage"), &json!(may), "{persona:?}");
            assert_eq!(answer.data("/poll/partner/slug"), &partner["slug"]);
        }
        app.send(Persona::Resident, "PollClose", json!({ "input": { "pollId": poll["id"] } }))
            .await
            .accepted("pollClose");
    }

    async fn a_role_that_was_taken_is_worth_nothing(app) {
        let partner = partner_of(app, "Raalte", &[(Persona::Resident, "EDITOR")]).await;
        let input = member(&partner, Persona::Resident, "NONE");
        app.send(Persona::Admin, "PartnerMemberSet", json!({ "input": input }))
            .await
            .accepted("partnerMemberSet");
        let input = poll::draft(app, &json!({ "partnerId": partner["id"] }));
        let answer = app
            .send(Persona::Resident, "PollCreate", json!({ "input": input }))
            .await;
        assert_eq!(answer.code(), "FORBIDDEN");
    }

    async fn an_editor_of_a_partner_writes_no_polls_of_the_province(app) {
        let partner = partner_of(app, "Raalte", &[(Persona::Resident, "ADMIN")]).await;
        let answer = app
            .send(
                Persona::Resident,
                "PollCreate",
                json!({ "input": poll::draft(app, &json!({})) }),
            )
            .await;
        assert_eq!(answer.code(), "FORBIDDEN");
        let province = poll::poll(app, json!({})).await;
        let answer = app
            .send(
                Persona::Resident,
                "PollClose",
                json!({ "input": { "pollId": province["id"] } }),
            )
            .await;
        assert_eq!(answer.code(), "FORBIDDEN");
        let page = app
            .send(Persona::Anonymous, "PartnerPage", json!({ "slug": partner["slug"] }))
            .await;
        assert_eq!(page.data("/partner/polls/edges"), &json!([]));
    }
}
