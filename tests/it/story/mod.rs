//! Stories through the API.

pub(crate) mod access;
mod concurrency;
mod energy;
mod lifecycle;
mod list;
mod moderation;
mod reaction;
mod series;
mod visibility;
mod write;

use chrono::TimeDelta;
use harness::{Persona, TestApp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::moderation::{case_of, report};

/// A resident's draft, as `storyCreate` gives it.
pub(crate) async fn draft(app: &TestApp, title: &str) -> Value {
    create(app, Persona::Resident, input(title)).await
}

/// A resident's story that waits for a judgement.
pub(crate) async fn submitted(app: &TestApp, title: &str) -> Value {
    let story = draft(app, title).await;
    submit(app, &story).await;
    story
}

/// A resident's public story.
pub(crate) async fn published(app: &TestApp, title: &str) -> Value {
    let story = submitted(app, title).await;
    publish(app, &story, None).await;
    story
}

async fn create(app: &TestApp, persona: Persona, input: Value) -> Value {
    let answer = app
        .send(persona, "StoryCreate", json!({ "input": input }))
        .await;
    answer.accepted("storyCreate")["story"].clone()
}

async fn submit(app: &TestApp, story: &Value) -> Value {
    let answer = app
        .send(
            Persona::Resident,
            "StorySubmit",
            json!({ "input": { "storyId": story["id"] } }),
        )
        .await;
    answer.accepted("storySubmit")["story"].clone()
}

/// Publishes a story so long after now, or now.
async fn publish(app: &TestApp, story: &Value, after: Option<TimeDelta>) -> Value {
    let at = after.map(|after| {
        (now(app) + after)
            .format("%Y-%m-%dT%H:%M:%S%.3fZ")
            .to_string()
    });
    let answer = app
        .send(
            Persona::Editor,
            "StoryPublish",
            json!({ "input": { "storyId": story["id"], "publishedAt": at } }),
        )
        .await;
    answer.accepted("storyPublish")["story"].clone()
}

/// Withdraws a resident's story.
pub(crate) async fn withdraw(app: &TestApp, story: &Value) {
    let answer = app
        .send(
            Persona::Resident,
            "StoryWithdraw",
            json!({ "input": { "storyId": story["id"], "reason": "DONE" } }),
        )
        .await;
    answer.accepted("storyWithdraw");
}

async fn update(app: &TestApp, persona: Persona, story: &Value, change: Value) -> harness::Answer {
    let mut input = change;
    input["storyId"] = story["id"].clone();
    app.send(persona, "StoryUpdate", json!({ "input": input }))
        .await
}

/// Judges a story as the moderator, in the case that it has by being submitted or reported.
async fn judge(app: &TestApp, story: &Value, action: &str) {
    app.run_jobs().await;
    let mut case = case_of(app, story).await;
    if case.is_null() {
        report(app, Persona::Neighbour, story, "OTHER")
            .await
            .accepted("contentReport");
        case = case_of(app, story).await;
    }
    let input = json!({
        "caseId": case["id"],
        "expectedVersion": case["version"],
        "action": action,
        "reasonCode": "OTHER",
        "statement": "Lees de huisregels nog eens na.",
    });
    app.send(
        Persona::Moderator,
        "ModerationCaseDecide",
        json!({ "input": input }),
    )
    .await
    .accepted("moderationCaseDecide");
}

/// What is stored of a story.
async fn row(app: &TestApp, story: &Value) -> entity::story::Model {
    let slug = story["slug"].as_str().expect("a slug");
    entity::story::Entity::find()
        .filter(entity::story::Column::Slug.eq(slug))
        .one(app.database.read())
        .await
        .expect("a query")
        .expect("the story")
}

/// What a persona sees of a story: its fields, or null.
pub(crate) async fn read(app: &TestApp, persona: Persona, story: &Value, fields: &str) -> Value {
    let document = format!("query($slug: String!) {{ story(slug: $slug) {{ {fields} }} }}");
    let answer = app
        .execute(persona, &document, json!({ "slug": story["slug"] }))
        .await;
    answer.data("/story").clone()
}

fn now(app: &TestApp) -> domain::clock::Instant {
    use domain::clock::Clock;
    app.clock.now()
}

pub(crate) fn input(title: &str) -> Value {
    json!({
        "kind": "STORY",
        "title": title,
        "summary": "Wat er gebeurde toen de buurt zelf begon.",
        "body": body(),
        "language": "nl",
        "themeIds": [],
    })
}

fn body() -> String {
    "Op een dinsdag in maart zaten we met twaalf mensen aan de keukentafel. **Zo kon het niet \
     langer.** Iedereen wist iets, niemand wist alles, en na afloop stond er een plan op een \
     bierviltje dat een jaar later een dorpshuis bleek."
        .to_owned()
}

/// The text behind each of a list's items, in order.
fn texts(list: &Value, pointer: &str) -> Vec<String> {
    list.as_array()
        .expect("a list")
        .iter()
        .map(|item| {
            let text = item.pointer(pointer).and_then(Value::as_str);
            text.unwrap_or_else(|| panic!("no text at {pointer} in {item}"))
                .to_owned()
        })
        .collect()
}
