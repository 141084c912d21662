//! What can be commented on, and when.

use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{add, assert_recounted, comment, read, reply, threads};
use crate::{
    story::{draft, published, withdraw},
    theme::theme,
};

/// An editor's poll that opens at this instant; a draft where that is null.
async fn poll(app: &TestApp, opens_at: Value) -> Value {
    let options = json!([{ "label": "Ja" }, { "label": "Nee" }]);
    let input = json!({
        "title": "Het dorpshuis",
        "opensAt": opens_at,
        "questions": [{ "kind": "SINGLE", "prompt": "Blijft het?", "options": options }],
    });
    let answer = app
        .send(Persona::Editor, "PollCreate", json!({ "input": input }))
        .await;
    answer.accepted("pollCreate")["poll"].clone()
}

on_both_databases! {
    async fn a_closed_theme_takes_comments(app) {
        let theme = theme(app, "Water").await;
        let input = json!({ "themeId": theme["id"], "title": "Klaar", "body": "Het is af.", "status": "CLOSED" });
        app.send(Persona::Editor, "ThemeUpdatePost", json!({ "input": input })).await.accepted("themeUpdatePost");
        comment(app, Persona::Resident, &theme, "Mooi geworden.").await;
        assert_recounted(app).await;
    }

    async fn a_public_story_takes_comments(app) {
        let story = published(app, "Het dorpshuis van Lettele").await;
        let first = comment(app, Persona::Neighbour, &story, "Mooi.").await;
        reply(app, Persona::Resident, &story, &first, "Dank.").await;
        let seen = threads(app, Persona::Anonymous, &story).await;
        assert_eq!(seen["commentCount"], 2);
        let subject = read(app, Persona::Anonymous, &first, "subject { ... on Story { slug } }").await;
        assert_eq!(subject["subject"]["slug"], "het-dorpshuis-van-lettele");
        assert_recounted(app).await;
    }

    async fn a_draft_takes_none_and_is_not_there_for_others(app) {
        let story = draft(app, "Het dorpshuis van Lettele").await;
        let own = add(app, Persona::Resident, &story, None, "Nog even.").await;
        assert_eq!(own.refusals("commentAdd"), ["COMMENTS_CLOSED"]);
        let other = add(app, Persona::Neighbour, &story, None, "Wanneer?").await;
        assert_eq!(other.code(), "NOT_FOUND");
        assert_recounted(app).await;
    }

    async fn comments_go_out_of_sight_with_their_story(app) {
        let story = published(app, "Het dorpshuis van Lettele").await;
        let first = comment(app, Persona::Neighbour, &story, "Mooi.").await;
        withdraw(app, &story).await;
        for persona in [Persona::Anonymous, Persona::Neighbour] {
            assert!(read(app, persona, &first, "body").await.is_null(), "{persona:?}");
            assert!(threads(app, persona, &story).await.is_null(), "{persona:?}");
        }
        let seen = read(app, Persona::Editor, &first, "body viewerCanReply viewerCanSupport").await;
        assert_eq!(seen, json!({ "body": "Mooi.", "viewerCanReply": false, "viewerCanSupport": false }));
        let answer = add(app, Persona::Editor, &story, Some(&first), "Jammer.").await;
        assert_eq!(answer.refusals("commentAdd"), ["COMMENTS_CLOSED"]);
        let input = json!({ "commentId": first["id"], "supporting": true });
        let supported = app.send(Persona::Editor, "CommentSupport", json!({ "input": input })).await;
        assert_eq!(supported.refusals("commentSupport"), ["COMMENTS_CLOSED"]);
    }

    async fn a_poll_takes_comments_once_it_has_an_opening_time(app) {
        let draft = poll(app, Value::Null).await;
        let own = add(app, Persona::Editor, &draft, None, "Nog even.").await;
        assert_eq!(own.refusals("commentAdd"), ["COMMENTS_CLOSED"]);
        assert_eq!(add(app, Persona::Resident, &draft, None, "Wanneer?").await.code(), "NOT_FOUND");
        let open = poll(app, json!("2026-03-02T12:00:00Z")).await;
        let first = comment(app, Persona::Resident, &open, "Ja natuurlijk.").await;
        let subject = read(app, Persona::Anonymous, &first, "subject { __typename commentCount viewerCanComment }").await;
        assert_eq!(subject["subject"], json!({ "__typename": "Poll", "commentCount": 1, "viewerCanComment": false }));
        assert_eq!(threads(app, Persona::Resident, &open).await["comments"]["edges"][0]["node"]["body"], "Ja natuurlijk.");
        assert_recounted(app).await;
    }

    async fn comments_of_many_subjects_are_read_by_id_in_few_statements(app) {
        let mut ids = Vec::new();
        let (story, poll) = (
            published(app, "Het dorpshuis van Lettele").await,
            poll(app, json!("2026-03-02T12:00:00Z")).await,
        );
        for _ in 0..3 {
            for subject in [&theme(app, "Water").await, &story, &poll] {
                ids.push(comment(app, Persona::Resident, subject, "Eens.").await["id"].clone());
            }
        }
        let document = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Comment { body viewerCanReply } } }";
        let (answer, statements) = app
            .statements_of(app.execute(Persona::Neighbour, document, json!({ "ids": ids })))
            .await;
        let found = answer.data("/nodes").as_array().expect("nodes");
        assert!(found.iter().zip(&ids).all(|(node, id)| node["id"] == *id && node["viewerCanReply"] == true));
        assert_eq!(statements.len(), 4, "{statements:#?}");
    }

    async fn a_story_page_with_its_comments_costs_few_statements(app) {
        let story = published(app, "Het dorpshuis van Lettele").await;
        for number in 0..20 {
            comment(app, Persona::Neighbour, &story, &format!("Reactie {number}")).await;
        }
        for persona in [Persona::Anonymous, Persona::Neighbour] {
            let (answer, statements) = app
                .statements_of(app.send(persona, "StoryPage", json!({ "slug": story["slug"] })))
                .await;
            let comments = answer.data("/story/comments");
            assert_eq!(comments["totalCount"], 20);
            assert_eq!(comments["edges"].as_array().expect("edges").len(), 20);
            assert!(statements.len() <= 6, "{statements:#?}");
        }
    }
}
