//! Comments that await a moderator or were removed by one.

use entity::comment::CommentState;
use harness::{Persona, TestApp, on_both_databases};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::{Value, json};

use super::{comment, delete, read, reply, row, threads};
use crate::theme::theme;

const OTHERS: [Persona; 3] = [Persona::Anonymous, Persona::Neighbour, Persona::Editor];
const JUDGES: [Persona; 3] = [Persona::Resident, Persona::Moderator, Persona::Admin];

/// What a moderator makes of a comment; the API for it comes with the moderation.
async fn judge(app: &TestApp, judged: &Value, state: CommentState) {
    let mut row = row(app, judged).await.into_active_model();
    row.state = Set(state);
    row.update(app.database.writer()).await.expect("an update");
}

fn bodies(seen: &Value) -> Vec<&Value> {
    let edges = seen["comments"]["edges"].as_array().expect("edges");
    edges.iter().map(|edge| &edge["node"]["body"]).collect()
}

on_both_databases! {
    async fn a_removed_comment_is_a_placeholder_to_others(app) {
        let theme = theme(app, "Water").await;
        let posted = comment(app, Persona::Resident, &theme, "Scheldwoord.").await;
        reply(app, Persona::Neighbour, &theme, &posted, "Nou nou.").await;
        judge(app, &posted, CommentState::Hidden).await;
        for (personas, body) in [(OTHERS, Value::Null), (JUDGES, json!("Scheldwoord."))] {
            for persona in personas {
                let seen = threads(app, persona, &theme).await;
                let node = &seen["comments"]["edges"][0]["node"];
                assert_eq!((&node["state"], &node["body"]), (&json!("HIDDEN"), &body), "{persona:?}");
                assert_eq!(node["author"].is_null(), body.is_null(), "{persona:?}");
                assert_eq!(node["replies"]["edges"][0]["node"]["body"], "Nou nou.");
            }
        }
        let deleted = delete(app, Persona::Resident, &posted).await;
        assert_eq!(deleted.refusals("commentDelete"), ["COMMENT_NOT_VISIBLE input.commentId"]);
        assert_eq!(row(app, &posted).await.state, CommentState::Hidden);
    }

    async fn a_comment_that_awaits_a_moderator_is_not_there_for_others(app) {
        let theme = theme(app, "Water").await;
        let first = comment(app, Persona::Neighbour, &theme, "Een.").await;
        let posted = comment(app, Persona::Resident, &theme, "Twee.").await;
        let answered = reply(app, Persona::Resident, &theme, &first, "Drie.").await;
        judge(app, &posted, CommentState::Pending).await;
        judge(app, &answered, CommentState::Pending).await;
        for (personas, there) in [(OTHERS, false), (JUDGES, true)] {
            for persona in personas {
                let seen = threads(app, persona, &theme).await;
                assert_eq!(bodies(&seen).contains(&&json!("Twee.")), there, "{persona:?}");
                let totals = "totalCount pageInfo { hasNextPage }";
                let own = format!("replies {{ {totals} }} subject {{ comments {{ {totals} }} }}");
                let first = read(app, persona, &first, &own).await;
                assert_eq!(first["replies"]["totalCount"], i32::from(there), "{persona:?}");
                assert_eq!(first["subject"]["comments"]["totalCount"], 1 + i32::from(there), "{persona:?}");
                assert_eq!(read(app, persona, &posted, "body").await.is_null(), !there, "{persona:?}");
            }
        }
        let input = json!({ "commentId": posted["id"], "supporting": true });
        for (persona, outcome) in [(Persona::Neighbour, "NOT_FOUND"), (Persona::Visitor, "UNAUTHENTICATED")] {
            let answer = app.send(persona, "CommentSupport", json!({ "input": input })).await;
            assert_eq!(answer.code(), outcome, "{persona:?}");
        }
        let answer = app.send(Persona::Moderator, "CommentSupport", json!({ "input": input })).await;
        assert_eq!(answer.refusals("commentSupport"), ["COMMENT_NOT_VISIBLE input.commentId"]);
        assert_eq!(row(app, &posted).await.support_count, 0);
    }
}
