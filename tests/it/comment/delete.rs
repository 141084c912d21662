//! Deleting comments.

use chrono::TimeDelta;
use harness::{Persona, on_both_databases};
use serde_json::{Value, json};

use super::{add, assert_recounted, comment, delete, reply, row, support, threads};
use crate::theme::theme;

on_both_databases! {
    async fn a_deleted_comment_leaves_a_placeholder_and_its_replies(app) {
        let theme = theme(app, "Water").await;
        let first = comment(app, Persona::Resident, &theme, "Een.").await;
        let second = reply(app, Persona::Neighbour, &theme, &first, "Twee.").await;
        app.clock.advance(TimeDelta::days(400));
        let answer = delete(app, Persona::Resident, &first).await;
        answer.accepted("commentDelete");
        for persona in [Persona::Anonymous, Persona::Resident, Persona::Moderator, Persona::Admin] {
            let seen = threads(app, persona, &theme).await;
            assert_eq!(seen["commentCount"], 1);
            let node = &seen["comments"]["edges"][0]["node"];
            assert_eq!(node["id"], first["id"]);
            assert_eq!(node["state"], "DELETED_BY_AUTHOR");
            for field in ["body", "bodyHtml", "author"] {
                assert_eq!(node[field], Value::Null, "{persona:?} {field}");
            }
            assert_eq!(node["replyCount"], 1);
            for can in ["viewerCanEdit", "viewerCanReply"] {
                assert_eq!(node[can], false, "{persona:?} {can}");
            }
            assert_eq!(node["replies"]["edges"][0]["node"]["body"], "Twee.");
        }
        assert_eq!(row(app, &first).await.body, "");
        assert_recounted(app).await;

        let deleted = delete(app, Persona::Neighbour, &second).await;
        deleted.accepted("commentDelete");
        let seen = threads(app, Persona::Anonymous, &theme).await;
        assert_eq!(seen["commentCount"], 0);
        assert_eq!(seen["comments"]["edges"][0]["node"]["replyCount"], 0);
        let placeholder = &seen["comments"]["edges"][0]["node"]["replies"]["edges"][0]["node"];
        assert_eq!(placeholder["state"], "DELETED_BY_AUTHOR");
        assert_recounted(app).await;
    }

    async fn deleting_twice_is_the_same_as_once(app) {
        let theme = theme(app, "Water").await;
        comment(app, Persona::Neighbour, &theme, "Eens.").await;
        let posted = comment(app, Persona::Resident, &theme, "Eens.").await;
        delete(app, Persona::Resident, &posted).await.accepted("commentDelete");
        let once = row(app, &posted).await;
        app.clock.advance(TimeDelta::hours(1));
        delete(app, Persona::Resident, &posted).await.accepted("commentDelete");
        assert_eq!(row(app, &posted).await, once);
        assert_recounted(app).await;
    }

    async fn what_is_deleted_takes_nothing_more(app) {
        let theme = theme(app, "Water").await;
        let posted = comment(app, Persona::Resident, &theme, "Eens.").await;
        support(app, Persona::Editor, &posted, true).await.accepted("commentSupport");
        delete(app, Persona::Resident, &posted).await.accepted("commentDelete");
        let replied = add(app, Persona::Neighbour, &theme, Some(&posted), "Toch?").await;
        assert_eq!(replied.refusals("commentAdd"), ["COMMENT_NOT_VISIBLE input.parentId"]);
        for (persona, supporting) in [(Persona::Neighbour, true), (Persona::Editor, false)] {
            let answer = support(app, persona, &posted, supporting).await;
            assert_eq!(answer.refusals("commentSupport"), ["COMMENT_NOT_VISIBLE input.commentId"]);
        }
        let input = json!({ "commentId": posted["id"], "body": "Oneens." });
        let edited = app.send(Persona::Resident, "CommentEdit", json!({ "input": input })).await;
        assert_eq!(edited.refusals("commentEdit"), ["COMMENT_NOT_VISIBLE input.commentId"]);
        assert_eq!(row(app, &posted).await.body, "");
        assert_recounted(app).await;
    }
}
