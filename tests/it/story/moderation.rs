//! What moderators make of stories.

use domain::{
    Error,
    story::{Judgement, StoryRefusal},
};
use harness::{Persona, on_both_databases};
use serde_json::{Value, json};

use super::{draft, judge, publish, published, read, row, submit, submitted, update};

on_both_databases! {
    async fn asked_for_changes_the_author_changes_and_submits_again(app) {
        let story = submitted(app, "Het dorpshuis van Lettele").await;
        judge(app, &story, Judgement::ChangesRequested).await;
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
        judge(app, &story, Judgement::ChangesRequested).await;
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
        for judgement in [Judgement::Rejected, Judgement::Hidden] {
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
        judge(app, &story, Judgement::Hidden).await;
        assert_eq!(read(app, Persona::Neighbour, &story, "id").await, Value::Null);
        judge(app, &story, Judgement::Approved).await;
        assert_eq!(read(app, Persona::Neighbour, &story, "energy").await, json!({ "energy": 1 }));
    }

    async fn judging_is_for_moderators_on_what_was_submitted_with_words(app) {
        let stories = &app.services.stories;
        let story = submitted(app, "Het dorpshuis van Lettele").await;
        let id = row(app, &story).await.id;
        let words = || Some("Dit kan zo niet.".to_owned());
        for persona in [Persona::Resident, Persona::Neighbour, Persona::Editor] {
            let outcome = stories.moderate(app.actor(persona), id, Judgement::Hidden, words()).await;
            assert!(matches!(outcome, Err(Error::Denied)), "{persona:?}");
        }
        let outcome = stories.moderate(app.actor(Persona::Anonymous), id, Judgement::Hidden, words()).await;
        assert!(matches!(outcome, Err(Error::Unauthenticated)));
        let wordless = stories.moderate(app.actor(Persona::Moderator), id, Judgement::Rejected, None).await;
        assert!(matches!(wordless, Err(Error::Refused(reasons)) if matches!(reasons[..], [StoryRefusal::Text(_)])));
        let unfinished = draft(app, "Het dorpshuis van Loo").await;
        let id = row(app, &unfinished).await.id;
        let outcome = stories.moderate(app.actor(Persona::Moderator), id, Judgement::Hidden, words()).await;
        assert!(matches!(outcome, Err(Error::Refused(reasons)) if reasons == [StoryRefusal::NotSubmitted]));
        assert_eq!(row(app, &story).await.moderation, entity::story::Moderation::Pending);
    }
}
