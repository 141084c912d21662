//! Results as pictures, and the door to a room, over HTTP.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{
    ballot, cast, choice, poll, question,
    room::{room, show},
    writing,
};

struct Got {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Got {
    fn header(&self, name: header::HeaderName) -> &str {
        let value = self.headers.get(name).expect("the header");
        value.to_str().expect("text")
    }
}

async fn get(app: &TestApp, address: &str, headers: &[(header::HeaderName, &str)]) -> Got {
    let mut request = Request::builder().uri(address);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let request = request.body(Body::empty()).expect("a request");
    let (parts, body) = app.http(request).await.into_parts();
    let body = to_bytes(body, 1 << 20).await.expect("a body");
    Got {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).expect("UTF-8"),
    }
}

fn address(poll: &Value, file: &str) -> String {
    let slug = poll["slug"].as_str().expect("a slug");
    format!("/polls/{slug}/questions/{file}")
}

/// One question of every kind, each with options and rules of its own.
fn every_kind() -> Vec<Value> {
    let ruled = |kind: &str, labels: &[&str], rules: Value| {
        let mut question = question(kind, labels);
        question["rules"] = rules;
        question
    };
    let plans = ["Meer bomen", "Zwemwater", "Een bus die ook ’s avonds rijdt"];
    let steps = json!({ "scaleMin": 1, "scaleMax": 5 });
    vec![
        question("SINGLE", &plans),
        question("MULTIPLE", &plans),
        question("STATEMENTS", &plans),
        ruled("SCALE", &plans, steps.clone()),
        ruled("SCALE", &["Uw buurt"], steps),
        question("RANKING", &plans),
        question("POINTS", &plans),
        ruled("NUMBER", &[], json!({ "scaleMin": 0, "scaleMax": 100 })),
        question("WORD_CLOUD", &[]),
        question("OPEN", &[]),
    ]
}

