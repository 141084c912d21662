//! Lists of stories, page by page, and what they cost.

use chrono::TimeDelta;
use harness::{Answer, Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{
    body, create, draft, input, publish, published,
    reaction::react,
    series::{arrange, series},
    submit, submitted, texts,
};
use crate::theme::theme;

fn slugs(answer: &Answer) -> Vec<String> {
    texts(answer.data("/stories/edges"), "/node/slug")
}

async fn list(app: &TestApp, persona: Persona, variables: Value) -> Vec<String> {
    slugs(&app.send(persona, "StoryList", variables).await)
}

/// A resident's public story with something else than [`input`] gives.
async fn published_with(app: &TestApp, title: &str, change: Value) -> Value {
    let mut typed = input(title);
    for (name, value) in change.as_object().expect("an object") {
        typed[name] = value.clone();
    }
    let story = create(app, Persona::Resident, typed).await;
    submit(app, &story).await;
    publish(app, &story, None).await;
    story
}

on_both_databases! {
    async fn pages_join_without_a_gap_or_a_repeat_in_every_order(app) {
        for name in ["Averlo", "Bathmen", "Colmschate", "Diepenveen", "Epse"] {
            let story = published(app, &format!("Dorpshuis {name}")).await;
            if name != "Bathmen" {
                react(app, Persona::Resident, &story, "LOVE", true).await;
            }
            if name == "Colmschate" {
                react(app, Persona::Neighbour, &story, "JOIN", true).await;
            }
            app.clock.advance(TimeDelta::seconds(1));
        }
        for order in ["NEWEST", "MOST_ENERGY", "MOST_COMMENTED"] {
            let mut seen = Vec::new();
            let mut after = None::<String>;
            loop {
                let page = app
                    .send(Persona::Anonymous, "StoryList", json!({ "first": 2, "after": after, "orderBy": order }))
                    .await;
                seen.extend(slugs(&page));
                let info = page.data("/stories/pageInfo");
                assert_eq!(info["hasPreviousPage"], after.is_some());
                if info["hasNextPage"] == false {
                    break;
                }
                after = info["endCursor"].as_str().map(str::to_owned);
            }
            let newest = ["epse", "diepenveen", "colmschate", "bathmen", "averlo"].map(|name| format!("dorpshuis-{name}"));
            let energy = ["colmschate", "epse", "diepenveen", "averlo", "bathmen"].map(|name| format!("dorpshuis-{name}"));
            match order {
                "MOST_ENERGY" => assert_eq!(seen, energy),
                // Nobody commented, so there too the latest made stand first.
                _ => assert_eq!(seen, newest),
            }
        }
    }

    async fn a_story_that_appears_later_stands_where_it_appears(app) {
        let later = submitted(app, "Dorpshuis Averlo").await;
        publish(app, &later, Some(TimeDelta::hours(1))).await;
        app.clock.advance(TimeDelta::minutes(30));
        published(app, "Dorpshuis Bathmen").await;
        assert_eq!(list(app, Persona::Anonymous, json!({})).await, ["dorpshuis-bathmen"]);
        app.clock.advance(TimeDelta::minutes(30));
        assert_eq!(list(app, Persona::Anonymous, json!({})).await, ["dorpshuis-averlo", "dorpshuis-bathmen"]);
    }

    async fn every_part_of_a_filter_holds(app) {
        let (water, wonen) = (theme(app, "Water").await, theme(app, "Wonen").await);
        for (title, change) in [
            ("Dorpshuis Averlo", json!({ "themeIds": [water["id"]], "kind": "INITIATIVE" })),
            ("Dorpshuis Bathmen", json!({ "themeIds": [water["id"], wonen["id"]], "municipalityCode": "GM0150" })),
            ("Dorpshuis Colmschate", json!({ "municipalityCode": "GM0150", "language": "nds", "kind": "EXAMPLE" })),
        ] {
            published_with(app, title, change).await;
            app.clock.advance(TimeDelta::seconds(1));
        }
        let (a, b, c) = ("dorpshuis-averlo", "dorpshuis-bathmen", "dorpshuis-colmschate");
        for (filter, expected) in [
            (json!({}), vec![c, b, a]),
            (json!({ "kind": "INITIATIVE" }), vec![a]),
            (json!({ "kind": ["INITIATIVE", "EXAMPLE"] }), vec![c, a]),
            (json!({ "kind": [] }), vec![]),
            (json!({ "themeId": water["id"] }), vec![b, a]),
            (json!({ "themeSlug": "wonen" }), vec![b]),
            (json!({ "themeSlug": "zorg" }), vec![]),
            (json!({ "municipalityCode": "GM0150" }), vec![c, b]),
            (json!({ "language": "nds" }), vec![c]),
            (json!({ "themeId": water["id"], "municipalityCode": "GM0150" }), vec![b]),
            (json!({ "themeId": wonen["id"], "language": "nds" }), vec![]),
        ] {
            assert_eq!(list(app, Persona::Anonymous, json!({ "filter": filter })).await, expected, "{filter}");
            let counted = app
                .execute(
                    Persona::Anonymous,
                    "query($filter: StoryFilter) { stories(filter: $filter, first: 0) { totalCount } }",
                    json!({ "filter": filter }),
                )
                .await;
            assert_eq!(counted.data("/stories/totalCount"), expected.len(), "{filter}");
        }
        let page = app
            .execute(
                Persona::Anonymous,
                "{ themes(orderBy: TITLE) { nodes { slug storyCount stories(first: 10) { totalCount nodes { slug publishedAt } } } } }",
                json!({}),
            )
            .await;
        let themes = page.data("/themes/nodes");
        assert_eq!(texts(&themes[0]["stories"]["nodes"], "/slug"), [b, a]);
        assert_eq!(texts(&themes[1]["stories"]["nodes"], "/slug"), [b]);
        for (theme, count) in [(0, 2), (1, 1)] {
            assert_eq!(themes[theme]["storyCount"], count);
            assert_eq!(themes[theme]["stories"]["totalCount"], count);
        }
    }

    async fn staff_list_what_is_not_public_and_nobody_else_may_ask(app) {
        draft(app, "Dorpshuis Averlo").await;
        app.clock.advance(TimeDelta::seconds(1));
        submitted(app, "Dorpshuis Bathmen").await;
        app.clock.advance(TimeDelta::seconds(1));
        published(app, "Dorpshuis Colmschate").await;
        for (filter, expected) in [
            (json!({ "lifecycle": "DRAFT" }), vec!["dorpshuis-averlo"]),
            (json!({ "lifecycle": ["DRAFT", "PUBLISHED"] }), vec!["dorpshuis-colmschate", "dorpshuis-averlo"]),
            (json!({ "lifecycle": [] }), vec![]),
            (json!({ "moderation": "PENDING" }), vec!["dorpshuis-bathmen"]),
            (json!({ "lifecycle": "PUBLISHED", "moderation": "PENDING" }), vec![]),
        ] {
            for persona in Persona::ALL {
                let answer = app.send(persona, "StoryList", json!({ "filter": filter })).await;
                match persona {
                    Persona::Anonymous | Persona::Visitor => assert_eq!(answer.code(), "UNAUTHENTICATED"),
                    Persona::Resident | Persona::Neighbour => assert_eq!(answer.code(), "FORBIDDEN"),
                    _ => assert_eq!(slugs(&answer), expected, "{persona:?} {filter}"),
                }
            }
        }
        for persona in Persona::ALL {
            assert_eq!(list(app, persona, json!({})).await, ["dorpshuis-colmschate"], "{persona:?}");
        }
    }

    async fn pages_that_cannot_be_are_refused(app) {
        published(app, "Dorpshuis Averlo").await;
        let page = app.send(Persona::Anonymous, "StoryList", json!({ "first": 1 })).await;
        let cursor = page.data("/stories/edges/0/cursor").clone();
        for (variables, field) in [
            (json!({ "first": -1 }), "first"),
            (json!({ "first": 101 }), "first"),
            (json!({ "after": "nonsense" }), "after"),
            (json!({ "after": cursor, "orderBy": "MOST_ENERGY" }), "after"),
            (json!({ "after": cursor, "filter": { "kind": "STORY" } }), "after"),
        ] {
            let answer = app.send(Persona::Anonymous, "StoryList", variables.clone()).await;
            assert_eq!(answer.code(), "BAD_INPUT", "{variables}");
            assert_eq!(answer.0["errors"][0]["extensions"]["field"], json!([field]), "{variables}");
        }
        let foreign = app.send(Persona::Anonymous, "ThemeList", json!({ "after": cursor })).await;
        assert_ne!(foreign.code(), "");
    }

    async fn a_list_costs_two_statements_and_reads_no_body(app) {
        let (water, wonen) = (theme(app, "Water").await, theme(app, "Wonen").await);
        for number in 0..25 {
            let themes = json!({ "themeIds": [water["id"], wonen["id"]] });
            published_with(app, &format!("Dorpshuis nummer {number}"), themes).await;
        }
        for persona in [Persona::Anonymous, Persona::Resident] {
            let (answer, statements) = app
                .statements_of(app.send(persona, "StoryList", json!({ "first": 20 })))
                .await;
            let edges = answer.data("/stories/edges").as_array().expect("edges");
            assert_eq!(edges.len(), 20);
            assert!(edges.iter().all(|edge| texts(&edge["node"]["themes"], "/slug") == ["water", "wonen"]));
            assert_eq!(statements.len(), 2, "{statements:#?}");
            assert!(!statements[0].contains("\"body\""), "{}", statements[0]);
        }
    }

    async fn bodies_in_a_list_are_read_together(app) {
        for number in 0..5 {
            published(app, &format!("Dorpshuis nummer {number}")).await;
        }
        let (answer, statements) = app
            .statements_of(app.execute(Persona::Anonymous, "{ stories { nodes { body bodyHtml } } }", json!({})))
            .await;
        assert!(answer.data("/stories/nodes").as_array().expect("nodes").iter().all(|story| story["body"] == body()));
        assert_eq!(statements.len(), 2, "{statements:#?}");
    }

    async fn a_story_page_costs_five_statements_however_many_comments(app) {
        let water = theme(app, "Water").await;
        let story = published_with(app, "Dorpshuis Averlo", json!({ "themeIds": [water["id"]], "municipalityCode": "GM0150" })).await;
        let series = series(app, "Dorpshuizen").await;
        arrange(app, &series, &[&story]).await.accepted("storySeriesArrange");
        let page = async |persona| {
            let (answer, statements) = app
                .statements_of(app.send(persona, "StoryPage", json!({ "slug": story["slug"] })))
                .await;
            (answer.data("/story").clone(), statements.len())
        };
        let mut costs = Vec::new();
        for number in 0..25 {
            if number % 12 == 0 {
                costs.push(page(Persona::Neighbour).await.1);
            }
            app.send(
                Persona::Neighbour,
                "CommentAdd",
                json!({ "input": { "subjectId": story["id"], "body": format!("Mooi verhaal, nummer {number}."), "language": "nl" } }),
            )
            .await
            .accepted("commentAdd");
        }
        for persona in [Persona::Neighbour, Persona::Anonymous] {
            let (read, cost) = page(persona).await;
            costs.push(cost);
            assert_eq!(read["comments"]["edges"].as_array().expect("edges").len(), 20);
            assert_eq!(read["comments"]["totalCount"], 25);
            assert_eq!(read["commentCount"], 25);
            assert_eq!(read["series"]["slug"], "dorpshuizen");
            assert_eq!(read["seriesPosition"], 1);
            assert_eq!(read["themes"][0]["slug"], "water");
            assert_eq!(read["viewerCanComment"], persona == Persona::Neighbour);
            assert_eq!(read["viewerCanReport"], persona == Persona::Neighbour);
        }
        assert_eq!(costs, [5, 5, 5, 5, 4], "the viewer's reactions cost one");
    }
}
