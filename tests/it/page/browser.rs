//! The page in a browser: `tests/npm/page.mjs` votes, watches and looks at it.

use std::process::Stdio;

use api::http::Limits;
use entity::ballot::{Assurance, Channel};
use harness::{DatabaseKind, Persona, TestApp, browser};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    time::{Duration, timeout},
};

use super::{every_kind, poll, question};
use crate::embed::{PUBLIC, draft, session::signed};

/// Longer than anything here takes, also on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_vote_and_watch_in_a_browser() {
    let Some(mut program) = browser("page.mjs") else {
        return;
    };
    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let words = question("WORD_CLOUD", &[], json!({}));
    let choice = question("SINGLE", &["Ja", "Nee"], json!({}));
    let moving = json!({ "questions": [choice, words], "voteChange": "UNTIL_CLOSE" });
    let closing = json!({ "resultsVisibility": "AFTER_CLOSE" });
    let polls = json!({
        "every": every_kind(&app).await,
        "keyboard": every_kind(&app).await,
        "moving": poll(&app, moving).await,
        "final": poll(&app, json!({ "voteChange": "LOCKED" })).await,
        "closing": poll(&app, closing).await,
    });
    let served = app.serve(Limits::default()).await;
    let mut running = program
        .arg(served.address.to_string())
        .arg(polls.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node starts");
    let mut answers = running.stdin.take().expect("its input");
    let mut lines = BufReader::new(running.stdout.take().expect("its output")).lines();
    let seen = async {
        let mut last = String::new();
        while let Some(line) = lines.next_line().await.expect("a line") {
            if line == "close" {
                let input = json!({ "pollId": polls["closing"]["id"] });
                app.send(Persona::Editor, "PollClose", json!({ "input": input }))
                    .await
                    .accepted("pollClose");
                answers.write_all(b"closed\n").await.expect("it listens");
            }
            last = line;
        }
        assert!(running.wait().await.expect("an end").success(), "{last}");
        serde_json::from_str::<Value>(&last).expect("JSON")
    };
    let seen = timeout(PATIENCE, seen).await.expect("the script ends");
    assert_eq!(seen["axe"], json!([]), "{seen:#}");
    assert_eq!(seen["strangers"], json!([]), "{seen:#}");
    assert_eq!(seen["cookies"], json!([]), "{seen:#}");
    assert_eq!(seen["faults"], json!([]), "{seen:#}");
    assert_eq!(seen["wide"], json!([]), "nothing is wider than 320 px");
    assert_eq!(seen["requests"], 1, "before the first paint");
    let voters = |name: &str| {
        let name = name.to_owned();
        let (app, polls) = (&app, &polls);
        async move {
            let found = super::results(app, &polls[name]).await;
            let counts = found.iter().map(|results| results["voterCount"].clone());
            counts.collect::<Vec<Value>>()
        }
    };
    // One without a script, one with.
    assert_eq!(voters("every").await, vec![json!(2); 10]);
    assert_eq!(voters("keyboard").await, vec![json!(1); 10]);
    assert_eq!(voters("final").await, [1]);
    // Three who watch, of whom two voted, one of them twice; and one without storage, twice.
    assert_eq!(voters("moving").await[0], 3);
    assert_eq!(voters("closing").await, [1]);
    served.end().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partners_show_polls_on_their_pages() {
    let Some(mut program) = browser("frames.mjs") else {
        return;
    };
    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let partner =
        crate::partner::partner_of(&app, "Raalte", &[(Persona::Resident, "EDITOR")]).await;
    let made = poll(&app, json!({ "voteChange": "UNTIL_CLOSE" })).await;
    let served = app.serve(Limits::default()).await;
    let mut running = program
        .arg(served.address.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node starts");
    let mut answers = running.stdin.take().expect("its input");
    let mut lines = BufReader::new(running.stdout.take().expect("its output")).lines();
    let seen = async {
        let mut last = String::new();
        while let Some(line) = lines.next_line().await.expect("a line") {
            if let Some(origin) = line.strip_prefix("origin ") {
                let changes = json!({
                    "allowedOrigins": [origin], "accentColor": "#7a1f5c", "subjectKey": PUBLIC,
                });
                let input = draft(&partner, &made, &changes);
                let created = app
                    .send(Persona::Resident, "EmbedCreate", json!({ "input": input }))
                    .await;
                let embed = created.accepted("embedCreate")["embed"].clone();
                let subject = signed(&app, &embed, "piet")["subject"].clone();
                let told = json!({ "url": embed["url"], "subject": subject });
                let line = format!("{told}\n");
                answers
                    .write_all(line.as_bytes())
                    .await
                    .expect("it listens");
            } else if line == "close" {
                let input = json!({ "pollId": made["id"] });
                app.send(Persona::Editor, "PollClose", json!({ "input": input }))
                    .await
                    .accepted("pollClose");
                answers.write_all(b"closed\n").await.expect("it listens");
            }
            last = line;
        }
        assert!(running.wait().await.expect("an end").success(), "{last}");
        serde_json::from_str::<Value>(&last).expect("JSON")
    };
    let seen = timeout(PATIENCE, seen).await.expect("the script ends");
    assert_eq!(seen["axe"], json!([]), "{seen:#}");
    assert_eq!(seen["strangers"], json!([]), "{seen:#}");
    assert_eq!(seen["cookies"], json!([]), "{seen:#}");
    let told = seen["told"].as_array().expect("events");
    for event in ["jij:ready", "jij:voted", "jij:closed"] {
        let times = told.iter().filter(|told| **told == event).count();
        assert_eq!(times, 1, "{event}: {told:?}");
    }
    // With a kept token, without storage, without a script, and by the partner's word twice.
    let mut ballots: Vec<_> = crate::embed::session::ballots(&app)
        .await
        .into_iter()
        .map(|(channel, assurance, _)| (channel, assurance))
        .collect();
    ballots.sort_by_key(|ballot| format!("{ballot:?}"));
    let by = |assurance| (Channel::Embed, assurance);
    assert_eq!(
        ballots,
        [
            by(Assurance::Device),
            by(Assurance::Open),
            by(Assurance::Open),
            by(Assurance::Partner)
        ]
    );
    app.services.embeds.write_loads().await.expect("written");
    let used = app
        .send(
            Persona::Resident,
            "EmbedUse",
            json!({ "partnerSlug": partner["slug"] }),
        )
        .await;
    let embed = used.data("/partner/embeds/edges/0/node");
    assert_eq!(embed["refusals"][0]["origin"], seen["refused"], "{embed:#}");
    assert_eq!(embed["loads"][0]["origin"], seen["allowed"], "{embed:#}");
    served.end().await;
    app.end().await;
}
