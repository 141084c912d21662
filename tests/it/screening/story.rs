//! Stories are submitted whatever is found in them, and say so to the moderators.

use domain::screening::Rules;
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{add, codes, one, queued, rules};
use crate::{moderation::case_of, story, theme::theme};

async fn submit(app: &TestApp, story: &Value, form: Value) -> Value {
    let document = "mutation($input: StorySubmitInput!) { storySubmit(input: $input) {
        story { lifecycle moderation } warnings { code field excerpt } userErrors { code } } }";
    let input = json!({ "storyId": story["id"], "form": form });
    let answer = app
        .execute(Persona::Resident, document, json!({ "input": input }))
        .await;
    answer.accepted("storySubmit").clone()
}

on_both_databases! {
    async fn every_submitted_story_goes_before_the_moderators(app) {
        let app = &app.screening(rules()).await;
        let plain = story::draft(app, "Een brug over de Vecht").await;
        let submitted = submit(app, &plain, Value::Null).await;
        assert_eq!((&submitted["story"]["moderation"], codes(&submitted)), (&json!("PENDING"), vec![]));
        let rude = story::draft(app, "Wat een poep in de Vecht").await;
        let submitted = submit(app, &rude, json!({ "honeypot": "x" })).await;
        assert_eq!(submitted["story"]["moderation"], "PENDING");
        let said: Vec<&Value> = submitted["warnings"].as_array().expect("warnings").iter().collect();
        assert!(
            said.contains(&&json!({ "code": "LISTED_WORD", "field": ["story", "title"], "excerpt": "poep" })),
            "{said:?}"
        );
        let found = queued(app).await;
        let expected = [one("STORY", json!(["HONEYPOT_FILLED", "LISTED_WORD"])), one("STORY", json!([]))].concat();
        assert_eq!(found, expected);
    }

    async fn a_change_of_what_waits_is_screened_and_put_before_the_moderators(app) {
        let app = &app.screening(rules()).await;
        let story = story::draft(app, "Een brug over de Vecht").await;
        submit(app, &story, Value::Null).await;
        app.run_jobs().await;
        let before = case_of(app, &story).await;
        let input = json!({ "storyId": story["id"], "title": "Wat een poep in de Vecht" });
        app.send(Persona::Resident, "StoryUpdate", json!({ "input": input })).await.accepted("storyUpdate");
        assert_eq!(queued(app).await, one("STORY", json!(["LISTED_WORD"])));
        app.run_jobs().await;
        let now = case_of(app, &story).await;
        assert_eq!(now["id"], before["id"]);
        assert!(now["version"].as_i64() > before["version"].as_i64(), "{before} {now}");
        let snapshot = now["subjectSnapshot"].as_str().expect("a text");
        assert!(snapshot.starts_with("Wat een poep in de Vecht"), "{snapshot}");
        // What is no text changes nothing for who judges it.
        let input = json!({ "storyId": story["id"], "language": "en" });
        app.send(Persona::Resident, "StoryUpdate", json!({ "input": input })).await.accepted("storyUpdate");
        assert_eq!(queued(app).await, []);
    }

    async fn a_submitted_story_is_a_contribution_and_a_draft_is_none(app) {
        let on = theme(app, "Water").await;
        let app = &app.screening(Rules::default()).await;
        let story = story::draft(app, "Een brug over de Vecht").await;
        story::draft(app, "Een tunnel onder de Vecht").await;
        let submitted = submit(app, &story, Value::Null).await;
        assert_eq!(codes(&submitted), Vec::<&str>::new());
        for (text, state) in [("Meer water.", "PENDING"), ("Schoon water.", "VISIBLE")] {
            let added = add(app, Persona::Resident, &on, text, Value::Null).await;
            assert_eq!(added["comment"]["state"], state, "{text}");
        }
        let expected = [one("COMMENT", json!(["NEW_AUTHOR"])), one("STORY", json!([]))].concat();
        assert_eq!(queued(app).await, expected);
    }
}
