//! What is submitted or held finds its case.

use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{case_of, decide, queue};
use crate::story::{read, submitted};

/// The story's case, once the jobs are done.
async fn case(app: &TestApp, story: &Value) -> Value {
    app.run_jobs().await;
    case_of(app, story).await
}

on_both_databases! {
    async fn a_submitted_story_waits_in_the_queue_and_is_decided_there(app) {
        let story = submitted(app, "Het dorpshuis van Lettele").await;
        let waiting = case(app, &story).await;
        assert_eq!((&waiting["state"], &waiting["reportCount"]), (&json!("OPEN"), &json!(0)));
        let snapshot = waiting["subjectSnapshot"].as_str().expect("a text");
        assert!(snapshot.starts_with("Het dorpshuis van Lettele"), "{snapshot}");
        let asked = decide(app, Persona::Moderator, &waiting, "REQUEST_CHANGES").await;
        assert_eq!(asked.accepted("moderationCaseDecide")["case"]["state"], "CHANGES_REQUESTED");
        let own = read(app, Persona::Resident, &story, "moderation moderationStatement moderationDecision { action statement }").await;
        assert_eq!(own["moderation"], "CHANGES_REQUESTED");
        assert_eq!(own["moderationStatement"], own["moderationDecision"]["statement"]);
        // Submitted again it is the same case.
        app.send(Persona::Resident, "StorySubmit", json!({ "input": { "storyId": story["id"] } })).await.accepted("storySubmit");
        let again = case(app, &story).await;
        assert_eq!((&again["id"], &again["state"]), (&waiting["id"], &json!("OPEN")));
        decide(app, Persona::Moderator, &again, "APPROVE").await.accepted("moderationCaseDecide");
        assert_eq!(read(app, Persona::Resident, &story, "moderation").await["moderation"], "APPROVED");
        // What is decided on another text takes nothing back.
        let log = app.send(Persona::Anonymous, "ModerationLog", json!({})).await;
        assert_eq!(log.data("/moderationLog/edges/0/node/isReversal"), &json!(false));
        app.run_jobs().await;
        assert_eq!(app.mails().iter().filter(|mail| mail.subject.contains("uw verhaal")).count(), 2);
    }

    async fn what_an_editor_publishes_waits_no_longer(app) {
        let story = submitted(app, "De brug bij Ommen").await;
        assert_eq!(case(app, &story).await["state"], "OPEN");
        app.send(Persona::Editor, "StoryPublish", json!({ "input": { "storyId": story["id"] } })).await.accepted("storyPublish");
        let settled = case(app, &story).await;
        assert_eq!(settled["state"], "APPROVED");
        assert_eq!(settled["decisions"][0]["action"], "APPROVE");
        assert!(settled["decisions"][0]["decidedBy"].is_object(), "it says who");
        app.run_jobs().await;
        assert_eq!(queue(app).await["totalCount"], 1);
    }

    async fn what_its_author_withdraws_waits_no_longer(app) {
        let story = submitted(app, "Een plan voor Zwolle").await;
        assert_eq!(case(app, &story).await["state"], "OPEN");
        let input = json!({ "input": { "storyId": story["id"], "reason": "DONE" } });
        app.send(Persona::Resident, "StoryWithdraw", input).await.accepted("storyWithdraw");
        assert_eq!(case(app, &story).await["state"], "IGNORED");
    }
}
