//! How the server closes a socket, and with which code.

use std::time::Duration;

use api::http::Limits;
use axum::http::StatusCode;
use chrono::TimeDelta;
use futures_util::SinkExt;
use harness::Persona;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error, Message, protocol::CloseFrame};

use super::{super::visitor, Client, end, handshake, open, serve};

const WHO: &str = "{ viewer { account { displayName } } }";

fn closing(code: u16, reason: &str) -> (u16, String) {
    (code, reason.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_protocol_is_4406() {
    let (app, served) = serve(Limits::default()).await;
    // A browser that gets none of its offers back would not see the code.
    for (offer, answer) in [(None, None), (Some("graphql-ws"), Some("graphql-ws"))] {
        let stream = TcpStream::connect(served.address)
            .await
            .expect("a connection");
        let request = handshake(&served.address.to_string(), offer, &[]);
        let (client, response) = open(stream, request).await.expect("a socket");
        let chosen = response.headers().get("Sec-WebSocket-Protocol");
        assert_eq!(chosen.map(|value| value.to_str().expect("text")), answer);
        assert_eq!(
            client.closed().await,
            closing(4406, "Subprotocol not acceptable")
        );
    }
    let stream = TcpStream::connect(served.address)
        .await
        .expect("a connection");
    let offers = Some("graphql-ws, graphql-transport-ws");
    let request = handshake(&served.address.to_string(), offers, &[]);
    let (mut client, response) = open(stream, request).await.expect("a socket");
    assert_eq!(
        response.headers()["Sec-WebSocket-Protocol"],
        "graphql-transport-ws"
    );
    client.introduce(Value::Null).await;
    drop(client);
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silence_is_4408() {
    let limits = Limits {
        init_within: Duration::from_millis(50),
        ..Limits::default()
    };
    let (app, served) = serve(limits).await;
    let silent = Client::connect(&served).await;
    let mut pinging = Client::connect(&served).await;
    pinging.say(json!({ "type": "ping" })).await;
    for client in [silent, pinging] {
        let reason = "Connection initialisation timeout";
        assert_eq!(client.closed().await, closing(4408, reason));
    }
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_introduction_is_4429() {
    let (app, served) = serve(Limits::default()).await;
    let mut client = Client::introduced(&served, Value::Null).await;
    client.say(json!({ "type": "connection_init" })).await;
    assert_eq!(
        client.closed().await,
        closing(4429, "Too many initialisation requests")
    );
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operation_without_introduction_is_4401() {
    let (app, served) = serve(Limits::default()).await;
    let mut client = Client::connect(&served).await;
    client.subscribe("1", WHO, Value::Null).await;
    assert_eq!(client.closed().await, closing(4401, "Unauthorized"));
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_message_is_4400() {
    let (app, served) = serve(Limits::default()).await;
    for (message, reason) in [
        (Message::text("nonsense"), "Not JSON"),
        (Message::text("[]"), "A message is an object"),
        (
            Message::text(r#"{"type":"start"}"#),
            "No client sends the type \"start\"",
        ),
        (
            Message::text(r#"{"type":"subscribe","id":"1"}"#),
            "\"subscribe\" needs a payload, an object",
        ),
        (Message::binary(&b"{}"[..]), "Messages are text"),
    ] {
        let mut client = Client::introduced(&served, Value::Null).await;
        client.send(message).await;
        let (code, told) = client.closed().await;
        assert_eq!(code, 4400);
        assert!(told.starts_with(reason), "{told}");
    }
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_that_is_in_use_is_4409() {
    let (app, served) = serve(Limits::default()).await;
    let poll = super::super::poll(&app, 1, 2).await;
    let mut client = Client::introduced(&served, Value::Null).await;
    client.watch("a", &poll).await;
    client.subscribe("a", WHO, Value::Null).await;
    assert_eq!(
        client.closed().await,
        closing(4409, "Subscriber for a already exists")
    );
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_token_is_4403_and_no_token_is_nobody() {
    let (app, served) = serve(Limits::default()).await;
    let token = visitor(&app).await;
    let good = format!("Bearer {token}");
    for parameters in [
        Value::Null,
        json!({}),
        json!({ "authorization": null }),
        json!({ "authorization": good }),
        json!({ "Authorization": good, "other": 1 }),
    ] {
        Client::introduced(&served, parameters).await;
    }
    for parameters in [
        json!({ "authorization": "" }),
        json!({ "authorization": 1 }),
        json!({ "authorization": token }),
        json!({ "Authorization": "Bearer nonsense" }),
        json!({ "authorization": format!("Basic {token}") }),
        json!({ "authorization": good, "Authorization": good }),
    ] {
        let mut client = Client::connect(&served).await;
        client
            .say(json!({ "type": "connection_init", "payload": parameters }))
            .await;
        assert_eq!(
            client.closed().await,
            closing(4403, "Forbidden"),
            "{parameters}"
        );
    }
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_can_send_headers_may_bring_its_token_so() {
    let (app, served) = serve(Limits::default()).await;
    let token = visitor(&app).await;
    let poll = super::super::poll(&app, 1, 2).await;
    let good = format!("Bearer {token}");
    let mut client = Client::connect_with(&served, &[("Authorization", &good)])
        .await
        .expect("a socket");
    client.introduce(Value::Null).await;
    // Who has a token may vote.
    let query = "query ($slug: String!) { poll(slug: $slug) { viewerCanVote } }";
    client
        .subscribe("1", query, json!({ "slug": poll["slug"] }))
        .await;
    assert_eq!(
        client.result("1").await["data"]["poll"]["viewerCanVote"],
        true
    );
    let bad = Client::connect_with(&served, &[("Authorization", "Bearer nonsense")]).await;
    match bad {
        Err(Error::Http(response)) => assert_eq!(response.status(), StatusCode::UNAUTHORIZED),
        _ => panic!("a token that is not good is never treated as none"),
    }
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_expires_is_4403_before_anything_more_is_told() {
    let (app, served) = serve(Limits::default()).await;
    let poll = super::super::poll(&app, 1, 2).await;
    let token = visitor(&app).await;
    let mut known = Client::introduced(
        &served,
        json!({ "authorization": format!("Bearer {token}") }),
    )
    .await;
    let mut nobody = Client::introduced(&served, Value::Null).await;
    for client in [&mut known, &mut nobody] {
        client.watch("a", &poll).await;
        assert_eq!(client.hear().await["type"], "next");
    }
    app.clock
        .advance(TimeDelta::days(30) - TimeDelta::seconds(1));
    known.say(json!({ "type": "ping" })).await;
    assert_eq!(known.hear().await, json!({ "type": "pong" }));
    app.clock.advance(TimeDelta::seconds(1));
    let input = json!({ "pollId": poll["id"], "title": "Zwemmen in de IJssel" });
    app.send(Persona::Editor, "PollUpdate", json!({ "input": input }))
        .await
        .accepted("pollUpdate");
    assert_eq!(nobody.hear().await["type"], "next");
    assert_eq!(
        known.frame().await.expect("a frame"),
        Message::Close(Some(CloseFrame {
            code: 4403.into(),
            reason: "Forbidden".into(),
        }))
    );
    drop((known, nobody));
    end(app, served).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_the_server_is_1001() {
    let (app, served) = serve(Limits::default()).await;
    let poll = super::super::poll(&app, 1, 2).await;
    let silent = Client::connect(&served).await;
    let mut watching = Client::introduced(&served, Value::Null).await;
    watching.watch("a", &poll).await;
    assert_eq!(watching.hear().await["type"], "next");
    let clients = async {
        for client in [silent, watching] {
            assert_eq!(client.closed().await, closing(1001, "Going away"));
        }
    };
    tokio::join!(clients, served.end());
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_closes_is_answered_in_kind() {
    let (app, served) = serve(Limits::default()).await;
    let mut client = Client::introduced(&served, Value::Null).await;
    let frame = CloseFrame {
        code: 1000.into(),
        reason: "Normal Closure".into(),
    };
    client
        .socket
        .close(Some(frame))
        .await
        .expect("a socket that closes");
    assert_eq!(client.closed().await.0, 1000);
    let mut broken = Client::introduced(&served, Value::Null).await;
    broken.socket.flush().await.expect("an open socket");
    drop(broken);
    end(app, served).await;
}
