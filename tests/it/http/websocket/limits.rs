//! How much a socket may ask for, and who may open one.

use std::time::Duration;

use api::http::Limits;
use axum::http::StatusCode;
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::{super::poll, Client, PATIENCE, end, serve};

fn status(refused: Result<Client, Error>) -> StatusCode {
    match refused {
        Err(Error::Http(response)) => response.status(),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("a socket"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_operations_run_and_the_next_is_refused_alone() {
    let (app, served) = serve(Limits::default()).await;
    let poll = poll(&app, 1, 2).await;
    let mut client = Client::introduced(&served, Value::Null).await;
    for id in 0..20 {
        client.watch(&id.to_string(), &poll).await;
        assert_eq!(client.hear().await["id"], id.to_string());
    }
    client.watch("more", &poll).await;
    let refused = client.hear().await;
    assert_eq!(refused["type"], "error");
    assert_eq!(refused["id"], "more");
    assert_eq!(refused["payload"][0]["extensions"]["code"], "RATE_LIMITED");
    client.say(json!({ "type": "complete", "id": "7" })).await;
    client.watch("more", &poll).await;
    let next = client.hear().await;
    assert_eq!(
        (&next["type"], &next["id"]),
        (&json!("next"), &json!("more"))
    );
    drop(client);
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_of_64_kib_is_read_and_a_longer_one_is_1009() {
    let (app, served) = serve(Limits::default()).await;
    let message = |length: usize| {
        let bare = json!({ "type": "ping", "payload": { "x": "" } }).to_string();
        let filling = "x".repeat(length - bare.len());
        let message = json!({ "type": "ping", "payload": { "x": filling } }).to_string();
        assert_eq!(message.len(), length);
        Message::text(message)
    };
    let mut client = Client::introduced(&served, Value::Null).await;
    client.send(message(64 * 1024)).await;
    assert_eq!(client.hear().await["type"], "pong");
    client.send(message(64 * 1024 + 1)).await;
    let closing = (1009, "A message is at most 64 KiB".to_owned());
    assert_eq!(client.closed().await, closing);
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_are_so_many_connections_at_once() {
    let limits = Limits {
        most: 2,
        ..Limits::default()
    };
    let (app, served) = serve(limits).await;
    let first = Client::introduced(&served, Value::Null).await;
    let second = Client::introduced(&served, Value::Null).await;
    assert_eq!(
        status(Client::connect_with(&served, &[]).await),
        StatusCode::SERVICE_UNAVAILABLE
    );
    drop(first);
    let third = tokio::time::timeout(PATIENCE, async {
        loop {
            if let Ok(client) = Client::connect_with(&served, &[]).await {
                return client;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    third.await.expect("a place that is free again");
    drop(second);
    end(app, served).await;
}

#[tokio::test]
async fn one_address_opens_so_many_and_others_still_connect() {
    let app = harness::TestApp::start(harness::DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let (router, connections) = app.router(Limits {
        most: 100,
        most_per_address: 3,
        ..Limits::default()
    });
    let poll = poll(&app, 1, 2).await;
    let query = format!(
        "subscription {{ pollUpdated(pollId: {}) {{ id }} }}",
        poll["id"]
    );
    let body = json!({ "query": query }).to_string();
    let ask = async |peer: &str| {
        let peer: std::net::SocketAddr = peer.parse().expect("an address");
        let request = axum::http::Request::post("/graphql/stream")
            .header("host", "jij.example")
            .header("content-type", "application/json")
            .extension(axum::extract::ConnectInfo(peer))
            .body(axum::body::Body::from(body.clone()))
            .expect("a request");
        tower::ServiceExt::oneshot(router.clone(), request)
            .await
            .expect("an answer")
    };
    for addresses in [
        ["192.0.2.7:1", "192.0.2.7:2", "192.0.2.7:3", "192.0.2.7:4"],
        [
            "[2001:db8::1]:1",
            "[2001:db8::2]:1",
            "[2001:db8::3]:1",
            "[2001:db8::4]:1",
        ],
    ] {
        let mut open = Vec::new();
        for address in &addresses[..3] {
            let response = ask(address).await;
            assert_eq!(response.status(), StatusCode::OK, "{address}");
            open.push(response);
        }
        let refused = ask(addresses[3]).await;
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(refused.headers().contains_key("retry-after"));
        assert_eq!(ask("198.51.100.7:1").await.status(), StatusCode::OK);
        open.pop();
        assert_eq!(ask(addresses[3]).await.status(), StatusCode::OK);
    }
    drop(router);
    tokio::time::timeout(PATIENCE, connections.ended())
        .await
        .expect("nothing is left");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_on_which_too_much_waits_is_closed_with_1013() {
    let app = harness::TestApp::start(harness::DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let poll = super::super::large::statements(&app, 1, 1_000).await;
    let piped = app.pipe(Limits::default());
    let pipe = piped.connect(64 * 1024);
    let request = super::handshake("localhost", Some("graphql-transport-ws"), &[]);
    let (mut client, _) = super::open(pipe, request).await.expect("a socket");
    client.introduce(Value::Null).await;
    // Nearly a megabyte each time.
    let options = "options { option { id label } voterCount share distribution { value count } }";
    let query = format!(
        "subscription {{ pollUpdated(pollId: {}) {{ questions {{ results {{ a: {options} b: {options} }} }} }} }}",
        poll["id"]
    );
    for id in 0..20 {
        client.subscribe(&id.to_string(), &query, Value::Null).await;
        assert_eq!(client.hear().await["type"], "next");
    }
    // Who reads along gets each; twenty at once are more than a socket holds.
    let page = app
        .execute(
            harness::Persona::Resident,
            "query($slug: String!) { poll(slug: $slug) { questions { id options { id } } } }",
            json!({ "slug": poll["slug"] }),
        )
        .await;
    let ballot = json!({ "input": super::ballot(page.data("/poll")) });
    app.send(harness::Persona::Resident, "BallotCast", ballot)
        .await
        .accepted("ballotCast");
    let closing = (1013, "Too much waits to be read".to_owned());
    assert_eq!(client.closed().await, closing);
    tokio::time::timeout(PATIENCE, piped.idle())
        .await
        .expect("nothing is left");
    piped.end().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_other_sites_may_not_connect() {
    let limits = Limits {
        allowed_origins: vec!["https://partner.example".parse().expect("an origin")],
        ..Limits::default()
    };
    let (app, served) = serve(limits).await;
    let own = format!("http://{}", served.address);
    for origin in [harness::SITE, "https://partner.example", &own] {
        let client = Client::connect_with(&served, &[("Origin", origin)]).await;
        assert!(client.is_ok(), "{origin}");
    }
    for origin in ["https://elders.example", "http://partner.example", "null"] {
        let client = Client::connect_with(&served, &[("Origin", origin)]).await;
        assert_eq!(status(client), StatusCode::FORBIDDEN, "{origin}");
    }
    // A page whose name was made to lead here (DNS rebinding): the host is the same.
    let rebound = format!("elders.example:{}", served.address.port());
    let origin = format!("http://{rebound}");
    let headers = [("Host", &rebound[..]), ("Origin", &origin)];
    let client = Client::connect_with(&served, &headers).await;
    assert_eq!(status(client), StatusCode::FORBIDDEN);
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_gives_no_sign_of_life_is_left_and_who_does_is_kept() {
    let limits = Limits {
        ping_every: Duration::from_millis(200),
        most: 2,
        ..Limits::default()
    };
    let (app, served) = serve(limits).await;
    let mut alive = Client::introduced(&served, Value::Null).await;
    // Nobody reads this one's pings, so that nobody answers them.
    let dead = Client::introduced(&served, Value::Null).await;
    let kept = async {
        let mut pings = 0;
        while pings < 5 {
            match alive.socket.next().await.expect("an open socket") {
                Ok(Message::Ping(_)) => pings += 1,
                other => panic!("{other:?}"),
            }
        }
    };
    tokio::time::timeout(PATIENCE, kept).await.expect("pings");
    let next = async {
        while Client::connect_with(&served, &[]).await.is_err() {
            let _ = tokio::time::timeout(Duration::from_millis(20), alive.socket.next()).await;
        }
    };
    tokio::time::timeout(PATIENCE, next)
        .await
        .expect("the place of the dead");
    drop(dead);
    alive.subscribe("1", "{ __typename }", Value::Null).await;
    assert_eq!(alive.result("1").await["data"]["__typename"], "Query");
    drop(alive);
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_have_the_limits_that_they_have_over_http() {
    let (app, served) = serve(Limits::default()).await;
    let mut client = Client::introduced(&served, Value::Null).await;
    let types = (0..9).fold("name".to_owned(), |inner, _| {
        format!("ofType {{ {inner} }}")
    });
    let deep = format!(
        "{{ __schema {{ types {{ fields {{ type {{ {types} }} }} }} }} {} }}",
        "polls { edges { node { themes { stories { edges { node { themes { stories { edges { node { themes { stories { edges { node { id } } } } } } } } } } } } } } } }"
    );
    client.subscribe("deep", &deep, Value::Null).await;
    let refused = client.hear().await;
    assert_eq!(refused["type"], "error", "{refused:#}");
    assert_eq!(refused["payload"][0]["extensions"]["code"], "BAD_INPUT");
    drop(client);
    end(app, served).await;
}
