//! Results are rendered once for many, and each gets what they asked for.

use axum::{
    body::{Body, to_bytes},
    http::{Request, header},
};
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{cast, choice, poll};

async fn summary(app: &TestApp, slug: &Value, language: &str) -> String {
    let query = "query($slug: String!) { poll(slug: $slug) { questions { results { summary } } } }";
    let body = json!({ "query": query, "variables": { "slug": slug } });
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT_LANGUAGE, language)
        .body(Body::from(body.to_string()))
        .expect("a request");
    let (_, body) = app.http(request).await.into_parts();
    let bytes = to_bytes(body, 1 << 20).await.expect("a body");
    let answer: Value = serde_json::from_slice(&bytes).expect("JSON");
    let summary = &answer["data"]["poll"]["questions"][0]["results"]["summary"];
    summary
        .as_str()
        .unwrap_or_else(|| panic!("{answer:#}"))
        .to_owned()
}

on_both_databases! {
    async fn each_selection_of_the_same_results_is_answered_as_asked(app) {
        let made = poll(app, json!({ "resultsVisibility": "ALWAYS" })).await;
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        let document = "query($slug: String!, $short: Boolean!) { poll(slug: $slug) { questions { \
            a: results { revision options @skip(if: $short) { voterCount } } \
            b: results { voterCount ...More } c: results { options { option { label } voterCount } } } } } \
            fragment More on QuestionResults { skipCount summary @include(if: $short) }";
        for round in 0..3 {
            for short in [true, false] {
                let variables = json!({ "slug": made["slug"], "short": short });
                let answer = app.execute(Persona::Anonymous, document, variables).await;
                let question = answer.data("/poll/questions/0");
                assert_eq!(question["a"]["options"].is_null(), short, "{round}: {question:#}");
                assert_eq!(question["b"]["summary"].is_null(), !short, "{round}: {question:#}");
                assert_eq!(question["b"]["voterCount"], 1);
                assert_eq!(question["c"]["options"][0]["voterCount"], 1);
                assert!(question["c"]["options"][0]["option"]["label"].is_string());
            }
        }
    }

    async fn results_that_change_are_rendered_anew(app) {
        let made = poll(app, json!({ "resultsVisibility": "ALWAYS" })).await;
        let document = "query($slug: String!) { poll(slug: $slug) { questions { results { voterCount options { voterCount } } } } }";
        let voters = [Persona::Resident, Persona::Neighbour, Persona::Visitor];
        for (count, voter) in voters.into_iter().enumerate() {
            let answer = app.execute(Persona::Anonymous, document, json!({ "slug": made["slug"] })).await;
            assert_eq!(answer.data("/poll/questions/0/results/voterCount"), count);
            let cast = cast(app, voter, choice(&made, 0, &[0])).await;
            let results = &cast.accepted("ballotCast")["question"]["results"];
            assert_eq!(results["voterCount"], count + 1);
            assert_eq!(results["options"][0]["voterCount"], count + 1);
        }
    }

    async fn each_language_has_its_sentence(app) {
        let made = poll(app, json!({ "resultsVisibility": "ALWAYS" })).await;
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        let (dutch, english) = (summary(app, &made["slug"], "nl").await, summary(app, &made["slug"], "en").await);
        assert_ne!(dutch, english);
        assert_eq!(summary(app, &made["slug"], "nl").await, dutch);
    }
}
