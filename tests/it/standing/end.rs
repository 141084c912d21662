//! A server from its start to its end.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
};

use domain::{
    Actor,
    database::{self, Database},
};
use futures_util::{SinkExt, StreamExt};
use harness::{Program, Wire, program::output};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};

use super::{BINARY, PATIENCE, page, prepare, serve, sqlite, wait_for};

fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_ready_until_it_is_asked_to_end_and_ends_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite(folder.path());
    drop(prepare(&url, "an@voorbeeld.example", "een lang wachtwoord").await);
    let metrics = free_address();
    let settings = [
        ("JIJ_METRICS_LISTEN", &*metrics.to_string()),
        ("JIJ_DRAIN_DELAY", "5"),
        (
            "JIJ_SECURITY_CONTACT",
            "mailto:veilig@voorbeeld.example,https://voorbeeld.example/melden",
        ),
        ("JIJ_SECURITY_EXPIRES", "2099-01-01T00:00:00Z"),
        ("JIJ_SECURITY_POLICY", "https://voorbeeld.example/beleid"),
    ];
    let program = Program::serve(serve(&url, &settings)).await;
    let address = program.address;
    assert_eq!(wait_for(address, "/readyz", 200).await, "ok\n");
    assert_eq!(wait_for(address, "/livez", 200).await, "ok\n");
    assert_eq!(
        wait_for(address, "/.well-known/security.txt", 200).await,
        "Contact: mailto:veilig@voorbeeld.example\n\
         Contact: https://voorbeeld.example/melden\n\
         Expires: 2099-01-01T00:00:00Z\n\
         Policy: https://voorbeeld.example/beleid\n\
         Preferred-Languages: nl, en\n\
         Canonical: https://jij.example/.well-known/security.txt\n"
    );
    let (status, _) = page(address, "/metrics").await.expect("an answer");
    assert_eq!(status, 404, "figures are not for the public");

    let request = format!("ws://{address}/graphql/ws");
    let mut request = request.into_client_request().expect("a request");
    let protocol = "graphql-transport-ws".parse().expect("a header");
    request
        .headers_mut()
        .insert("Sec-WebSocket-Protocol", protocol);
    let (mut socket, _) = tokio_tungstenite::client_async(
        request,
        tokio::net::TcpStream::connect(address)
            .await
            .expect("a connection"),
    )
    .await
    .expect("a socket");
    let hello = Message::text(r#"{"type":"connection_init"}"#);
    socket.send(hello).await.expect("it is sent");
    let acknowledged = socket.next().await.expect("a message").expect("a message");
    assert!(
        acknowledged
            .to_text()
            .is_ok_and(|text| text.contains("connection_ack"))
    );

    let asked = r#"{"id":"1","type":"subscribe","payload":{"query":"{ __typename }"}}"#;
    socket.send(Message::text(asked)).await.expect("it is sent");
    for _ in ["next", "complete"] {
        socket.next().await.expect("a message").expect("a message");
    }
    for path in ["/graphql", "/graphql/stream"] {
        let request = format!(
            "GET {path}?query=%7B__typename%7D HTTP/1.1\r\nHost: jij\r\nConnection: close\r\n\r\n"
        );
        let wire = Wire::connect(address).await.expect("a connection");
        let answer = wire.last(request.as_bytes()).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }
    let figures = wait_for(metrics, "/metrics", 200).await;
    for figure in [
        "jij_http_requests_total{route=\"/readyz\",method=\"GET\",status=\"200\"}",
        "jij_http_request_seconds_bucket{route=\"/livez\",le=\"0.001\"}",
        "jij_connections{kind=\"websocket\"} 1",
        "jij_operations_total{transport=\"http\",kind=\"query\",outcome=\"answered\"} 1",
        "jij_operations_total{transport=\"stream\",kind=\"query\",outcome=\"answered\"} 1",
        "jij_operations_total{transport=\"websocket\",kind=\"query\",outcome=\"answered\"} 1",
        "jij_operation_seconds_count{transport=\"websocket\",kind=\"query\"} 1",
        "jij_jobs_due{lane=\"general\"} 0",
        "jij_jobs_due{lane=\"mail\"} 0",
        "jij_database_up 1",
        "process_resident_memory_bytes",
    ] {
        assert!(figures.contains(figure), "{figure} in:\n{figures}");
    }

    program.ask_to_end();
    let told = wait_for(address, "/readyz", 503).await;
    assert_eq!(told, "the server is ending\n");
    let mut wire = Wire::connect(address).await.expect("still connected");
    let answer = wire
        .post("/graphql", None, r#"{"query":"{ __typename }"}"#)
        .await;
    let answer = answer.expect("requests are answered while others look elsewhere");
    assert!(answer.ends_with(b"}"), "{answer:?}");
    let closing = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return u16::from(frame.code),
                Some(Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    };
    assert_eq!(timeout(PATIENCE, closing).await.expect("a close"), 1001);
    drop(socket);
    let ended = timeout(PATIENCE, program.ended()).await.expect("it ends");
    assert_eq!(ended.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_server_leaves_all_data_in_its_one_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite(folder.path());
    let email = "an@voorbeeld.example";
    drop(prepare(&url, email, "een lang wachtwoord").await);
    let program = Program::serve(serve(&url, &[("JIJ_DRAIN_DELAY", "0")])).await;
    wait_for(program.address, "/readyz", 200).await;
    program.ask_to_end();
    let ended = timeout(PATIENCE, program.ended()).await.expect("it ends");
    assert_eq!(ended.code(), Some(0));
    assert_eq!(files(folder.path()), ["jij.sqlite3"]);

    // The one file, moved elsewhere, is the whole database.
    let other = tempfile::tempdir().expect("a folder");
    fs::copy(
        folder.path().join("jij.sqlite3"),
        other.path().join("jij.sqlite3"),
    )
    .expect("a copy");
    let url = sqlite(other.path());
    let moved = prepare(&url, "bo@voorbeeld.example", "een lang wachtwoord").await;
    let account = moved.accounts.by_email(&Actor::System, email).await;
    assert!(account.is_ok(), "the account is there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_leaves_all_data_in_its_one_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite(folder.path());
    for arguments in [
        &["migrate"][..],
        &["poll", "recount"],
        &["moderation", "verify"],
        // It fails, and closes the database all the same.
        &["account", "sessions", "niemand@voorbeeld.example"],
    ] {
        let said = output(BINARY, &url, arguments);
        assert_eq!(
            files(folder.path()),
            ["jij.sqlite3"],
            "{arguments:?} {said:?}"
        );
    }
    let settings = database::Settings {
        url,
        connections: 1,
    };
    let database = Database::connect(&settings).await.expect("it connects");
    let pending = migration::pending(database.writer()).await;
    assert_eq!(pending.expect("tables"), Vec::<String>::new());
}

/// The names of the files in a folder.
fn files(folder: &std::path::Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort_unstable();
    names
}
