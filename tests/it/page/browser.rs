//! The page in a browser: `tests/npm/page.mjs` votes, watches and looks at it.

use std::process::Stdio;

use api::http::Limits;
use harness::{DatabaseKind, Persona, TestApp, browser};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    time::{Duration, timeout},
};

use super::{every_kind, poll, question};

/// Longer than anything here takes, also on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(5);

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
