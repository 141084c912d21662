//! Changing polls, before and after the first ballot.

use chrono::TimeDelta;
use domain::clock::Clock;
use entity::poll_edit;
use harness::{Answer, Persona, TestApp, on_both_databases};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{cast, choice, page, poll, question, retract, voters};
use crate::theme::theme;

async fn update(app: &TestApp, poll: &Value, mut input: Value) -> Answer {
    input["pollId"] = poll["id"].clone();
    app.send(Persona::Editor, "PollUpdate", json!({ "input": input }))
        .await
}

on_both_databases! {
    async fn everything_changes_before_the_first_ballot(app) {
        let theme = theme(app, "Water").await;
        let made = poll(app, json!({})).await;
        update(app, &made, json!({
            "title": "Zwemmen in de IJssel",
            "themeIds": [theme["id"]],
            "eligibility": "ACCOUNT",
            "resultsVisibility": "STAFF",
            "voteChange": "LOCKED",
            "closesAt": app.clock.now() + TimeDelta::days(1),
            "questions": [question("MULTIPLE", &["Rood", "Wit", "Blauw"])],
        })).await.accepted("pollUpdate");
        let page = page(app, Persona::Editor, &made).await;
        assert_eq!(page["title"], "Zwemmen in de IJssel");
        assert_eq!(page["slug"], made["slug"], "the slug stays");
        assert_eq!(page["themes"][0]["slug"], "water");
        assert_eq!(page["questions"][0]["options"][1]["label"], "Wit");
        assert_eq!(page["questions"].as_array().expect("questions").len(), 1);
        let vote = choice(&page, 0, &[0, 2]);
        cast(app, Persona::Resident, vote).await.accepted("ballotCast");
        assert_eq!(voters(app, &page).await, [1, 0, 1]);
        update(app, &made, json!({ "title": "Zwemmen in de Vecht" })).await.accepted("pollUpdate");
        let edits = poll_edit::Entity::find().all(app.database.read()).await.expect("the log");
        assert_eq!(edits.len(), 1, "what changed before the first ballot is not logged");
    }

    async fn a_draft_again_or_without_an_end(app) {
        let made = poll(app, json!({ "closesAt": app.clock.now() + TimeDelta::days(1) })).await;
        update(app, &made, json!({ "closesAt": null, "opensAt": null })).await.accepted("pollUpdate");
        let page = page(app, Persona::Editor, &made).await;
        assert_eq!((&page["status"], &page["closesAt"]), (&json!("DRAFT"), &Value::Null));
    }

    async fn only_wording_changes_after_the_first_ballot(app) {
        let theme = theme(app, "Water").await;
        let made = poll(app, json!({ "resultsVisibility": "AFTER_CLOSE" })).await;
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        // A ballot that was taken back was a ballot all the same.
        retract(app, Persona::Resident, &made).await.accepted("ballotRetract");
        let refused = update(app, &made, json!({
            "themeIds": [theme["id"]],
            "questions": [question("SINGLE", &["Ja", "Nee", "Misschien"])],
            "resultsVisibility": "ALWAYS",
            "voteChange": "LOCKED",
            "eligibility": "ACCOUNT",
            "opensAt": null,
            "closesAt": app.clock.now() + TimeDelta::days(9),
        })).await;
        assert_eq!(refused.refusals("pollUpdate"), [
            "POLL_HAS_BALLOTS input.themeIds",
            "POLL_HAS_BALLOTS input.questions",
            "POLL_HAS_BALLOTS input.resultsVisibility",
            "POLL_HAS_BALLOTS input.voteChange",
            "POLL_HAS_BALLOTS input.eligibility",
            "POLL_HAS_BALLOTS input.opensAt",
            "POLL_HAS_BALLOTS input.closesAt",
        ]);
        let same = json!({ "resultsVisibility": "AFTER_CLOSE", "eligibility": "ANYONE", "closesAt": null });
        update(app, &made, same).await.accepted("pollUpdate");
        let first = &made["questions"][0];
        update(app, &made, json!({
            "title": "Zwemmen in het kanaal",
            "wording": [{
                "questionId": first["id"],
                "prompt": "Wat vindt u ervan?",
                "options": [{ "optionId": first["options"][1]["id"], "label": "Nee, liever niet" }],
            }],
        })).await.accepted("pollUpdate");
        let page = page(app, Persona::Editor, &made).await;
        assert_eq!(page["questions"][0]["prompt"], "Wat vindt u ervan?");
        assert_eq!(page["questions"][0]["options"][1]["label"], "Nee, liever niet");
        let mut log: Vec<String> = poll_edit::Entity::find()
            .all(app.database.read()).await.expect("the log")
            .into_iter()
            .map(|edit| format!("{:?} {} -> {}", edit.field, edit.before, edit.after))
            .collect();
        log.sort();
        assert_eq!(log, [
            "Label Nee -> Nee, liever niet",
            "Prompt Wat vindt u? -> Wat vindt u ervan?",
            "Title Zwemmen in de kanalen -> Zwemmen in het kanaal",
        ]);
    }

    async fn wording_keeps_to_its_limits(app) {
        let made = poll(app, json!({})).await;
        let other = poll(app, json!({})).await;
        let (first, foreign) = (&made["questions"][0], &other["questions"][0]);
        let refused = update(app, &made, json!({ "wording": [
            { "questionId": first["id"], "prompt": "", "options": [
                { "optionId": first["options"][0]["id"], "label": "nee" },
                { "optionId": foreign["options"][0]["id"], "label": "Vreemd" },
                { "optionId": first["options"][1]["id"], "description": "x".repeat(1001) },
            ] },
            { "questionId": foreign["id"], "prompt": "Vreemd" },
        ] })).await;
        assert_eq!(refused.refusals("pollUpdate"), [
            "REQUIRED input.wording.0.prompt",
            "TOO_LONG input.wording.0.options.2.description",
            "OPTION_REPEATED input.wording.0.options.0.label",
            "OPTION_UNKNOWN input.wording.0.options.1.optionId",
            "QUESTION_UNKNOWN input.wording.1.questionId",
        ]);
        let both = update(app, &made, json!({
            "questions": [question("SINGLE", &["Ja", "Nee"])],
            "wording": [{ "questionId": first["id"], "prompt": "Anders" }],
        })).await;
        assert_eq!(both.refusals("pollUpdate"), ["POLL_CONFIGURATION_INVALID input.wording"]);
    }
}
