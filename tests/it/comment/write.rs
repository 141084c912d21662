//! Posting comments and replies.

use harness::{Persona, on_both_databases};
use serde_json::{Value, json};

use super::{add, assert_recounted, comment, read, reply, threads};
use crate::theme::theme;

on_both_databases! {
    async fn a_comment_is_posted_and_read_back(app) {
        let theme = theme(app, "Water").await;
        let posted = comment(app, Persona::Resident, &theme, "  Eens, *en* https://a.nl <b>\r\nJa.  ").await;
        assert_eq!(posted["body"], "Eens, *en* https://a.nl <b>\nJa.");
        assert_eq!(posted["state"], "VISIBLE");
        assert_eq!(posted["depth"], 1);
        assert_eq!(posted["author"]["displayName"], "Fatma de Boer");
        assert_eq!(posted["editedAt"], Value::Null);
        assert_eq!(posted["parent"], Value::Null);
        for (persona, edits, replies) in [
            (Persona::Resident, true, true),
            (Persona::Neighbour, false, true),
            (Persona::Visitor, false, false),
        ] {
            let seen = threads(app, persona, &theme).await;
            assert_eq!(seen["commentCount"], 1);
            let node = &seen["comments"]["edges"][0]["node"];
            assert_eq!(node["id"], posted["id"]);
            let html = node["bodyHtml"].as_str().expect("HTML");
            assert!(html.starts_with("<p>Eens, <em>en</em>"), "{html}");
            assert!(html.contains("&lt;b&gt;"), "{html}");
            assert_eq!(node["viewerCanEdit"], edits, "{persona:?}");
            assert_eq!(node["viewerCanReply"], replies, "{persona:?}");
        }
        let fields = "language subject { id commentCount viewerCanComment ... on Theme { slug } } viewerCanDelete viewerCanSupport";
        let own = read(app, Persona::Resident, &posted, fields).await;
        assert_eq!(own["language"], "nl");
        assert_eq!(own["subject"], json!({ "id": theme["id"], "commentCount": 1, "viewerCanComment": true, "slug": "water" }));
        assert_eq!((&own["viewerCanDelete"], &own["viewerCanSupport"]), (&json!(true), &json!(false)));
        let other = read(app, Persona::Neighbour, &posted, fields).await;
        assert_eq!((&other["viewerCanDelete"], &other["viewerCanSupport"]), (&json!(false), &json!(true)));
        assert_recounted(app).await;
    }

    async fn who_comments_on_a_theme_follows_it(app) {
        let theme = theme(app, "Water").await;
        for _ in 0..2 {
            comment(app, Persona::Resident, &theme, "Eens.").await;
        }
        let document = "query($id: ID!) { node(id: $id) { ... on Theme { followerCount viewerIsFollowing } } }";
        let read = app.execute(Persona::Resident, document, json!({ "id": theme["id"] })).await;
        assert_eq!(read.data("/node"), &json!({ "followerCount": 1, "viewerIsFollowing": true }));
    }

    async fn a_thread_is_three_levels_deep(app) {
        let theme = theme(app, "Water").await;
        let first = comment(app, Persona::Resident, &theme, "Een.").await;
        let second = reply(app, Persona::Neighbour, &theme, &first, "Twee.").await;
        let third = reply(app, Persona::Resident, &theme, &second, "Drie.").await;
        assert_eq!([&second["depth"], &third["depth"]], [2, 3]);
        assert_eq!(third["parent"]["id"], second["id"]);
        assert_eq!(third["viewerCanReply"], false);
        let refused = add(app, Persona::Neighbour, &theme, Some(&third), "Vier.").await;
        assert_eq!(refused.refusals("commentAdd"), ["COMMENT_TOO_DEEP input.parentId"]);
        let seen = threads(app, Persona::Anonymous, &theme).await;
        assert_eq!(seen["commentCount"], 3);
        let root = &seen["comments"]["edges"][0]["node"];
        assert_eq!(root["replyCount"], 1);
        assert_eq!(root["replies"]["edges"][0]["node"]["id"], second["id"]);
        assert_recounted(app).await;
    }

    async fn a_reply_stands_under_its_parents_subject(app) {
        let (water, living) = (theme(app, "Water").await, theme(app, "Wonen").await);
        let first = comment(app, Persona::Resident, &water, "Een.").await;
        let refused = add(app, Persona::Neighbour, &living, Some(&first), "Twee.").await;
        assert_eq!(refused.refusals("commentAdd"), ["COMMENT_PARENT_ELSEWHERE input.parentId"]);
        assert_recounted(app).await;
    }

    async fn every_problem_is_told_at_once_and_nothing_is_stored(app) {
        let theme = theme(app, "Water").await;
        for (body, refusal) in [
            ("x".to_owned(), "TOO_SHORT input.body"),
            (" \u{200b} ".to_owned(), "REQUIRED input.body"),
            ("é".repeat(1_001), "TOO_LONG input.body"),
            ("Een\u{202e}s".to_owned(), "FORBIDDEN_CHARACTER input.body"),
        ] {
            let input = json!({ "subjectId": theme["id"], "body": body, "language": "klingon" });
            let answer = app.send(Persona::Resident, "CommentAdd", json!({ "input": input })).await;
            assert_eq!(answer.refusals("commentAdd"), [refusal, "LANGUAGE_UNKNOWN input.language"]);
        }
        let longest = "é".repeat(1_000);
        assert_eq!(comment(app, Persona::Resident, &theme, &longest).await["body"], longest);
        assert_eq!(threads(app, Persona::Resident, &theme).await["commentCount"], 1);
    }

    async fn ids_of_nothing_and_of_another_kind_are_told_apart(app) {
        let theme = theme(app, "Water").await;
        let first = comment(app, Persona::Resident, &theme, "Een.").await;
        let (no_theme, no_comment) = ("VAGaD7jSfKuSAAAAAAAAAAA", "QwGaD7jSfKuSAAAAAAAAAAA");
        for (subject, parent, code) in [
            (json!("nonsense"), Value::Null, "BAD_INPUT"),
            (first["id"].clone(), Value::Null, "BAD_INPUT"),
            (json!(no_theme), Value::Null, "NOT_FOUND"),
            (theme["id"].clone(), json!("nonsense"), "BAD_INPUT"),
            (theme["id"].clone(), theme["id"].clone(), "BAD_INPUT"),
            (theme["id"].clone(), json!(no_comment), "NOT_FOUND"),
        ] {
            let input = json!({ "subjectId": subject, "parentId": parent, "body": "Eens.", "language": "nl" });
            let answer = app.send(Persona::Resident, "CommentAdd", json!({ "input": input })).await;
            assert_eq!(answer.code(), code, "{subject} {parent}");
        }
        assert_eq!(threads(app, Persona::Resident, &theme).await["commentCount"], 1);
    }
}
