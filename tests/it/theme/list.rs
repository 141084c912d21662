//! Lists of themes, page by page.

use chrono::TimeDelta;
use harness::{Answer, Persona, on_both_databases};
use serde_json::json;

use super::theme;

pub(super) fn slugs(answer: &Answer) -> Vec<String> {
    answer
        .data("/themes/edges")
        .as_array()
        .expect("edges")
        .iter()
        .map(|edge| edge["node"]["slug"].as_str().expect("a slug").to_owned())
        .collect()
}

on_both_databases! {
    async fn pages_join_without_a_gap_or_a_repeat(app) {
        for name in ["Water", "Wonen", "Zorg", "Energie", "Natuur"] {
            theme(app, name).await;
            app.clock.advance(TimeDelta::seconds(1));
        }
        let mut seen = Vec::new();
        let mut after = None::<String>;
        loop {
            let page = app
                .send(Persona::Anonymous, "ThemeList", json!({ "first": 2, "after": after }))
                .await;
            assert_eq!(page.data("/themes/totalCount"), 5);
            seen.extend(slugs(&page));
            let info = page.data("/themes/pageInfo");
            assert_eq!(info["hasPreviousPage"], after.is_some());
            if info["hasNextPage"] == false {
                break;
            }
            after = info["endCursor"].as_str().map(str::to_owned);
        }
        assert_eq!(seen, ["natuur", "energie", "zorg", "wonen", "water"]);
    }

    async fn pages_run_backwards_too(app) {
        for name in ["Water", "Wonen", "Zorg"] {
            theme(app, name).await;
            app.clock.advance(TimeDelta::seconds(1));
        }
        let document = "query($last: Int, $before: String) { themes(last: $last, before: $before, orderBy: TITLE) {
            edges { cursor node { slug } } pageInfo { hasPreviousPage startCursor } } }";
        let end = app.execute(Persona::Anonymous, document, json!({ "last": 2 })).await;
        assert_eq!(slugs(&end), ["wonen", "zorg"]);
        assert_eq!(end.data("/themes/pageInfo/hasPreviousPage"), true);
        let cursor = end.data("/themes/pageInfo/startCursor").clone();
        let rest = app.execute(Persona::Anonymous, document, json!({ "last": 2, "before": cursor })).await;
        assert_eq!(slugs(&rest), ["water"]);
        assert_eq!(rest.data("/themes/pageInfo/hasPreviousPage"), false);
    }

    async fn titles_are_sorted_as_people_read_them_and_not_by_slug(app) {
        for title in ["Zorg", "water", "Éen fietspad", "‘Een brug’", "Wonen"] {
            theme(app, title).await;
        }
        let input = json!({ "input": { "themeId": theme(app, "Aardgas").await["id"], "title": "Zon" } });
        app.send(Persona::Editor, "ThemeUpdate", input).await.accepted("themeUpdate");
        let document = "query($after: String) { themes(first: 2, after: $after, orderBy: TITLE) {
            nodes { title } pageInfo { endCursor hasNextPage } } }";
        let (mut seen, mut after) = (Vec::new(), json!(null));
        loop {
            let page = app.execute(Persona::Anonymous, document, json!({ "after": after })).await;
            let nodes = page.data("/themes/nodes").as_array().expect("nodes").clone();
            seen.extend(nodes.iter().map(|node| node["title"].as_str().expect("a title").to_owned()));
            if page.data("/themes/pageInfo/hasNextPage") == false {
                break;
            }
            after = page.data("/themes/pageInfo/endCursor").clone();
        }
        assert_eq!(seen, ["‘Een brug’", "Éen fietspad", "water", "Wonen", "Zon", "Zorg"]);
    }

    async fn pages_that_cannot_be_are_refused(app) {
        theme(app, "Water").await;
        let page = app.send(Persona::Anonymous, "ThemeList", json!({ "first": 1 })).await;
        let cursor = page.data("/themes/edges/0/cursor").clone();
        let log = "query($cursor: String) { theme(slug: \"water\") { updates(after: $cursor) { nodes { id } } } }";
        for (variables, field) in [
            (json!({ "first": -1 }), "first"),
            (json!({ "first": 101 }), "first"),
            (json!({ "first": 1, "after": "nonsense" }), "after"),
            (json!({ "first": 1, "after": cursor, "orderBy": "TITLE" }), "after"),
            (json!({ "first": 1, "after": cursor, "filter": { "status": ["RAISED"] } }), "after"),
        ] {
            let answer = app.send(Persona::Anonymous, "ThemeList", variables.clone()).await;
            assert_eq!(answer.code(), "BAD_INPUT", "{variables}");
            assert_eq!(answer.0["errors"][0]["extensions"]["field"], json!([field]), "{variables}");
        }
        let foreign = app.execute(Persona::Anonymous, log, json!({ "cursor": cursor })).await;
        assert_eq!(foreign.code(), "BAD_INPUT");
    }

    async fn a_page_costs_one_statement_and_the_count_one_more(app) {
        for number in 0..30 {
            theme(app, &format!("Thema {number}")).await;
        }
        let document = "{ themes(first: 20) { edges { node { id slug title followerCount } } } }";
        let (answer, statements) = app
            .statements_of(app.execute(Persona::Anonymous, document, json!({})))
            .await;
        assert_eq!(answer.data("/themes/edges").as_array().expect("edges").len(), 20);
        assert_eq!(statements.len(), 1, "{statements:#?}");
    }
}
