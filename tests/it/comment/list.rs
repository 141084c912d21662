//! Pages of comments.

use chrono::TimeDelta;
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{comment, read, reply, support, texts};
use crate::theme::theme;

const PAGE: &str = "query($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $orderBy: CommentOrder) {
    node(id: $id) { ... on Commentable { comments(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
        nodes { body } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }";

/// A theme with the comments 0 to `roots`, a second apart.
async fn commented(app: &TestApp, roots: usize) -> (Value, Vec<Value>) {
    let theme = theme(app, "Water").await;
    let mut comments = Vec::new();
    for number in 0..roots {
        comments.push(comment(app, Persona::Resident, &theme, &format!("Reactie {number}")).await);
        app.clock.advance(TimeDelta::seconds(1));
    }
    (theme, comments)
}

async fn page(app: &TestApp, on: &Value, mut arguments: Value) -> Value {
    arguments["id"] = on["id"].clone();
    let answer = app.execute(Persona::Anonymous, PAGE, arguments).await;
    answer.data("/node/comments").clone()
}

on_both_databases! {
    async fn pages_join_without_a_gap_or_a_repeat_in_each_order(app) {
        let (theme, comments) = commented(app, 5).await;
        for (number, supporters) in [(1, 2), (2, 1), (3, 1)] {
            for persona in [Persona::Neighbour, Persona::Editor].into_iter().take(supporters) {
                support(app, persona, &comments[number], true).await.accepted("commentSupport");
            }
        }
        for (order, expected) in [
            ("NEWEST", [4, 3, 2, 1, 0]),
            ("OLDEST", [0, 1, 2, 3, 4]),
            ("MOST_SUPPORTED", [1, 3, 2, 4, 0]),
        ] {
            let expected = expected.map(|number| format!("Reactie {number}"));
            let mut seen = Vec::new();
            let mut after = None::<String>;
            loop {
                let page = page(app, &theme, json!({ "first": 2, "after": after, "orderBy": order })).await;
                assert_eq!(page["totalCount"], 5);
                seen.extend(texts(&page["nodes"], "/body"));
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
                after = page["pageInfo"]["endCursor"].as_str().map(str::to_owned);
            }
            assert_eq!(seen, expected, "{order}");
            let end = page(app, &theme, json!({ "last": 2, "orderBy": order })).await;
            assert_eq!(texts(&end["nodes"], "/body"), expected[3..], "{order}");
            let before = end["pageInfo"]["startCursor"].clone();
            let rest = page(app, &theme, json!({ "last": 9, "before": before, "orderBy": order })).await;
            assert_eq!(texts(&rest["nodes"], "/body"), expected[..3], "{order}");
            assert_eq!(rest["pageInfo"]["hasPreviousPage"], false);
        }
    }

    async fn replies_are_paged_on_their_own(app) {
        let (theme, comments) = commented(app, 2).await;
        for number in 0..5 {
            reply(app, Persona::Neighbour, &theme, &comments[0], &format!("Antwoord {number}")).await;
            app.clock.advance(TimeDelta::seconds(1));
        }
        let fields = "totalCount nodes { body } pageInfo { hasNextPage hasPreviousPage endCursor startCursor }";
        let answer = app.send(Persona::Anonymous, "Comments", json!({ "subjectId": theme["id"] })).await;
        let first = answer.data("/node/comments/edges/1/node/replies");
        assert_eq!(texts(&first["edges"], "/node/body"), ["Antwoord 0", "Antwoord 1", "Antwoord 2"]);
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        assert_eq!(answer.data("/node/comments/edges/0/node/replies/edges"), &json!([]));
        let after = first["pageInfo"]["endCursor"].as_str().expect("a cursor");
        let rest = read(app, Persona::Anonymous, &comments[0], &format!("replies(first: 3, after: \"{after}\") {{ {fields} }}")).await;
        assert_eq!(texts(&rest["replies"]["nodes"], "/body"), ["Antwoord 3", "Antwoord 4"]);
        assert_eq!(rest["replies"]["totalCount"], 5);
        assert_eq!(rest["replies"]["pageInfo"]["hasNextPage"], false);
        assert_eq!(rest["replies"]["pageInfo"]["hasPreviousPage"], true);
        let last = read(app, Persona::Anonymous, &comments[0], &format!("replies(last: 2) {{ {fields} }}")).await;
        assert_eq!(texts(&last["replies"]["nodes"], "/body"), ["Antwoord 3", "Antwoord 4"]);
        let none = read(app, Persona::Anonymous, &comments[0], "replies(first: 0) { nodes { body } pageInfo { hasNextPage } }").await;
        assert_eq!(none["replies"], json!({ "nodes": [], "pageInfo": { "hasNextPage": true } }));
        let foreign = format!("{{ node(id: {}) {{ ... on Comment {{ replies(after: \"{after}\") {{ nodes {{ id }} }} }} }} }}", comments[1]["id"]);
        assert_eq!(app.execute(Persona::Anonymous, &foreign, json!({})).await.code(), "BAD_INPUT");
    }

    async fn pages_that_cannot_be_are_refused(app) {
        let (theme, comments) = commented(app, 1).await;
        let first = page(app, &theme, json!({ "first": 1 })).await;
        let cursor = first["pageInfo"]["endCursor"].clone();
        for (mut arguments, field) in [
            (json!({ "first": -1 }), json!(["first"])),
            (json!({ "first": 101 }), json!(["first"])),
            (json!({ "last": 101 }), json!(["last"])),
            (json!({ "first": 1, "last": 1 }), Value::Null),
            (json!({ "after": "nonsense" }), json!(["after"])),
            (json!({ "after": cursor, "orderBy": "OLDEST" }), json!(["after"])),
        ] {
            arguments["id"] = theme["id"].clone();
            let answer = app.execute(Persona::Anonymous, PAGE, arguments.clone()).await;
            assert_eq!(answer.code(), "BAD_INPUT", "{arguments}");
            assert_eq!(answer.0["errors"][0]["extensions"]["field"], field, "{arguments}");
        }
        for arguments in ["first: -1", "first: 101", "last: -1", "after: \"nonsense\""] {
            let document = format!("{{ node(id: {}) {{ ... on Comment {{ replies({arguments}) {{ nodes {{ id }} }} }} }} }}", comments[0]["id"]);
            assert_eq!(app.execute(Persona::Anonymous, &document, json!({})).await.code(), "BAD_INPUT", "{arguments}");
        }
    }

    async fn a_page_with_replies_costs_few_statements_however_many_rows(app) {
        let (theme, comments) = commented(app, 20).await;
        let mut counts = Vec::new();
        for round in 0..2 {
            for persona in [Persona::Anonymous, Persona::Neighbour] {
                let (answer, statements) = app
                    .statements_of(app.send(persona, "Comments", json!({ "subjectId": theme["id"], "first": 20 })))
                    .await;
                assert_eq!(answer.data("/node/comments/edges").as_array().expect("edges").len(), 20);
                assert!(statements.len() <= 6, "{statements:#?}");
                if round == 1 {
                    let replies = answer.data("/node/comments/edges/7/node/replies");
                    assert_eq!(replies["edges"].as_array().expect("edges").len(), 3);
                    assert_eq!(replies["pageInfo"]["hasNextPage"], true);
                    counts.push(statements.len());
                }
            }
            for comment in &comments {
                for number in 0..4 {
                    reply(app, Persona::Neighbour, &theme, comment, &format!("Antwoord {number}")).await;
                }
            }
        }
        assert_eq!(counts, [3, 5], "a theme, its comments, their replies; what the viewer supports of either");
        let totals = "query($id: ID!) { node(id: $id) { ... on Commentable { comments { nodes { replies(first: 1) { totalCount } parent { id } } } } } }";
        let (_, statements) = app
            .statements_of(app.execute(Persona::Anonymous, totals, json!({ "id": theme["id"] })))
            .await;
        assert_eq!(statements.len(), 4, "{statements:#?}");
    }
}
