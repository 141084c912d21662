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
