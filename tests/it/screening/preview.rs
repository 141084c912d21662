//! What a form can show before anything is sent.

use domain::screening::Rules;
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{add, codes, queued, rules};
use crate::theme::theme;

async fn preview(app: &TestApp, persona: Persona, input: Value) -> Value {
    let answer = app
        .send(persona, "ContributionScreening", json!({ "input": input }))
        .await;
    answer.data("/contributionScreening").clone()
}

on_both_databases! {
    async fn a_preview_says_what_sending_would(app) {
        let on = theme(app, "Water").await;
        let app = &app.screening(rules()).await;
        for text in ["Meer water.", "Wat een POEP zeg.", "Waarom niet?!", "Bel 06-12345678."] {
            let input = json!({ "kind": "COMMENT", "body": text, "language": "nl" });
            let said = preview(app, Persona::Resident, input.clone()).await;
            let again = preview(app, Persona::Resident, input).await;
            let added = add(app, Persona::Resident, &on, text, Value::Null).await;
            assert_eq!((&said, &said["warnings"]), (&again, &added["warnings"]), "{text}");
            assert_eq!(said["isHeld"], added["comment"]["state"] == "PENDING", "{text}");
        }
        assert_eq!(queued(app).await.len(), 2);
    }

    async fn a_preview_knows_who_asks_and_each_text(app) {
        let app = &app.screening(Rules::default()).await;
        let input = json!({ "kind": "COMMENT", "body": "Meer water." });
        for (persona, said) in [
            (Persona::Resident, vec!["NEW_AUTHOR"]),
            (Persona::Moderator, vec![]),
            (Persona::Anonymous, vec![]),
        ] {
            let screened = preview(app, persona, input.clone()).await;
            assert_eq!((codes(&screened), &screened["isHeld"]), (said.clone(), &json!(!said.is_empty())), "{persona:?}");
        }
        let input = json!({ "kind": "STORY", "title": "Een brug!!", "body": "Mail a@voorbeeld.example" });
        let screened = preview(app, Persona::Resident, input).await;
        assert_eq!(screened["isHeld"], true);
        assert_eq!(screened["warnings"][0]["field"], json!(["input", "title"]));
        assert_eq!(screened["warnings"][1]["field"], json!(["input", "body"]));
    }

    async fn a_preview_takes_no_endless_text(app) {
        let input = json!({ "kind": "COMMENT", "body": "a".repeat(20_001) });
        let answer = app.send(Persona::Resident, "ContributionScreening", json!({ "input": input })).await;
        assert_eq!(answer.code(), "BAD_INPUT");
    }
}
