//! The follow-up log.

use chrono::TimeDelta;
use harness::{Persona, on_both_databases};
use serde_json::json;

use super::theme;

on_both_databases! {
    async fn entries_stand_newest_first_and_move_the_theme(app) {
        let made = theme(app, "Water").await;
        for (title, status) in [("Verkend", Some("EXPLORING")), ("Toelichting", None), ("Besloten", Some("DECIDED"))] {
            app.clock.advance(TimeDelta::hours(1));
            let answer = app
                .send(
                    Persona::Editor,
                    "ThemeUpdatePost",
                    json!({ "input": { "themeId": made["id"], "title": title, "body": "**Ja**", "status": status } }),
                )
                .await;
            let payload = answer.accepted("themeUpdatePost");
            assert_eq!(payload["theme"]["updates"]["edges"][0]["node"]["title"], title);
        }
        let page = app
            .execute(
                Persona::Anonymous,
                "{ theme(slug: \"water\") { status updates(first: 20) { totalCount nodes { title bodyHtml statusBefore statusAfter } } } }",
                json!({}),
            )
            .await;
        assert_eq!(page.data("/theme/status"), "DECIDED");
        assert_eq!(page.data("/theme/updates/totalCount"), 3);
        let entries: Vec<[&str; 3]> = page
            .data("/theme/updates/nodes")
            .as_array()
            .expect("entries")
            .iter()
            .map(|entry| ["title", "statusBefore", "statusAfter"].map(|field| entry[field].as_str().expect("text")))
            .collect();
        assert_eq!(
            entries,
            [
                ["Besloten", "EXPLORING", "DECIDED"],
                ["Toelichting", "EXPLORING", "EXPLORING"],
                ["Verkend", "RAISED", "EXPLORING"],
            ]
        );
        assert_eq!(
            page.data("/theme/updates/nodes/0/bodyHtml"),
            "<p><strong>Ja</strong></p>\n"
        );
    }
}
