//! Who sees a story, in every state and on every path.

use chrono::TimeDelta;
use harness::{Persona, TestApp, on_both_databases};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

use super::{
    create, draft, input, judge, publish, published,
    reaction::react,
    read, row,
    series::{arrange, series},
    submit, submitted, texts, update, withdraw,
};
use crate::theme::theme;

/// The states that a story is brought into, and whether the public sees it there.
const STATES: [(&str, bool); 11] = [
    ("draft", false),
    ("submitted", false),
    ("changes requested", false),
    ("rejected", false),
    ("scheduled", false),
    ("published", true),
    ("due", true),
    ("due but changed", false),
    ("hidden", false),
    ("withdrawn", false),
    ("archived", false),
];

async fn bring(app: &TestApp, story: &Value, state: &str) {
    if state == "draft" {
        return;
    }
    submit(app, story).await;
    match state {
        "changes requested" => judge(app, story, "REQUEST_CHANGES").await,
        "rejected" => judge(app, story, "REJECT").await,
        "submitted" => {}
        "scheduled" => {
            publish(app, story, Some(TimeDelta::hours(2))).await;
        }
        "due" => {
            publish(app, story, Some(TimeDelta::hours(1))).await;
        }
        "due but changed" => {
            publish(app, story, Some(TimeDelta::hours(1))).await;
            let change = json!({ "title": "Na de goedkeuring veranderd" });
            update(app, Persona::Resident, story, change)
                .await
                .accepted("storyUpdate");
        }
        _ => {
            publish(app, story, None).await;
            match state {
                "hidden" => judge(app, story, "HIDE").await,
                "withdrawn" => withdraw(app, story).await,
                "archived" => archive(app, story).await,
                _ => {}
            }
        }
    }
}

/// Nothing archives stories yet.
async fn archive(app: &TestApp, story: &Value) {
    let mut stored = row(app, story).await.into_active_model();
    stored.archived_at = Set(Some(super::now(app)));
    stored
        .update(app.database.writer())
        .await
        .expect("an archived story");
}

