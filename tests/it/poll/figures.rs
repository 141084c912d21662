//! Figures of results: one rounding wherever a number is shown, and sums beyond 32 bits.

use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use domain::{
    Actor,
    clock::Clock,
    id::{OptionId, QuestionId, VisitorId},
    poll::{BallotDraft, Mark},
};
use entity::poll_option;
use futures_util::future::join_all;
use harness::{Persona, TestApp, on_both_databases};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use super::{ballot, cast, poll, question};

const RESULTS: &str = "query($slug: String!) { poll(slug: $slug) { questions { results { summary options {
    option { label role } voterCount share percentage caption figure total meanText medianText scoreText rank
    distribution { value count percentage } } } } } }";

/// The results of a poll's questions in Dutch.
async fn results(app: &TestApp, poll: &Value) -> Vec<Value> {
    let body = json!({ "query": RESULTS, "variables": { "slug": poll["slug"] } });
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept-language", "nl");
    let request = request
        .body(Body::from(body.to_string()))
        .expect("a request");
    let text = sent(app, request).await;
    let answer: Value = serde_json::from_str(&text).expect("JSON");
    let questions = answer["data"]["poll"]["questions"].as_array();
    let questions = questions.unwrap_or_else(|| panic!("{answer:#}"));
    questions.iter().map(|one| one["results"].clone()).collect()
}

