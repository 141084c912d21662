//! What the access matrix tries on stories.

use harness::Persona;
use serde_json::json;

use super::{create, draft, input, published, series, submitted};
use crate::access::{Row, row};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(
            "StoryCreate",
            "a story",
            async |_| json!({ "input": input("Het dorpshuis van Lettele") }),
        ),
        row("StoryUpdate", "Fatma's draft", async |app| {
            let story = draft(app, "Het dorpshuis van Lettele").await;
            json!({ "input": { "storyId": story["id"], "title": "Het dorpshuis van Okkenbroek" } })
        }),
        row("StoryUpdate", "Fatma's submitted story", async |app| {
            let story = submitted(app, "Het dorpshuis van Lettele").await;
            json!({ "input": { "storyId": story["id"], "title": "Het dorpshuis van Okkenbroek" } })
        }),
        row("StoryUpdate", "Fatma's public story", async |app| {
            let story = published(app, "Het dorpshuis van Lettele").await;
            json!({ "input": { "storyId": story["id"], "title": "Het dorpshuis van Okkenbroek" } })
        }),
        row("StorySubmit", "Fatma's draft", async |app| {
            let story = draft(app, "Het dorpshuis van Lettele").await;
            json!({ "input": { "storyId": story["id"] } })
        }),
        row("StoryPublish", "Fatma's draft", async |app| {
            let story = draft(app, "Het dorpshuis van Lettele").await;
            json!({ "input": { "storyId": story["id"] } })
        }),
        row("StoryPublish", "Fatma's submitted story", async |app| {
            let story = submitted(app, "Het dorpshuis van Lettele").await;
            json!({ "input": { "storyId": story["id"] } })
        }),
        row("StoryPublish", "the editor's draft", async |app| {
            let story = create(app, Persona::Editor, input("Het dorpshuis van Lettele")).await;
            json!({ "input": { "storyId": story["id"] } })
        }),
        row("StoryWithdraw", "Fatma's draft", async |app| {
            let story = draft(app, "Het dorpshuis van Lettele").await;
            json!({ "input": { "storyId": story["id"], "reason": "DONE" } })
        }),
        row("StoryWithdraw", "Fatma's public story", async |app| {
            let story = published(app, "Het dorpshuis van Lettele").await;
            json!({ "input": { "storyId": story["id"], "reason": "DONE" } })
        }),
        row(
            "StorySeriesCreate",
            "a series",
            async |_| json!({ "input": { "title": "Dorpshuizen", "intro": "Vijf dorpen vertellen." } }),
        ),
        row("StorySeriesArrange", "a series", async |app| {
            let series = series::series(app, "Dorpshuizen").await;
            let story = published(app, "Het dorpshuis van Lettele").await;
            json!({ "input": { "storySeriesId": series["id"], "storyIds": [story["id"]] } })
        }),
        row("ReactionSet", "Fatma's public story", async |app| {
            let story = published(app, "Het dorpshuis van Lettele").await;
            json!({ "input": { "subjectId": story["id"], "kind": "JOIN", "active": true } })
        }),
        row("ReactionSet", "Fatma's draft", async |app| {
            let story = draft(app, "Het dorpshuis van Lettele").await;
            json!({ "input": { "subjectId": story["id"], "kind": "JOIN", "active": true } })
        }),
    ]
}