on_both_databases! {
    async fn each_sees_what_they_may_on_every_path(app) {
        let water = theme(app, "Water").await;
        let series = series(app, "Dorpshuizen").await;
        let mut stories = Vec::new();
        for (state, public) in STATES {
            let mut typed = input(&format!("Een verhaal dat {state} is"));
            typed["themeIds"] = json!([water["id"]]);
            let story = create(app, Persona::Resident, typed).await;
            bring(app, &story, state).await;
            stories.push((state, public, story));
        }
        let all: Vec<&Value> = stories.iter().map(|(_, _, story)| story).collect();
        arrange(app, &series, &all).await.accepted("storySeriesArrange");
        app.clock.advance(TimeDelta::hours(1));

        for persona in Persona::ALL {
            let sees_all = matches!(persona, Persona::Resident | Persona::Editor | Persona::Moderator | Persona::Admin);
            for (state, public, story) in &stories {
                let sees = *public || sees_all;
                let by_slug = read(app, persona, story, "id").await;
                assert_eq!(by_slug != Value::Null, sees, "{persona:?} by slug: {state}");
                let by_id = app
                    .execute(
                        persona,
                        "query($id: ID!) { node(id: $id) { id ... on Story { body } } nodes(ids: [$id]) { id } }",
                        json!({ "id": story["id"] }),
                    )
                    .await;
                assert_eq!(by_id.data("/node") != &Value::Null, sees, "{persona:?} by node: {state}");
                assert_eq!(by_id.data("/nodes/0") != &Value::Null, sees, "{persona:?} by nodes: {state}");
            }
            let ids = |wanted: &dyn Fn(bool) -> bool| -> Vec<String> {
                let seen = stories.iter().filter(|(_, public, _)| wanted(*public));
                let mut ids: Vec<String> = seen.map(|(_, _, story)| story["id"].as_str().expect("an id").to_owned()).collect();
                ids.sort();
                ids
            };
            let lists = app
                .execute(
                    persona,
                    "{ stories(first: 50) { totalCount nodes { id } }
                       theme(slug: \"water\") { storyCount stories(first: 50) { totalCount nodes { id } } }
                       storySeries(slug: \"dorpshuizen\") { stories(first: 50) { totalCount nodes { id } } } }",
                    json!({}),
                )
                .await;
            for (path, wanted) in [
                ("/stories", ids(&|public| public)),
                ("/theme/stories", ids(&|public| public)),
                ("/storySeries/stories", ids(&|public| public || sees_all)),
            ] {
                let mut seen = texts(&lists.data(path)["nodes"], "/id");
                seen.sort();
                assert_eq!(seen, wanted, "{persona:?} in {path}");
                assert_eq!(lists.data(path)["totalCount"], wanted.len(), "{persona:?} in {path}");
            }
            assert_eq!(lists.data("/theme/storyCount"), 2, "{persona:?}");
        }
    }

    async fn who_may_not_see_a_story_cannot_tell_that_it_is_there(app) {
        let mut typed = input("Een verhaal in de maak hier");
        typed["themeIds"] = json!([]);
        let story = create(app, Persona::Resident, typed).await;
        let id = &story["id"];
        for (operation, input) in [
            ("StoryUpdate", json!({ "storyId": id, "title": "Iets heel anders hier" })),
            ("StorySubmit", json!({ "storyId": id })),
            ("StoryWithdraw", json!({ "storyId": id, "reason": "DONE" })),
        ] {
            let answer = app.send(Persona::Neighbour, operation, json!({ "input": input })).await;
            assert_eq!(answer.code(), "NOT_FOUND", "{operation}");
        }
        assert_eq!(react(app, Persona::Neighbour, &story, "LOVE", true).await.code(), "NOT_FOUND");
        assert_eq!(entity::story::Entity::find().all(app.database.read()).await.expect("a query").len(), 1);
    }

    async fn authors_find_what_they_wrote_and_nothing_else(app) {
        draft(app, "Het dorpshuis van Averlo").await;
        app.clock.advance(TimeDelta::seconds(1));
        let story = submitted(app, "Het dorpshuis van Bathmen").await;
        judge(app, &story, "REQUEST_CHANGES").await;
        app.clock.advance(TimeDelta::seconds(1));
        create(app, Persona::Editor, input("Het dorpshuis van Colmschate")).await;
        let mine = app.send(Persona::Resident, "MyStories", json!({})).await;
        let edges = mine.data("/viewer/account/stories/edges");
        assert_eq!(texts(edges, "/node/title"), ["Het dorpshuis van Bathmen", "Het dorpshuis van Averlo"]);
        assert_eq!(texts(edges, "/node/lifecycle"), ["SUBMITTED", "DRAFT"]);
        assert_eq!(texts(edges, "/node/moderation"), ["CHANGES_REQUESTED", "NONE"]);
        assert_eq!(edges[0]["node"]["moderationStatement"], "Lees de huisregels nog eens na.");
        let theirs = app.send(Persona::Editor, "MyStories", json!({})).await;
        assert_eq!(texts(theirs.data("/viewer/account/stories/edges"), "/node/title"), ["Het dorpshuis van Colmschate"]);
        let nobodys = app.send(Persona::Anonymous, "MyStories", json!({})).await;
        assert_eq!(nobodys.data("/viewer/account"), &Value::Null);
        // What others see of an author is what is public.
        let id = row(app, &story).await.author_id;
        let paging = domain::page::Paging::default();
        let seen = app
            .services
            .stories
            .list_by_author(app.actor(Persona::Neighbour), id, &paging)
            .await
            .expect("a page");
        assert!(seen.edges.is_empty());
    }

    async fn the_record_is_for_the_author_and_staff(app) {
        let story = published(app, "Het dorpshuis van Lettele").await;
        judge(app, &story, "APPROVE").await;
        for persona in Persona::ALL {
            let seen = read(app, persona, &story, "moderationStatement submittedAt viewerCanReport").await;
            let told = !matches!(persona, Persona::Anonymous | Persona::Visitor | Persona::Neighbour);
            assert_eq!(seen["moderationStatement"] != Value::Null, told, "{persona:?}");
            assert_eq!(seen["submittedAt"] != Value::Null, told, "{persona:?}");
            let reports = !matches!(persona, Persona::Anonymous | Persona::Resident);
            assert_eq!(seen["viewerCanReport"], reports, "{persona:?}");
        }
    }
}
