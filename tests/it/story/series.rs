//! Series of stories.

use harness::{Answer, Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{draft, published, read, texts};

pub(super) async fn series(app: &TestApp, title: &str) -> Value {
    let answer = app
        .send(
            Persona::Editor,
            "StorySeriesCreate",
            json!({ "input": { "title": title, "intro": "Vijf dorpen **vertellen**." } }),
        )
        .await;
    answer.accepted("storySeriesCreate")["storySeries"].clone()
}

pub(super) async fn arrange(app: &TestApp, series: &Value, stories: &[&Value]) -> Answer {
    let ids: Vec<&Value> = stories.iter().map(|story| &story["id"]).collect();
    app.send(
        Persona::Editor,
        "StorySeriesArrange",
        json!({ "input": { "storySeriesId": series["id"], "storyIds": ids } }),
    )
    .await
}

/// The slugs and places of a series' stories, as a persona sees them.
async fn places(app: &TestApp, persona: Persona, series: &Value) -> Vec<(String, i64)> {
    let answer = app
        .send(persona, "SeriesPage", json!({ "slug": series["slug"] }))
        .await;
    let edges = answer.data("/storySeries/stories/edges");
    edges
        .as_array()
        .expect("edges")
        .iter()
        .map(|edge| {
            let node = &edge["node"];
            (
                node["slug"].as_str().expect("a slug").to_owned(),
                node["seriesPosition"].as_i64().expect("a place"),
            )
        })
        .collect()
}

fn places_of(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    expected
        .iter()
        .map(|(slug, place)| ((*slug).to_owned(), *place))
        .collect()
}

on_both_databases! {
    async fn a_series_holds_exactly_what_it_was_given_in_that_order(app) {
        let series = series(app, "Dorpshuizen").await;
        assert_eq!(series["slug"], "dorpshuizen");
        let (a, b, c) = (
            published(app, "Dorpshuis Averlo").await,
            published(app, "Dorpshuis Bathmen").await,
            published(app, "Dorpshuis Colmschate").await,
        );
        let answer = arrange(app, &series, &[&c, &a, &b]).await;
        let given = &answer.accepted("storySeriesArrange")["storySeries"]["stories"]["edges"];
        assert_eq!(texts(given, "/node/id"), [&c, &a, &b].map(|story| story["id"].as_str().expect("an id")));
        assert_eq!(
            places(app, Persona::Anonymous, &series).await,
            places_of(&[("dorpshuis-colmschate", 1), ("dorpshuis-averlo", 2), ("dorpshuis-bathmen", 3)])
        );
        arrange(app, &series, &[&b, &c]).await.accepted("storySeriesArrange");
        assert_eq!(
            places(app, Persona::Anonymous, &series).await,
            places_of(&[("dorpshuis-bathmen", 1), ("dorpshuis-colmschate", 2)])
        );
        let alone = read(app, Persona::Anonymous, &a, "series { slug } seriesPosition").await;
        assert_eq!(alone, json!({ "series": null, "seriesPosition": null }));
        let inside = read(app, Persona::Anonymous, &c, "series { id slug title introHtml viewerCanArrange } seriesPosition").await;
        assert_eq!(
            inside,
            json!({
                "series": {
                    "id": series["id"],
                    "slug": "dorpshuizen",
                    "title": "Dorpshuizen",
                    "introHtml": "<p>Vijf dorpen <strong>vertellen</strong>.</p>\n",
                    "viewerCanArrange": false,
                },
                "seriesPosition": 2,
            })
        );
    }

    async fn what_cannot_be_arranged_is_refused_and_changes_nothing(app) {
        let (ours, theirs) = (series(app, "Dorpshuizen").await, series(app, "Buurthuizen").await);
        let (a, b) = (published(app, "Dorpshuis Averlo").await, published(app, "Dorpshuis Bathmen").await);
        arrange(app, &ours, &[&a]).await.accepted("storySeriesArrange");
        arrange(app, &theirs, &[&b]).await.accepted("storySeriesArrange");
        let nobody = json!({ "id": "UwGaD7jSfKuSAAAAAAAAAAA" });
        let answer = arrange(app, &ours, &[&a, &b, &nobody]).await;
        assert_eq!(
            answer.refusals("storySeriesArrange"),
            ["STORY_IN_OTHER_SERIES input.storyIds.1", "STORY_UNKNOWN input.storyIds.2"]
        );
        let answer = arrange(app, &ours, &[&a, &a]).await;
        assert_eq!(answer.refusals("storySeriesArrange"), ["STORY_TWICE input.storyIds.1"]);
        let answer = arrange(app, &ours, &[&a; 101]).await;
        assert_eq!(answer.refusals("storySeriesArrange"), ["LIST_TOO_LONG input.storyIds"]);
        for (id, code) in [(&a["id"], "BAD_INPUT"), (&json!("UgGaD7jSfKuSAAAAAAAAAAA"), "NOT_FOUND")] {
            let answer = arrange(app, &json!({ "id": id }), &[&a]).await;
            assert_eq!(answer.code(), code);
        }
        assert_eq!(places(app, Persona::Anonymous, &ours).await, places_of(&[("dorpshuis-averlo", 1)]));
        assert_eq!(places(app, Persona::Anonymous, &theirs).await, places_of(&[("dorpshuis-bathmen", 1)]));
    }

    async fn places_of_stories_that_are_not_public_stay_unseen(app) {
        let series = series(app, "Dorpshuizen").await;
        let (a, b) = (draft(app, "Dorpshuis Averlo").await, published(app, "Dorpshuis Bathmen").await);
        arrange(app, &series, &[&a, &b]).await.accepted("storySeriesArrange");
        let public = places_of(&[("dorpshuis-bathmen", 2)]);
        let all = places_of(&[("dorpshuis-averlo", 1), ("dorpshuis-bathmen", 2)]);
        for persona in Persona::ALL {
            let expected = match persona {
                Persona::Anonymous | Persona::Visitor | Persona::Neighbour => &public,
                _ => &all,
            };
            assert_eq!(&places(app, persona, &series).await, expected, "{persona:?}");
            let count = app
                .execute(
                    persona,
                    "{ storySeries(slug: \"dorpshuizen\") { stories(first: 0) { totalCount } } }",
                    json!({}),
                )
                .await;
            assert_eq!(count.data("/storySeries/stories/totalCount"), expected.len());
        }
    }

    async fn equal_titles_get_slugs_of_their_own(app) {
        let (first, second) = (series(app, "Dorpshuizen").await, series(app, "Dorpshuizen").await);
        assert_eq!(first["slug"], "dorpshuizen");
        assert!(second["slug"].as_str().expect("a slug").starts_with("dorpshuizen-"));
        let answer = app
            .send(Persona::Editor, "StorySeriesCreate", json!({ "input": { "title": "x", "intro": "é".repeat(2_001) } }))
            .await;
        assert_eq!(answer.refusals("storySeriesCreate"), ["TOO_SHORT input.title", "TOO_LONG input.intro"]);
    }
}
