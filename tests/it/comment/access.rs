//! What the access matrix tries on comments.

use harness::Persona;
use serde_json::json;

use super::comment;
use crate::{
    access::{Row, row},
    story,
    theme::theme,
};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row("CommentAdd", "a theme", async |app| {
            let theme = theme(app, "Wonen in het dorp").await;
            json!({ "input": { "subjectId": theme["id"], "body": "Eens.", "language": "nl" } })
        }),
        row("CommentAdd", "Fatma's draft", async |app| {
            let story = story::draft(app, "Het dorpshuis van Lettele").await;
            json!({ "input": { "subjectId": story["id"], "body": "Eens.", "language": "nl" } })
        }),
        row("CommentAdd", "Fatma's public story", async |app| {
            let story = story::published(app, "Het dorpshuis van Lettele").await;
            json!({ "input": { "subjectId": story["id"], "body": "Eens.", "language": "nl" } })
        }),
        row("CommentEdit", "Fatma's comment", async |app| {
            let theme = theme(app, "Wonen in het dorp").await;
            let comment = comment(app, Persona::Resident, &theme, "Eens.").await;
            json!({ "input": { "commentId": comment["id"], "body": "Oneens." } })
        }),
        row("CommentDelete", "Fatma's comment", async |app| {
            let theme = theme(app, "Wonen in het dorp").await;
            let comment = comment(app, Persona::Resident, &theme, "Eens.").await;
            json!({ "input": { "commentId": comment["id"] } })
        }),
        row("CommentSupport", "Fatma's comment", async |app| {
            let theme = theme(app, "Wonen in het dorp").await;
            let comment = comment(app, Persona::Resident, &theme, "Eens.").await;
            json!({ "input": { "commentId": comment["id"], "supporting": true } })
        }),
    ]
}
