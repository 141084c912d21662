//! The big screen and its remote control: what the server says, and what people see in a browser.

use std::{process::Stdio, time::Duration};

use api::graphql::{
    operation::guard,
    operation::{Rules, Senders, Trusted},
};
use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use chrono::TimeDelta;
use domain::{Actor, Locale, Role, Roles, account::AccountDraft, clock::Clock};
use harness::{DatabaseKind, TestApp, browser, on_both_databases};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::{poll, question, room::room};

const PASSWORD: &str = "een lang wachtwoord";
/// Longer than a browser takes, also on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(10);

async fn get(app: &TestApp, address: &str, language: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::builder()
        .uri(address)
        .header(header::ACCEPT_LANGUAGE, language)
        .body(Body::empty())
        .expect("a request");
    let (head, body) = app.http(request).await.into_parts();
    let body = to_bytes(body, 1 << 20).await.expect("a body");
    let body = String::from_utf8(body.to_vec()).expect("UTF-8");
    (head.status, head.headers, body)
}

fn named(kind: &str, prompt: &str, labels: &[&str]) -> Value {
    let mut question = question(kind, labels);
    question["prompt"] = json!(prompt);
    question
}

fn ruled(kind: &str, prompt: &str, labels: &[&str], rules: Value) -> Value {
    let mut question = named(kind, prompt, labels);
    question["rules"] = rules;
    question
}

/// A question of every kind, as one would ask them in a hall.
fn every_kind() -> Vec<Value> {
    let plans = [
        "Zwemmen in het kanaal",
        "Meer bomen langs de weg",
        "Een bus die ook ’s avonds rijdt",
    ];
    let steps = json!({ "scaleMin": 1, "scaleMax": 5, "scaleMinLabel": "helemaal niet", "scaleMaxLabel": "heel erg" });
    let mut quiz = named(
        "QUIZ",
        "Hoe lang is de Vecht?",
        &["167 kilometer", "87 kilometer", "267 kilometer"],
    );
    quiz["options"][0]["isRight"] = json!(true);
    vec![
        named(
            "SINGLE",
            "Waar moet het geld voor het kanaal het eerst naartoe?",
            &plans,
        ),
        named("MULTIPLE", "Waar doet u aan mee?", &plans),
        named(
            "STATEMENTS",
            "Bent u het hiermee eens?",
            &[
                "De oevers moeten vrij toegankelijk blijven, ook als dat ten koste gaat van nieuwe huizen aan het water.",
                "Varen met een motor mag alleen overdag.",
                "Overijssel heeft genoeg bruggen.",
            ],
        ),
        ruled(
            "SCALE",
            "Hoe belangrijk zijn deze voor u?",
            &plans,
            steps.clone(),
        ),
        ruled(
            "SCALE",
            "Hoe tevreden bent u over uw buurt?",
            &["Uw buurt"],
            steps,
        ),
        named("RANKING", "Zet op volgorde: wat komt eerst?", &plans),
        named("POINTS", "Verdeel honderd punten", &plans),
        ruled(
            "NUMBER",
            "Hoeveel minuten mag de bus onderweg zijn?",
            &[],
            json!({ "scaleMin": 0, "scaleMax": 120 }),
        ),
        named("WORD_CLOUD", "Overijssel in drie woorden?", &[]),
        named("OPEN", "Wat zou u morgen veranderen?", &[]),
        quiz,
    ]
}

/// Someone with a password, and how the script signs them in.
async fn person(app: &TestApp, email: &str, roles: &[Role]) -> Value {
    let draft = AccountDraft {
        email: email.to_owned(),
        password: PASSWORD.into(),
        display_name: "Eva Zaal".to_owned(),
        locale: Locale::Nl,
    };
    let roles = Roles::new(roles.iter().copied());
    app.services
        .accounts
        .create(&Actor::System, draft, roles)
        .await
        .expect("an account");
    json!({ "email": email, "password": PASSWORD })
}

/// How long ago the test's clock stands still, by this machine's.
#[expect(
    clippy::disallowed_methods,
    reason = "the browser compares the server's times with its own clock"
)]
fn behind(app: &TestApp) -> TimeDelta {
    chrono::Utc::now() - app.clock.now()
}