on_both_databases! {
    async fn every_kind_has_its_picture(app) {
        let made = poll(app, json!({ "questions": every_kind() })).await;
        for (persona, step, word) in [(Persona::Visitor, 2, "Fietsen"), (Persona::Resident, 4, "Water")] {
            for input in [
                choice(&made, 0, &[0]),
                choice(&made, 1, &[0, 2]),
                ballot(&made, 2, &[(0, 1), (1, 0), (2, -1)]),
                ballot(&made, 3, &[(0, step), (1, 1), (2, 5)]),
                ballot(&made, 4, &[(0, step)]),
                ballot(&made, 5, &[(0, 1), (1, 2), (2, 3)]),
                ballot(&made, 6, &[(0, 60), (1, 40)]),
                ballot(&made, 7, &[(0, step * 10)]),
                writing(&made, 8, &[word, "Stilte"]),
                writing(&made, 9, &[word]),
            ] {
                cast(app, persona, input).await.accepted("ballotCast");
            }
        }
        for number in 1..=10 {
            let got = get(app, &address(&made, &format!("{number}.svg")), &[]).await;
            assert_eq!(got.status, StatusCode::OK);
            assert_eq!(got.header(header::CONTENT_TYPE), "image/svg+xml; charset=utf-8");
            assert!(got.body.contains("<desc id=\"desc\">2 mensen hebben gestemd"), "{}", got.body);
            assert!(got.body.contains("<title id=\"title\">Wat vindt u?</title>"), "{}", got.body);
            assert!(got.body.contains("role=\"img\" lang=\"nl\""), "{}", got.body);
            let english = get(app, &address(&made, &format!("{number}.svg?lang=en")), &[]).await;
            assert!(english.body.contains("<desc id=\"desc\">2 people voted"), "{}", english.body);
            assert_eq!(english.header(header::CONTENT_LANGUAGE), "en");
            // For whoever wants to look at them.
            if let Some(folder) = std::env::var_os("JIJ_PICTURES") {
                let file = std::path::Path::new(&folder).join(format!("{number}.svg"));
                std::fs::write(file, &got.body).expect("a file");
            }
        }
    }

    async fn a_picture_is_fetched_again_when_it_changed(app) {
        let made = poll(app, json!({})).await;
        let at = address(&made, "1.svg");
        let first = get(app, &at, &[]).await;
        assert_eq!(first.header(header::CACHE_CONTROL), "public, max-age=2");
        let policy = first.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert!(policy.ends_with("sandbox"), "{policy}");
        let british = [(header::ACCEPT_LANGUAGE, "en-GB, nl;q=0.5")];
        assert_eq!(first.header(header::VARY), "accept-language");
        assert_eq!(get(app, &at, &british).await.header(header::CONTENT_LANGUAGE), "en");
        let chosen = get(app, &format!("{at}?lang=nl"), &british).await;
        assert_eq!(chosen.header(header::CONTENT_LANGUAGE), "nl");
        let tag = first.header(header::ETAG).to_owned();
        let known = [(header::IF_NONE_MATCH, tag.as_str())];
        let same = get(app, &at, &known).await;
        assert_eq!((same.status, same.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
        cast(app, Persona::Visitor, choice(&made, 0, &[0])).await.accepted("ballotCast");
        assert_eq!(get(app, &at, &known).await.status, StatusCode::OK);
    }

    async fn a_picture_shows_what_everyone_may_see(app) {
        let made = poll(app, json!({ "resultsVisibility": "AFTER_CLOSE" })).await;
        cast(app, Persona::Visitor, choice(&made, 0, &[0])).await.accepted("ballotCast");
        let got = get(app, &address(&made, "1.svg"), &[]).await;
        assert!(got.body.contains("De uitkomsten zijn nog niet zichtbaar; 1 persoon heeft gestemd."), "{}", got.body);
        assert!(!got.body.contains("100%"), "{}", got.body);
        let room = room(app, json!({})).await;
        assert_eq!(get(app, &address(&room, "1.svg"), &[]).await.status, StatusCode::NOT_FOUND);
        show(app, &room, 0, "OPEN").await;
        assert_eq!(get(app, &address(&room, "1.svg"), &[]).await.status, StatusCode::OK);
        for file in ["0.svg", "2.svg", "01.svg", "-1.svg", "1", "1.png", "99999999999.svg"] {
            assert_eq!(get(app, &address(&made, file), &[]).await.status, StatusCode::NOT_FOUND, "{file}");
        }
    }

    async fn what_people_wrote_is_only_text_in_a_picture(app) {
        let hostile = "</text><script>alert(1)</script>&\"";
        let made = poll(app, json!({ "questions": [question("SINGLE", &[hostile, "Nee"])] })).await;
        let got = get(app, &address(&made, "1.svg"), &[]).await;
        assert!(!got.body.contains("<script"), "{}", got.body);
        assert!(got.body.contains("&lt;script&gt;"), "{}", got.body);
    }

    async fn a_code_leads_to_its_room(app) {
        let room = room(app, json!({})).await;
        let code = room["joinCode"].as_str().expect("a code");
        let form = get(app, "/join", &[]).await;
        assert_eq!(form.status, StatusCode::OK);
        assert!(form.body.contains("inputmode=\"numeric\" autocomplete=\"off\""), "{}", form.body);
        let spaced = format!("/join?code={}+{}", &code[..3], &code[3..]);
        for at in [format!("/join?code={code}"), spaced] {
            let got = get(app, &at, &[]).await;
            assert_eq!(got.status, StatusCode::SEE_OTHER);
            assert_eq!(got.header(header::LOCATION), format!("p/{}", room["slug"].as_str().expect("a slug")));
        }
        let link = get(app, &format!("/join/{code}"), &[]).await;
        assert_eq!(link.header(header::LOCATION), format!("../join?code={code}"));
        let english = [(header::ACCEPT_LANGUAGE, "en")];
        let wrong = get(app, "/join?code=banaan", &english).await;
        assert_eq!(wrong.status, StatusCode::NOT_FOUND);
        assert!(wrong.body.contains("We do not know this code"), "{}", wrong.body);
    }
}
