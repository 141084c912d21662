//! A poll that moves while it is watched.

use api::http::Limits;
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    super::{ballot, poll},
    Client, PATIENCE,
};

/// The states of an operation up to the first with so many voters.
async fn until(client: &mut Client, id: &str, voters: u64) -> Vec<Value> {
    let mut states = Vec::new();
    loop {
        let message = client.hear().await;
        assert_eq!(
            (&message["type"], &message["id"]),
            (&json!("next"), &json!(id)),
            "{message:#}"
        );
        assert_eq!(message["payload"].get("errors"), None, "{message:#}");
        let state = message["payload"]["data"]["pollUpdated"].clone();
        let enough = state["voterCount"] == voters;
        states.push(state);
        if enough {
            return states;
        }
    }
}

async fn cast(app: &TestApp, persona: Persona, poll: &Value) {
    let variables = json!({ "input": ballot(poll) });
    app.send(persona, "BallotCast", variables)
        .await
        .accepted("ballotCast");
}

on_both_databases! {
    async fn the_first_state_is_now_and_newer_ones_follow(app) {
        let poll = poll(app, 2, 3).await;
        cast(app, Persona::Resident, &poll).await;
        let served = app.serve(Limits::default()).await;
        let mut client = Client::introduced(&served, Value::Null).await;
        client.watch("a", &poll).await;
        let now = until(&mut client, "a", 1).await;
        assert_eq!(now.len(), 1);
        assert_eq!(now[0]["id"], poll["id"]);
        cast(app, Persona::Neighbour, &poll).await;
        cast(app, Persona::Visitor, &poll).await;
        let later = until(&mut client, "a", 3).await;
        let last = later.last().expect("a state");
        let first = &last["questions"][0]["results"];
        assert_eq!(first["voterCount"], 3);
        assert_eq!(first["options"][0]["voterCount"], 3);
        let revisions: Vec<u64> = now.iter().chain(&later)
            .map(|state| state["questions"][0]["results"]["revision"].as_u64().expect("a revision"))
            .collect();
        assert!(revisions.is_sorted(), "{revisions:?}");
        drop(client);
        timeout(PATIENCE, served.end()).await.expect("the server ends");
    }

    async fn nothing_more_is_said_of_what_the_client_completed(app) {
        let poll = poll(app, 1, 2).await;
        let served = app.serve(Limits::default()).await;
        let mut client = Client::introduced(&served, Value::Null).await;
        client.watch("a", &poll).await;
        client.watch("b", &poll).await;
        for _ in 0..2 {
            assert_eq!(client.hear().await["type"], "next");
        }
        client.say(json!({ "type": "complete", "id": "a" })).await;
        client.say(json!({ "type": "ping" })).await;
        assert_eq!(client.hear().await["type"], "pong");
        cast(app, Persona::Resident, &poll).await;
        until(&mut client, "b", 1).await;
        // An id that was completed is free.
        client.say(json!({ "type": "complete", "id": "b" })).await;
        client.say(json!({ "type": "complete", "id": "b" })).await;
        client.watch("a", &poll).await;
        until(&mut client, "a", 1).await;
        drop(client);
        timeout(PATIENCE, served.end()).await.expect("the server ends");
    }
}
