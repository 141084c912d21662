//! Voting over sockets from one network.

use serde_json::json;

use super::{
    super::{ballot, visitor},
    Client,
};
use crate::poll;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_voters_over_sockets_are_limited_by_their_network() {
    let app = harness::TestApp::start(harness::DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let served = app.serve_behind_proxy().await;
    let made = poll::poll(&app, json!({ "newVotersPerNetwork": 1 })).await;
    let cast = &harness::operation("BallotCast").document;
    for (from, code) in [
        ("192.0.2.7", None),
        ("192.0.2.7", Some("RATE_LIMITED")),
        ("192.0.2.8", None),
    ] {
        let headers = [("x-forwarded-for", from)];
        let client = Client::connect_with(&served, &headers).await;
        let mut client = client.expect("a socket");
        let token = visitor(&app).await;
        client
            .introduce(json!({ "authorization": format!("Bearer {token}") }))
            .await;
        client
            .subscribe("cast", cast, json!({ "input": ballot(&made) }))
            .await;
        let result = client.result("cast").await;
        let found = result.pointer("/errors/0/extensions/code");
        assert_eq!(
            found.and_then(|code| code.as_str()),
            code,
            "{from}: {result:#}"
        );
    }
    served.end().await;
    app.end().await;
}