async fn sent(app: &TestApp, request: Request<Body>) -> String {
    let body = app.http(request).await.into_body();
    let bytes = to_bytes(body, 1 << 20).await.expect("a body");
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

async fn get(app: &TestApp, address: String) -> String {
    let request = Request::get(address).header("accept-language", "nl");
    sent(app, request.body(Body::empty()).expect("a request")).await
}

/// Has so many visitors give each of the options of the only poll, in order, each of the values.
async fn crowd(app: &TestApp, votes: &[(usize, i32, usize)]) {
    let options = poll_option::Entity::find()
        .order_by_asc(poll_option::Column::Position)
        .all(app.database.read())
        .await
        .expect("options");
    let casts = votes.iter().flat_map(|&(option, value, times)| {
        let row = &options[option];
        let (question, option) = (QuestionId(row.question_id.0), OptionId(row.id.0));
        (0..times).map(move |_| async move {
            let visitor = Actor::Visitor(Some(VisitorId::new(app.clock.now())));
            let draft = BallotDraft {
                marks: vec![Mark { option, value }],
                ..BallotDraft::default()
            };
            app.services.polls.cast(&visitor, question, draft).await
        })
    });
    for cast in join_all(casts).await {
        cast.expect("taken");
    }
}

on_both_databases! {
    async fn a_number_is_rounded_alike_in_sentence_table_page_and_picture(app) {
        let made = poll(app, json!({})).await;
        crowd(app, &[(0, 1, 23), (1, 1, 17)]).await;
        let found = results(app, &made).await.remove(0);
        assert_eq!(found["options"][0]["percentage"], 58, "57.5 %");
        assert_eq!(found["options"][1]["percentage"], 42, "42.5 %: together 100");
        assert_eq!(found["options"][0]["caption"], "58% (23)");
        assert_eq!(found["options"][0]["figure"], "58%");
        let sentence = "40 mensen hebben gestemd; het meest gekozen is ‘Ja’ (58%).";
        assert_eq!(found["summary"], sentence);
        let slug = made["slug"].as_str().expect("a slug");
        for address in [format!("/p/{slug}"), format!("/polls/{slug}/questions/1.svg?lang=nl")] {
            let shown = get(app, address.clone()).await;
            for text in [sentence, "58% (23)", "42% (17)"] {
                assert!(shown.contains(text), "{address}: {text}: {shown}");
            }
            assert!(!shown.contains("57%") && !shown.contains("43%"), "{address}");
        }
    }

    async fn a_mean_is_rounded_alike_in_sentence_table_page_and_picture(app) {
        let mut scale = question("SCALE", &["Uw buurt", "Uw straat"]);
        scale["rules"] = json!({ "scaleMin": 1, "scaleMax": 5 });
        let made = poll(app, json!({ "questions": [scale] })).await;
        crowd(app, &[(0, 2, 3), (0, 3, 1)]).await;
        let found = results(app, &made).await.remove(0);
        let option = &found["options"][0];
        assert_eq!((&option["meanText"], &option["medianText"]), (&json!("2,3"), &json!("2")), "2.25");
        assert_eq!(option["caption"], "gemiddeld 2,3");
        let slug = made["slug"].as_str().expect("a slug");
        let page = get(app, format!("/p/{slug}")).await;
        assert!(page.contains("(gemiddeld 2,3)") && page.contains("<td>gemiddeld 2,3"), "{page}");
        let picture = get(app, format!("/polls/{slug}/questions/1.svg?lang=nl")).await;
        assert!(picture.contains("(gemiddeld 2,3)") && picture.contains(">gem. 2,3<"), "{picture}");
        assert!(!page.contains("2,2") && !picture.contains("2,2"));
    }

    async fn none_of_the_above_has_its_own_number_on_page_and_picture(app) {
        let labels: Vec<String> = (1..=9).map(|number| format!("Plan {number}")).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        for kind in ["RANKING", "POINTS"] {
            let mut asked = question(kind, &labels);
            asked["rules"] = json!({ "noneOfTheAbove": true });
            if kind == "RANKING" {
                asked["rules"]["minChoices"] = json!(1);
            }
            let made = poll(app, json!({ "title": format!("Plannen {kind}"), "questions": [asked] })).await;
            for (persona, option) in [(Persona::Visitor, 9), (Persona::Resident, 9), (Persona::Neighbour, 9), (Persona::Editor, 0)] {
                cast(app, persona, ballot(&made, 0, &[(option, 1)])).await.accepted("ballotCast");
            }
            let found = results(app, &made).await.remove(0);
            let none = &found["options"][9];
            assert_eq!(none["rank"], Value::Null, "{kind}");
            assert_eq!((&none["caption"], &none["figure"]), (&json!("75% (3)"), &json!("75%")), "{kind}");
            assert_eq!(found["options"][0]["rank"], 1, "{kind}");
            let sentence = found["summary"].as_str().expect("a sentence");
            assert!(sentence.ends_with("; 3 mensen (75%) kozen ‘Geen van deze’."), "{sentence}");
            assert!(sentence.contains("‘Plan 1’"), "{sentence}");
            let slug = made["slug"].as_str().expect("a slug");
            let picture = get(app, format!("/polls/{slug}/questions/1.svg?lang=nl")).await;
            assert!(picture.contains(">Geen van deze<") && picture.contains(">75% (3)<"), "{kind}: {picture}");
            let page = get(app, format!("/p/{slug}")).await;
            assert!(page.contains("<td>75% (3)"), "{kind}: {page}");
        }
    }

    async fn sums_go_beyond_32_bits(app) {
        let mut number = question("NUMBER", &[]);
        number["rules"] = json!({ "scaleMin": 0, "scaleMax": 1_000_000_000 });
        let made = poll(app, json!({ "questions": [number] })).await;
        for persona in [Persona::Visitor, Persona::Resident, Persona::Neighbour] {
            cast(app, persona, ballot(&made, 0, &[(0, 1_000_000_000)])).await.accepted("ballotCast");
        }
        let found = results(app, &made).await.remove(0);
        assert_eq!(found["options"][0]["total"], 3_000_000_000_i64);
        assert_eq!(found["options"][0]["meanText"], "1.000.000.000");
        let document = "{ __type(name: \"OptionResults\") { fields { name type { name } } } }";
        let types = app.execute(Persona::Anonymous, document, json!({})).await;
        let fields = types.data("/__type/fields").as_array().expect("fields");
        let total = fields.iter().find(|field| field["name"] == "total").expect("total");
        assert_eq!(total["type"]["name"], "BigInt");
    }

    async fn a_cloud_leaves_out_function_words_of_its_language_and_no_answers(app) {
        let made = poll(app, json!({ "questions": [question("WORD_CLOUD", &[])] })).await;
        let write = |texts: &[&str]| json!({ "questionId": made["questions"][0]["id"], "writeIns": texts });
        for (persona, texts) in [
            (Persona::Visitor, ["ja", "de", "foto’s"]),
            (Persona::Resident, ["eens", "de", "FOTO'S"]),
            (Persona::Neighbour, ["the", "de", "niets"]),
        ] {
            cast(app, persona, write(&texts)).await.accepted("ballotCast");
        }
        let found = results(app, &made).await.remove(0);
        let words = found["options"].as_array().expect("options").iter();
        let mut words: Vec<_> = words.map(|one| one["option"]["label"].as_str().expect("a word")).collect();
        assert_eq!(words.remove(0), "foto's");
        words.sort_unstable();
        assert_eq!(words, ["eens", "ja", "niets", "the"], "the question is asked in Dutch");
        assert_eq!(found["summary"], "3 mensen hebben gestemd; het vaakst genoemd is ‘de’ (3 keer).");
    }

    async fn options_that_look_alike_are_refused(app) {
        let refusals = async |labels: &[&str], rules: Value| {
            let mut asked = question("SINGLE", labels);
            asked["rules"] = rules;
            let input = super::draft(app, &json!({ "questions": [asked] }));
            app.send(Persona::Editor, "PollCreate", json!({ "input": input })).await.refusals("pollCreate")
        };
        for labels in [
            ["Ja", "Ja\u{200B}"],
            ["Meer bomen", "Meer  bomen"],
            ["fietspad", "fiets\u{AD}pad"],
            ["Straße", "STRASSE"],
            ["foto's", "foto’s"],
            ["Ja-nee", "Ja\u{2011}nee"],
        ] {
            assert_eq!(refusals(&labels, json!({})).await, ["OPTION_REPEATED input.questions.0.options.1.label"], "{labels:?}");
        }
        let own = json!({ "other": true, "noneOfTheAbove": true });
        assert_eq!(refusals(&["Ja", "geen  van deze"], own.clone()).await, ["OPTION_REPEATED input.questions.0.options.1.label"]);
        assert_eq!(refusals(&["Anders, namelijk", "Ja"], own).await, ["OPTION_REPEATED input.questions.0.options.0.label"]);
        let none: Vec<String> = Vec::new();
        assert_eq!(refusals(&["Ja", "Geen van deze"], json!({})).await, none, "the question has none of its own");
        let flag = |letters: &str| {
            let tags = letters.bytes().filter_map(|byte| char::from_u32(0xE0000 + u32::from(byte)));
            format!("🏴{}\u{E007F}", tags.collect::<String>())
        };
        assert_eq!(refusals(&[&flag("gbeng"), &flag("gbsct")], json!({})).await, none);

        let made = poll(app, json!({ "title": "Nog een peiling" })).await;
        let asked = &made["questions"][0];
        let input = json!({ "pollId": made["id"], "wording": [{
            "questionId": asked["id"],
            "options": [{ "optionId": asked["options"][1]["id"], "label": "JA\u{200B}" }],
        }] });
        let refused = app.send(Persona::Editor, "PollUpdate", json!({ "input": input })).await;
        assert_eq!(refused.refusals("pollUpdate"), ["OPTION_REPEATED input.wording.0.options.0.label"]);
    }
}

#[test]
fn browsers_round_no_result_by_themselves() {
    let assets = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/assets");
    let mut files = vec![assets.join("poll/page.js")];
    for entry in std::fs::read_dir(assets.join("present")).expect("the folder") {
        files.push(entry.expect("a file").path());
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "js"));
    assert!(files.len() > 5, "{files:?}");
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a script");
        for rounding in [
            "Math.round",
            "toFixed",
            "toPrecision",
            "'percent'",
            "maximumFractionDigits: 1",
        ] {
            assert!(!text.contains(rounding), "{}: {rounding}", file.display());
        }
    }
}