on_both_databases! {
    async fn the_screen_is_a_page_of_its_own(app) {
        let made = room(app, json!({})).await;
        let slug = made["slug"].as_str().expect("a slug");
        for page in [format!("/present/{slug}"), format!("/present/{slug}/remote")] {
            let (status, headers, html) = get(app, &page, "nl").await;
            assert_eq!(status, StatusCode::OK);
            assert!(html.contains(&format!("lang=\"nl\" data-slug=\"{slug}\" data-site=\"https://jij.example\"")), "{html}");
            assert!(!html.contains('{'), "nothing is left to fill in: {html}");
            let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
            assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"), "{policy}");
            assert!(policy.ends_with("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
            assert_eq!(headers.get(header::SET_COOKIE), None);
            assert_eq!(headers[header::VARY], "accept-language");
            let (_, headers, html) = get(app, &format!("{page}?lang=en"), "nl").await;
            assert_eq!(headers[header::CONTENT_LANGUAGE], "en");
            assert!(html.contains("This screen needs JavaScript."), "{html}");
        }
        // Nobody learns from it which rooms there are.
        assert_eq!(get(app, "/present/er-is-geen", "nl").await.0, StatusCode::OK);
        for nonsense in ["/present/", "/present/%3Cscript%3E", "/present/A", "/present/a%22b/remote"] {
            assert_eq!(get(app, nonsense, "nl").await.0, StatusCode::NOT_FOUND, "{nonsense}");
        }
    }

    async fn a_page_names_only_files_that_are_there(app) {
        let mut wanted = vec!["/present/x".to_owned(), "/present/x/remote".to_owned()];
        let mut seen = Vec::new();
        while let Some(address) = wanted.pop() {
            let (status, headers, text) = get(app, &address, "nl").await;
            assert_eq!(status, StatusCode::OK, "{address}");
            if seen.contains(&address) {
                continue;
            }
            seen.push(address);
            let media = headers[header::CONTENT_TYPE].to_str().expect("text");
            let marks: &[&str] = if media.starts_with("text/html") { &["href=\"", "src=\""] } else { &["from './"] };
            for mark in marks {
                for rest in text.split(mark).skip(1) {
                    let name = rest.split(['"', '\'']).next().expect("a name").trim_start_matches("../");
                    if name.contains('.') {
                        wanted.push(format!("/present/{name}"));
                    }
                }
            }
        }
        assert!(seen.len() >= 17, "{seen:?}");
    }

    async fn a_code_is_drawn_and_not_looked_up(app) {
        let (status, headers, svg) = get(app, "/present/zaal/qr.svg?code=123456", "nl").await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers[header::CONTENT_TYPE], "image/svg+xml; charset=utf-8");
        assert!(svg.starts_with("<svg xmlns="), "{svg}");
        assert_ne!(get(app, "/present/zaal/qr.svg?code=123457", "nl").await.2, svg);
        assert_ne!(get(app, "/present/zaal/qr.svg", "nl").await.2, svg);
        for nonsense in ["?code=12345", "?code=abcdef", "?code="] {
            assert_eq!(get(app, &format!("/present/zaal/qr.svg{nonsense}"), "nl").await.0, StatusCode::NOT_FOUND, "{nonsense}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hall_is_led_and_looked_at() {
    let Some(mut script) = browser("present.mjs") else {
        return;
    };
    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    app.clock.advance(behind(&app));
    let (title, secret) = ("Het kanaal van morgen", "Nog even geheim");
    let moving = room(&app, json!({ "title": title, "questions": every_kind() })).await;
    let moving = with_words(moving, title, &every_kind());
    let asked = [named(
        "SINGLE",
        "Zwemmen in het kanaal?",
        &["Ja", "Nee", "Weet ik nog niet"],
    )];
    let held = poll(
        &app,
        json!({ "title": secret, "pace": "PRESENTER", "resultsVisibility": "AFTER_CLOSE", "questions": asked }),
    )
    .await;
    let held = with_words(held, secret, &asked);
    let people = json!({
        "editor": person(&app, "zaal@voorbeeld.example", &[Role::Resident, Role::Editor]).await,
        "resident": person(&app, "buur@voorbeeld.example", &[Role::Resident]).await,
    });
    let folder = std::env::var_os("JIJ_PICTURES").map_or_else(std::env::temp_dir, Into::into);
    // Nobody but the pages sends documents of their own here: theirs are trusted.
    let documents = json!({
        "visitor": "mutation { visitorCreate { accessToken } }",
        "cast": "mutation($input: BallotCastInput!) { ballotCast(input: $input) { userErrors { code } } }",
    });
    let rules = Rules {
        senders: Senders::Only,
        trusted: Trusted::from_json(&documents.to_string(), &guard::Limits::DEFAULT)
            .expect("documents"),
        ..Rules::default()
    };
    let served = app.serve_by(rules).await;
    let running = script
        .arg(served.address.to_string())
        .arg(folder)
        .arg(json!({ "moving": moving, "held": held }).to_string())
        .arg(people.to_string())
        .arg(documents.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("Node starts");
    let output = running.wait_with_output();
    tokio::pin!(output);
    // The server's time goes on with the browser's.
    let output = timeout(PATIENCE, async {
        loop {
            tokio::select! {
                output = &mut output => return output.expect("its output"),
                () = sleep(Duration::from_millis(200)) => app.clock.advance(behind(&app)),
            }
        }
    })
    .await
    .expect("the script ends");
    assert!(output.status.success(), "the script says why");
    let seen = String::from_utf8(output.stdout).expect("UTF-8");
    let seen: Value = serde_json::from_str(seen.trim()).expect("JSON");
    assert_eq!(seen["findings"], json!([]), "{seen:#}");
    assert_eq!(seen["outside"], json!([]), "{seen:#}");
    assert_eq!(
        seen["kinds"].as_object().map(serde_json::Map::len),
        Some(10)
    );
    served.end().await;
    app.end().await;
}

/// A poll as `pollCreate` gives it, with its title and prompts as they were written.
fn with_words(mut made: Value, title: &str, questions: &[Value]) -> Value {
    made["title"] = json!(title);
    let found = made["questions"].as_array_mut().expect("questions");
    for (question, asked) in found.iter_mut().zip(questions) {
        question["prompt"] = asked["prompt"].clone();
    }
    made
}
