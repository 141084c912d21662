//! Stories on their way from draft to public and out of sight.

use chrono::TimeDelta;
use harness::{Persona, on_both_databases};
use serde_json::{Value, json};

use super::{
    create, draft, input, now, publish, published, read, row, submit, submitted, update, withdraw,
};
use crate::theme::theme;

on_both_databases! {
    async fn a_story_goes_from_draft_to_public(app) {
        let story = draft(app, "Het dorpshuis van Lettele").await;
        let offered = submit(app, &story).await;
        assert_eq!(offered["lifecycle"], "SUBMITTED");
        assert_eq!(offered["moderation"], "PENDING");
        let public = publish(app, &story, None).await;
        assert_eq!(public["lifecycle"], "PUBLISHED");
        assert_eq!(public["moderation"], "APPROVED");
        assert_eq!(public["publishedAt"], json!(now(app).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()));
        assert_ne!(read(app, Persona::Anonymous, &story, "id").await, Value::Null);
    }

    async fn a_scheduled_story_appears_at_its_instant_without_anybody(app) {
        let story = submitted(app, "Het dorpshuis van Lettele").await;
        let scheduled = publish(app, &story, Some(TimeDelta::hours(1))).await;
        assert_eq!(scheduled["lifecycle"], "SCHEDULED");
        app.clock.advance(TimeDelta::minutes(60) - TimeDelta::microseconds(1));
        assert_eq!(read(app, Persona::Anonymous, &story, "id").await, Value::Null);
        app.clock.advance(TimeDelta::microseconds(1));
        let seen = read(app, Persona::Anonymous, &story, "lifecycle publishedAt").await;
        assert_eq!(seen, json!({ "lifecycle": "PUBLISHED", "publishedAt": now(app).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string() }));
    }

    async fn a_scheduled_story_can_be_scheduled_anew(app) {
        let story = submitted(app, "Het dorpshuis van Lettele").await;
        publish(app, &story, Some(TimeDelta::hours(1))).await;
        publish(app, &story, Some(TimeDelta::hours(3))).await;
        app.clock.advance(TimeDelta::hours(2));
        assert_eq!(read(app, Persona::Anonymous, &story, "id").await, Value::Null);
        let public = publish(app, &story, None).await;
        assert_eq!(public["publishedAt"], json!(now(app).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()));
    }

    async fn what_its_author_changes_after_an_approval_waits_for_another(app) {
        let story = submitted(app, "Het dorpshuis van Lettele").await;
        publish(app, &story, Some(TimeDelta::hours(1))).await;
        update(app, Persona::Resident, &story, json!({ "title": "Heel iets anders dan goedgekeurd" }))
            .await
            .accepted("storyUpdate");
        app.clock.advance(TimeDelta::hours(2));
        assert_eq!(read(app, Persona::Anonymous, &story, "id").await, Value::Null);
        let waiting = read(app, Persona::Resident, &story, "lifecycle moderation viewerCanEdit").await;
        assert_eq!(waiting, json!({ "lifecycle": "PUBLISHED", "moderation": "PENDING", "viewerCanEdit": false }));
        let public = publish(app, &story, None).await;
        assert_eq!(public["moderation"], "APPROVED");
        assert_eq!(public["publishedAt"], json!((now(app) - TimeDelta::hours(1)).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()));
    }

    async fn an_editor_publishes_what_they_wrote_themselves(app) {
        let story = create(app, Persona::Editor, input("Het dorpshuis van Lettele")).await;
        let public = publish(app, &story, None).await;
        assert_eq!(public["lifecycle"], "PUBLISHED");
        assert_eq!(public["moderation"], "NONE");
        assert_ne!(read(app, Persona::Anonymous, &story, "id").await, Value::Null);
    }

    async fn what_does_not_fit_the_state_is_refused_and_changes_nothing(app) {
        let draft = draft(app, "Het dorpshuis van Lettele").await;
        let waiting = submitted(app, "Het dorpshuis van Okkenbroek").await;
        let public = published(app, "Het dorpshuis van Loo").await;
        let gone = published(app, "Het dorpshuis van Bathmen").await;
        withdraw(app, &gone).await;
        let submit = (Persona::Resident, "StorySubmit", "storySubmit");
        let publish = (Persona::Editor, "StoryPublish", "storyPublish");
        let take_back = (Persona::Resident, "StoryWithdraw", "storyWithdraw");
        let edit = (Persona::Editor, "StoryUpdate", "storyUpdate");
        for (story, (persona, operation, field), refusal) in [
            (&waiting, submit, "STORY_ALREADY_SUBMITTED"),
            (&public, submit, "STORY_ALREADY_SUBMITTED"),
            (&gone, submit, "STORY_WITHDRAWN"),
            (&draft, publish, "STORY_NOT_SUBMITTED"),
            (&public, publish, "STORY_ALREADY_PUBLISHED"),
            (&gone, publish, "STORY_WITHDRAWN"),
            (&gone, take_back, "STORY_WITHDRAWN"),
            (&draft, edit, "STORY_NOT_SUBMITTED"),
            (&gone, edit, "STORY_WITHDRAWN"),
        ] {
            let before = row(app, story).await;
            app.clock.advance(TimeDelta::minutes(1));
            let mut typed = json!({ "storyId": story["id"] });
            if operation == "StoryWithdraw" {
                typed["reason"] = json!("DONE");
            }
            let answer = app.send(persona, operation, json!({ "input": typed })).await;
            assert_eq!(answer.refusals(field), [refusal], "{operation}");
            assert_eq!(row(app, story).await, before, "{operation}");
        }
    }

    async fn instants_out_of_range_are_refused(app) {
        let story = submitted(app, "Het dorpshuis van Lettele").await;
        for at in ["1999-12-31T23:59:59Z".to_owned(), (now(app) + TimeDelta::days(367)).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()] {
            let answer = app
                .send(Persona::Editor, "StoryPublish", json!({ "input": { "storyId": story["id"], "publishedAt": at } }))
                .await;
            assert_eq!(answer.refusals("storyPublish"), ["TIME_OUT_OF_RANGE input.publishedAt"]);
        }
        let answer = app
            .send(Persona::Editor, "StoryPublish", json!({ "input": { "storyId": story["id"], "publishedAt": "morgen" } }))
            .await;
        assert_eq!(answer.code(), "BAD_INPUT");
        assert_eq!(row(app, &story).await.published_at, None);
    }

    async fn a_withdrawn_story_keeps_its_reason_and_its_readers(app) {
        let story = published(app, "Het dorpshuis van Lettele").await;
        for explanation in [Value::Null, json!("  "), json!("x")] {
            let answer = app
                .send(
                    Persona::Resident,
                    "StoryWithdraw",
                    json!({ "input": { "storyId": story["id"], "reason": "OTHER", "explanation": explanation } }),
                )
                .await;
            let refusals = answer.refusals("storyWithdraw");
            assert!(["REQUIRED input.explanation", "TOO_SHORT input.explanation"].contains(&refusals[0].as_str()), "{refusals:?}");
        }
        app.send(
            Persona::Resident,
            "StoryWithdraw",
            json!({ "input": { "storyId": story["id"], "reason": "OTHER", "explanation": "We zijn verhuisd." } }),
        )
        .await
        .accepted("storyWithdraw");
        assert_eq!(read(app, Persona::Anonymous, &story, "id").await, Value::Null);
        let fields = "lifecycle withdrawnAt withdrawalReason withdrawalExplanation";
        for persona in [Persona::Resident, Persona::Editor] {
            assert_eq!(
                read(app, persona, &story, fields).await,
                json!({
                    "lifecycle": "WITHDRAWN",
                    "withdrawnAt": now(app).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
                    "withdrawalReason": "OTHER",
                    "withdrawalExplanation": "We zijn verhuisd.",
                })
            );
        }
    }

    async fn its_author_follows_its_themes_from_publication_on(app) {
        let (water, wonen) = (theme(app, "Water").await, theme(app, "Wonen").await);
        let mut typed = input("Het dorpshuis van Lettele");
        typed["themeIds"] = json!([water["id"]]);
        let story = create(app, Persona::Resident, typed).await;
        submit(app, &story).await;
        let followed = async |slug: &str| {
            let answer = app
                .execute(
                    Persona::Resident,
                    "query($slug: String!) { theme(slug: $slug) { viewerIsFollowing followerCount storyCount } }",
                    json!({ "slug": slug }),
                )
                .await;
            answer.data("/theme").clone()
        };
        assert_eq!(followed("water").await, json!({ "viewerIsFollowing": false, "followerCount": 0, "storyCount": 0 }));
        publish(app, &story, None).await;
        assert_eq!(followed("water").await, json!({ "viewerIsFollowing": true, "followerCount": 1, "storyCount": 1 }));
        app.send(Persona::Resident, "ThemeFollow", json!({ "input": { "themeId": water["id"], "following": false } }))
            .await
            .accepted("themeFollow");
        update(app, Persona::Editor, &story, json!({ "themeIds": [water["id"], wonen["id"]] })).await.accepted("storyUpdate");
        assert_eq!(followed("wonen").await, json!({ "viewerIsFollowing": true, "followerCount": 1, "storyCount": 1 }));
        assert_eq!(followed("water").await["viewerIsFollowing"], false, "what they ended stays ended");
    }
}
