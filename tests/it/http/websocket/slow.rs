//! Clients that read slowly, or not at all.

use std::time::Duration;

use api::http::Limits;
use harness::{DatabaseKind, Persona, Piped, TestApp};
use serde_json::{Value, json};
use tokio::{io::DuplexStream, time::timeout};

use super::{
    super::{ballot, poll, visitor},
    Client, PATIENCE, handshake, open,
};

const VOTERS: u64 = 30;

/// A socket through a pipe that holds less than a state of the poll is long.
async fn piped(served: &Piped, parameters: Value) -> Client<DuplexStream> {
    let request = handshake("jij.example", Some("graphql-transport-ws"), &[]);
    let (mut client, _) = open(served.connect(1024), request).await.expect("a socket");
    client.introduce(parameters).await;
    client
}

fn voters(message: &Value) -> u64 {
    assert_eq!(message["type"], "next", "{message:#}");
    message["payload"]["data"]["pollUpdated"]["voterCount"]
        .as_u64()
        .expect("a count")
}

/// Votes as a new visitor.
async fn vote(app: &TestApp, poll: &Value) {
    let token = visitor(app).await;
    let document = &harness::operation("BallotCast").document;
    let body = json!({ "query": document, "variables": { "input": ballot(poll) } });
    let request = axum::http::Request::post("/graphql")
        .header("Authorization", format!("Bearer {token}"))
        .header("Content-Type", "application/json")
        .body(body.to_string().into())
        .expect("a request");
    assert_eq!(app.http(request).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_slowly_skips_states_and_slows_nobody() {
    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let served = app.pipe(Limits::default());
    // One state is longer than what a pipe holds, so that it is still being sent all the while.
    let poll = poll(&app, 12, 10).await;
    let mut slow = piped(&served, Value::Null).await;
    let mut quick = piped(&served, Value::Null).await;
    slow.watch("a", &poll).await;
    quick.watch("a", &poll).await;
    assert_eq!(voters(&quick.hear().await), 0);
    let votes = async {
        for _ in 0..VOTERS {
            vote(&app, &poll).await;
        }
    };
    let seen = async { while voters(&quick.hear().await) < VOTERS {} };
    timeout(PATIENCE, async { tokio::join!(votes, seen) })
        .await
        .expect("the quick one sees all, whatever the slow one does");
    // What was being sent, then the newest of what came since.
    let mut counts = vec![voters(&slow.hear().await)];
    while counts.last() != Some(&VOTERS) {
        counts.push(voters(&slow.hear().await));
    }
    assert!(counts.len() <= 3, "{counts:?}");
    assert!(counts.is_sorted(), "{counts:?}");
    // It is heard as ever.
    slow.say(json!({ "type": "complete", "id": "a" })).await;
    slow.subscribe("b", "{ __typename }", Value::Null).await;
    assert_eq!(slow.result("b").await["data"]["__typename"], "Query");
    drop((slow, quick));
    timeout(PATIENCE, served.end())
        .await
        .expect("the server ends");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_stops_reading_is_left_and_holds_up_nothing_until_then() {
    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let served = app.pipe(Limits {
        ping_every: Duration::from_millis(300),
        ..Limits::default()
    });
    let poll = poll(&app, 12, 10).await;
    let token = visitor(&app).await;
    let parameters = json!({ "authorization": format!("Bearer {token}") });
    let mut stuck = piped(&served, parameters).await;
    stuck.watch("a", &poll).await;
    // A change that is begun is carried out, though nobody takes its answer.
    let document = &harness::operation("BallotCast").document;
    let variables = json!({ "input": ballot(&poll) });
    stuck.subscribe("b", document, variables).await;
    let counted = async {
        let page = json!({ "slug": poll["slug"] });
        loop {
            let answer = app.send(Persona::Anonymous, "PollPage", page.clone()).await;
            if answer.data("/poll/voterCount") == 1 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, counted)
        .await
        .expect("the ballot is counted");
    vote(&app, &poll).await;
    // The server gives up on it by itself.
    timeout(PATIENCE, served.idle())
        .await
        .expect("nobody is connected");
    drop(stuck);
    timeout(PATIENCE, served.end())
        .await
        .expect("the server ends");
    app.end().await;
}
