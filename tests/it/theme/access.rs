//! What the access matrix tries on themes.

use serde_json::json;

use super::{draft, theme};
use crate::access::{Row, row};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(
            "ThemeCreate",
            "a theme",
            async |_| json!({ "input": draft("Wonen in het dorp") }),
        ),
        row("ThemeUpdate", "a theme", async |app| {
            let theme = theme(app, "Wonen in het dorp").await;
            json!({ "input": { "themeId": theme["id"], "title": "Wonen in de kern" } })
        }),
        row("ThemeUpdatePost", "a theme", async |app| {
            let theme = theme(app, "Wonen in het dorp").await;
            json!({ "input": { "themeId": theme["id"], "title": "Besproken", "body": "In de raad." } })
        }),
        row("ThemeFollow", "a theme", async |app| {
            let theme = theme(app, "Wonen in het dorp").await;
            json!({ "input": { "themeId": theme["id"], "following": true } })
        }),
    ]
}
