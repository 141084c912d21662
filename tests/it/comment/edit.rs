//! Changing comments.

use chrono::TimeDelta;
use harness::{Answer, Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{comment, read};
use crate::theme::theme;

async fn edit(app: &TestApp, persona: Persona, comment: &Value, body: &str) -> Answer {
    let input = json!({ "commentId": comment["id"], "body": body });
    app.send(persona, "CommentEdit", json!({ "input": input }))
        .await
}

on_both_databases! {
    async fn an_author_edits_for_fifteen_minutes(app) {
        let theme = theme(app, "Water").await;
        let posted = comment(app, Persona::Resident, &theme, "Eens.").await;
        app.clock.advance(TimeDelta::minutes(15));
        let answer = edit(app, Persona::Resident, &posted, "Oneens.").await;
        let edited = &answer.accepted("commentEdit")["comment"];
        assert_eq!(edited["body"], "Oneens.");
        assert_eq!(edited["editedAt"], "2026-03-02T12:15:00.000Z");
        assert_eq!(edited["createdAt"], "2026-03-02T12:00:00.000Z");
        assert_eq!(edited["viewerCanEdit"], true);
        app.clock.advance(TimeDelta::seconds(1));
        let late = edit(app, Persona::Resident, &posted, "Toch eens.").await;
        assert_eq!(late.refusals("commentEdit"), ["EDIT_WINDOW_CLOSED input.commentId"]);
        let seen = read(app, Persona::Resident, &posted, "body viewerCanEdit viewerCanDelete").await;
        assert_eq!(seen, json!({ "body": "Oneens.", "viewerCanEdit": false, "viewerCanDelete": true }));
    }

    async fn an_edit_keeps_the_limits(app) {
        let theme = theme(app, "Water").await;
        let posted = comment(app, Persona::Resident, &theme, "Eens.").await;
        let answer = edit(app, Persona::Resident, &posted, "x").await;
        assert_eq!(answer.refusals("commentEdit"), ["TOO_SHORT input.body"]);
        let seen = read(app, Persona::Resident, &posted, "body editedAt").await;
        assert_eq!(seen, json!({ "body": "Eens.", "editedAt": null }));
    }
}
