//! Making and changing themes.

use harness::{Persona, on_both_databases};
use serde_json::{Value, json};

use super::{draft, theme};

on_both_databases! {
    async fn a_theme_is_made_and_read_back(app) {
        let made = theme(app, "Wonen in het dorp").await;
        assert_eq!(made["slug"], "wonen-in-het-dorp");
        assert_eq!(made["status"], "RAISED");
        assert_eq!(made["followerCount"], 0);
        let page = app
            .execute(
                Persona::Anonymous,
                "query($slug: String!) { theme(slug: $slug) { id title descriptionHtml viewerCanEdit } }",
                json!({ "slug": "wonen-in-het-dorp" }),
            )
            .await;
        let read = page.data("/theme");
        assert_eq!(read["id"], made["id"]);
        assert_eq!(read["viewerCanEdit"], false);
        let html = read["descriptionHtml"].as_str().expect("HTML");
        assert!(html.starts_with("<h4>Aanleiding</h4>"), "{html}");
    }

    async fn equal_titles_get_slugs_of_their_own(app) {
        let first = theme(app, "Water").await;
        let second = theme(app, "Water").await;
        assert_eq!(first["slug"], "water");
        assert_ne!(first["slug"], second["slug"]);
        assert!(second["slug"].as_str().expect("a slug").starts_with("water-"));
    }

    async fn the_slug_stays_when_the_title_changes(app) {
        let made = theme(app, "Water").await;
        let answer = app
            .send(
                Persona::Editor,
                "ThemeUpdate",
                json!({ "input": { "themeId": made["id"], "title": "Water en land" } }),
            )
            .await;
        let changed = &answer.accepted("themeUpdate")["theme"];
        assert_eq!(changed["slug"], "water");
        assert_eq!(changed["title"], "Water en land");
        assert_eq!(changed["summary"], made["summary"]);
    }

    async fn every_problem_is_told_at_once_and_nothing_is_stored(app) {
        let answer = app
            .send(
                Persona::Editor,
                "ThemeCreate",
                json!({ "input": {
                    "title": "Wo\u{202e}nen",
                    "summary": "x",
                    "description": "é".repeat(10_001),
                } }),
            )
            .await;
        assert_eq!(
            answer.refusals("themeCreate"),
            [
                "FORBIDDEN_CHARACTER input.title",
                "TOO_SHORT input.summary",
                "TOO_LONG input.description",
            ]
        );
        assert_eq!(answer.data("/themeCreate")["theme"], Value::Null);
        let list = app.send(Persona::Anonymous, "ThemeList", json!({})).await;
        assert_eq!(list.data("/themes")["totalCount"], 0);
    }

    async fn ids_that_are_not_themes_are_told_apart(app) {
        let made = theme(app, "Water").await;
        let posted = app
            .send(
                Persona::Editor,
                "ThemeUpdatePost",
                json!({ "input": { "themeId": made["id"], "title": "Besproken", "body": "In de raad." } }),
            )
            .await;
        posted.accepted("themeUpdatePost");
        let page = app
            .execute(
                Persona::Editor,
                "query($slug: String!) { theme(slug: $slug) { updates { nodes { id } } } }",
                json!({ "slug": "water" }),
            )
            .await;
        let entry = page.data("/theme/updates/nodes/0/id").clone();
        let nobody = "VAGaD7jSfKuSAAAAAAAAAAA";
        for (id, code) in [(json!("nonsense"), "BAD_INPUT"), (entry, "BAD_INPUT"), (json!(nobody), "NOT_FOUND")] {
            let answer = app
                .send(
                    Persona::Editor,
                    "ThemeUpdate",
                    json!({ "input": { "themeId": id, "title": "Anders" } }),
                )
                .await;
            assert_eq!(answer.code(), code, "{id}");
        }
        let unchanged = app
            .execute(
                Persona::Editor,
                "query($slug: String!) { theme(slug: $slug) { title } }",
                json!({ "slug": "water" }),
            )
            .await;
        assert_eq!(unchanged.data("/theme/title"), "Water");
    }

    async fn a_null_title_is_no_title(app) {
        let mut input = draft("Water");
        input["title"] = Value::Null;
        let answer = app
            .send(Persona::Editor, "ThemeCreate", json!({ "input": input }))
            .await;
        assert_eq!(answer.code(), "BAD_INPUT");
    }
}
