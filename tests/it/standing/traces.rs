//! Traces go to where the operator says.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Bytes, extract::State, routing::post};
use harness::{Program, Wire};
use tokio::{net::TcpListener, task::JoinSet, time::timeout};

use super::{PATIENCE, PAUSE, prepare, serve, sqlite};

type Received = Arc<Mutex<Vec<u8>>>;

/// A collector that keeps what it is sent.
async fn collector(tasks: &mut JoinSet<()>) -> (SocketAddr, Received) {
    let received = Received::default();
    let router = Router::new()
        .route(
            "/v1/traces",
            post(async |State(received): State<Received>, body: Bytes| {
                received.lock().expect("the list").extend_from_slice(&body);
            }),
        )
        .with_state(Arc::clone(&received));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tasks.spawn(async move {
        axum::serve(listener, router).await.expect("it serves");
    });
    (address, received)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operations_are_traced_by_name_and_without_what_they_hold() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite(folder.path());
    drop(prepare(&url, "an@voorbeeld.example", "een lang wachtwoord").await);
    let mut tasks = JoinSet::new();
    let (collector, received) = collector(&mut tasks).await;
    let endpoint = format!("http://{collector}/v1/traces");
    let settings = [
        ("JIJ_LOG", "info"),
        ("JIJ_DRAIN_DELAY", "0"),
        ("JIJ_OTLP_ENDPOINT", &*endpoint),
    ];
    let program = Program::serve(serve(&url, &settings)).await;
    let mut wire = Wire::connect(program.address).await.expect("a connection");
    let body = r#"{"query":"query WieIsDaar($id: ID!) { node(id: $id) { id } }","variables":{"id":"een-geheim"}}"#;
    wire.post("/graphql", None, body).await.expect("an answer");
    drop(wire);
    program.ask_to_end();
    let ended = timeout(PATIENCE, program.ended()).await.expect("it ends");
    assert_eq!(ended.code(), Some(0));
    let arrived = async {
        while received.lock().expect("the list").is_empty() {
            tokio::time::sleep(PAUSE).await;
        }
    };
    timeout(PATIENCE, arrived).await.expect("a trace");
    let received = received.lock().expect("the list");
    let text = String::from_utf8_lossy(&received);
    for part in [
        "service.name",
        "jij",
        "operation",
        "WieIsDaar",
        "request_id",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("een-geheim"), "{text}");
}
