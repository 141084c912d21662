//! What moderators make of stories.

use harness::{Persona, on_both_databases};
use serde_json::{Value, json};

use super::{
    case_of, draft, judge, publish, published, read, report, row, submit, submitted, update,
};

on_both_databases! {
    async fn asked_for_changes_the_author_changes_and_submits_again(app) {
        let story = submitted(app, "Het dorpshuis van Lettele").await;
        judge(app, &story, "REQUEST_CHANGES").await;
        let fields = "lifecycle moderation moderationStatement viewerCanEdit";
        assert_eq!(
            read(app, Persona::Resident, &story, fields).await,
            json!({
                "lifecycle": "SUBMITTED",
                "moderation": "CHANGES_REQUESTED",
                "moderationStatement": "Lees de huisregels nog eens na.",
                "viewerCanEdit": true,
            })
        );
        let early = app.send(Persona::Editor, "StoryPublish", json!({ "input": { "storyId": story["id"] } })).await;
        assert_eq!(early.refusals("storyPublish"), ["STORY_CHANGES_REQUESTED"]);
        update(app, Persona::Resident, &story, json!({ "title": "Het dorpshuis, netjes verteld" })).await.accepted("storyUpdate");
        let again = submit(app, &story).await;
        assert_eq!(again["moderation"], "PENDING");
        publish(app, &story, None).await;
        let public = read(app, Persona::Anonymous, &story, "moderation moderationStatement submittedAt").await;
        assert_eq!(public, json!({ "moderation": "APPROVED", "moderationStatement": null, "submittedAt": null }));
    }

    async fn a_published_story_that_must_change_leaves_sight_and_returns_to_its_place(app) {
        let story = published(app, "Het dorpshuis van Lettele").await;
        let place = row(app, &story).await.published_at;
        judge(app, &story, "REQUEST_CHANGES").await;
        assert_eq!(read(app, Persona::Anonymous, &story, "id").await, Value::Null);
        app.clock.advance(chrono::TimeDelta::days(1));
        update(app, Persona::Resident, &story, json!({ "title": "Het dorpshuis, netjes verteld" })).await.accepted("storyUpdate");
        submit(app, &story).await;
        assert_eq!(read(app, Persona::Anonymous, &story, "id").await, Value::Null);
        publish(app, &story, None).await;
        assert_ne!(read(app, Persona::Anonymous, &story, "id").await, Value::Null);
        assert_eq!(row(app, &story).await.published_at, place);
    }

    async fn rejected_and_hidden_stories_are_neither_edited_submitted_nor_published(app) {
        for judgement in ["REJECT", "HIDE"] {
            let story = submitted(app, "Het dorpshuis van Lettele").await;
            judge(app, &story, judgement).await;
            let edited = update(app, Persona::Resident, &story, json!({ "title": "Het dorpshuis, toch maar" })).await;
            assert_eq!(edited.refusals("storyUpdate"), ["STORY_REJECTED"]);
            for (persona, operation, field) in [
                (Persona::Resident, "StorySubmit", "storySubmit"),
                (Persona::Editor, "StoryPublish", "storyPublish"),
            ] {
                let answer = app.send(persona, operation, json!({ "input": { "storyId": story["id"] } })).await;
                assert_eq!(answer.refusals(field), ["STORY_REJECTED"]);
            }
        }
    }

    async fn a_hidden_story_comes_back_with_everything_it_had(app) {
        let story = published(app, "Het dorpshuis van Lettele").await;
        app.send(
            Persona::Neighbour,
            "ReactionSet",
            json!({ "input": { "subjectId": story["id"], "kind": "LOVE", "active": true } }),
        )
        .await
        .accepted("reactionSet");
        judge(app, &story, "HIDE").await;
        assert_eq!(read(app, Persona::Neighbour, &story, "id").await, Value::Null);
        judge(app, &story, "APPROVE").await;
        assert_eq!(read(app, Persona::Neighbour, &story, "energy").await, json!({ "energy": 1 }));
    }

    async fn a_case_has_the_story_as_it_was_reported_and_as_it_is(app) {
        let story = published(app, "Het dorpshuis van Lettele").await;
        report(app, Persona::Neighbour, &story, "OTHER").await.accepted("contentReport");
        let case = case_of(app, &story).await;
        let document = "query($id: ID!) { node(id: $id) { ... on ModerationCase { subjectSnapshot subjectText } } }";
        let ask = async || app.execute(Persona::Moderator, document, json!({ "id": case["id"] })).await.data("/node").clone();
        let same = ask().await;
        assert!(same["subjectText"].as_str().expect("a text").starts_with("Het dorpshuis van Lettele\n\n"));
        assert_eq!(same["subjectText"], same["subjectSnapshot"]);
        update(app, Persona::Editor, &story, json!({ "title": "Het dorpshuis, netjes verteld" })).await.accepted("storyUpdate");
        let changed = ask().await;
        assert_eq!(changed["subjectSnapshot"], same["subjectSnapshot"]);
        assert!(changed["subjectText"].as_str().expect("a text").starts_with("Het dorpshuis, netjes verteld\n\n"));
    }

    async fn a_draft_has_no_case_and_nobody_reports_it(app) {
        let story = draft(app, "Het dorpshuis van Loo").await;
        app.run_jobs().await;
        assert_eq!(case_of(app, &story).await, Value::Null);
        let hidden = report(app, Persona::Neighbour, &story, "SPAM").await;
        assert_eq!(hidden.code(), "NOT_FOUND");
        let seen = report(app, Persona::Moderator, &story, "SPAM").await;
        assert_eq!(seen.refusals("contentReport"), ["CONTENT_NOT_PUBLIC input.subjectId"]);
        assert_eq!(case_of(app, &story).await, Value::Null);
    }

    async fn what_a_moderator_turns_down_needs_words_to_the_author(app) {
        let story = submitted(app, "Het dorpshuis van Lettele").await;
        app.run_jobs().await;
        let case = case_of(app, &story).await;
        for action in ["REQUEST_CHANGES", "REJECT", "HIDE"] {
            let input = json!({ "caseId": case["id"], "expectedVersion": case["version"], "action": action, "reasonCode": "OTHER" });
            let wordless = app.send(Persona::Moderator, "ModerationCaseDecide", json!({ "input": input })).await;
            assert_eq!(wordless.refusals("moderationCaseDecide"), ["REQUIRED input.statement"], "{action}");
        }
        assert_eq!(row(app, &story).await.moderation, entity::story::Moderation::Pending);
    }
}
