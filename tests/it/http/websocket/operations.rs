//! Queries, mutations and what is said beside them.

use api::http::Limits;
use serde_json::{Value, json};

use super::{
    super::{ballot, poll, visitor},
    Client, end, serve,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn queries_and_mutations_give_one_result() {
    let (app, served) = serve(Limits::default()).await;
    let poll = poll(&app, 1, 2).await;
    let token = visitor(&app).await;
    let parameters = json!({ "authorization": format!("Bearer {token}") });
    let mut client = Client::introduced(&served, parameters).await;
    let cast = &harness::operation("BallotCast").document;
    let variables = json!({ "input": ballot(&poll) });
    client.subscribe("cast", cast, variables).await;
    let result = client.result("cast").await;
    assert_eq!(
        result["data"]["ballotCast"]["userErrors"],
        json!([]),
        "{result:#}"
    );
    let query = "query Count($slug: String!) { poll(slug: $slug) { voterCount } } query Other { __typename }";
    let payload = json!({
        "query": query,
        "operationName": "Count",
        "variables": { "slug": poll["slug"] },
        "extensions": {},
    });
    // An id that has ended is free again.
    client
        .say(json!({ "type": "subscribe", "id": "cast", "payload": payload }))
        .await;
    assert_eq!(
        client.result("cast").await,
        json!({ "data": { "poll": { "voterCount": 1 } } })
    );
    drop(client);
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_cannot_be_executed_ends_with_an_error() {
    let (app, served) = serve(Limits::default()).await;
    let mut client = Client::introduced(&served, Value::Null).await;
    for query in ["", "{", "{ nonsense }", "subscription { nonsense }"] {
        client.subscribe("a", query, Value::Null).await;
        let error = client.hear().await;
        assert_eq!(error["type"], "error", "{query}: {error:#}");
        assert_eq!(error["id"], "a");
        let errors = error["payload"].as_array().expect("a list of errors");
        assert!(
            errors
                .iter()
                .all(|error| error["message"].is_string()
                    && error["extensions"]["code"] == "BAD_INPUT"),
            "{errors:#?}"
        );
    }
    // Nothing follows: the next word is about the next operation.
    client.subscribe("b", "{ __typename }", Value::Null).await;
    assert_eq!(client.result("b").await["data"]["__typename"], "Query");
    drop(client);
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_of_a_field_is_a_result() {
    let (app, served) = serve(Limits::default()).await;
    let mut client = Client::introduced(&served, Value::Null).await;
    client.watch("a", &json!({ "id": "nonsense" })).await;
    let result = client.result("a").await;
    assert_eq!(
        result["errors"][0]["path"],
        json!(["pollUpdated"]),
        "{result:#}"
    );
    drop(client);
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pings_are_answered_with_what_they_carry() {
    let (app, served) = serve(Limits::default()).await;
    let mut client = Client::connect(&served).await;
    for payload in [Value::Null, json!({}), json!({ "at": 1, "ü": [null] })] {
        client
            .say(json!({ "type": "ping", "payload": payload }))
            .await;
        let expected = match &payload {
            Value::Null => json!({ "type": "pong" }),
            payload => json!({ "type": "pong", "payload": payload }),
        };
        assert_eq!(client.hear().await, expected);
    }
    client
        .say(json!({ "type": "pong", "payload": { "at": 1 } }))
        .await;
    client.introduce(Value::Null).await;
    drop(client);
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_language_is_that_of_the_header_or_of_the_introduction() {
    let (app, served) = serve(Limits::default()).await;
    let create = &harness::operation("AccountRegister").document;
    let variables =
        json!({ "input": { "email": "nonsense", "password": "x", "displayName": "An Smit" } });
    let mut told = Vec::new();
    for (header, parameters) in [
        ("en", Value::Null),
        ("nl", Value::Null),
        ("nl", json!({ "Accept-Language": "en-GB, nl" })),
    ] {
        let mut client = Client::connect_with(&served, &[("Accept-Language", header)])
            .await
            .expect("a socket");
        client.introduce(parameters).await;
        client.subscribe("a", create, variables.clone()).await;
        let result = client.result("a").await;
        told.push(result["data"]["accountRegister"]["userErrors"][0]["message"].clone());
    }
    assert!(told[0].is_string());
    assert_ne!(told[0], told[1]);
    assert_eq!(told[0], told[2]);
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_that_is_refused_leaves_the_connection_open() {
    let (app, served) = serve(Limits::default()).await;
    let mut client = Client::introduced(&served, Value::Null).await;
    client
        .subscribe("a", "query($n: [Nope!] = 1) { __typename }", Value::Null)
        .await;
    let refused = client.hear().await;
    assert_eq!(refused["type"], "error", "{refused:#}");
    assert_eq!(refused["payload"][0]["extensions"]["code"], "BAD_INPUT");
    let nothing = "{ viewer @skip(if: true) { account { id } } }";
    client.subscribe("b", nothing, Value::Null).await;
    assert_eq!(client.result("b").await, json!({ "data": {} }));
    let rooted =
        "subscription { ...S } fragment S on Subscription { pollUpdated(pollId: \"x\") { id } }";
    client.subscribe("c", rooted, Value::Null).await;
    let failed = client.hear().await;
    assert_eq!(
        failed["payload"]["errors"][0]["path"],
        json!(["pollUpdated"]),
        "{failed:#}"
    );
    drop(client);
    end(app, served).await;
}
