//! Themes through the API.

pub(crate) mod access;
mod follow;
mod list;
mod log;
mod write;

use harness::{Persona, TestApp};
use serde_json::{Value, json};

/// A theme made by the editor, as `themeCreate` gives it.
pub(crate) async fn theme(app: &TestApp, title: &str) -> Value {
    let answer = app
        .send(
            Persona::Editor,
            "ThemeCreate",
            json!({ "input": draft(title) }),
        )
        .await;
    answer.accepted("themeCreate")["theme"].clone()
}

fn draft(title: &str) -> Value {
    json!({
        "title": title,
        "summary": "Waar mensen over praten en wat ermee gebeurt.",
        "description": "## Aanleiding\n\nOp de gesprekstafel in Raalte.",
    })
}
