//! Peers that are silent, slow, gone halfway or do not read.

use std::{net::SocketAddr, time::Duration};

use api::http::PeerLimits;
use axum::{
    Router,
    body::{Body, Bytes},
    routing::{get, post},
};
use domain::task::Task;
use futures_util::stream;
use harness::Wire;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    time::timeout,
};

use super::PATIENCE;

/// Short enough for a test, and more than an honest peer on this machine takes.
const IN_TIME: Duration = Duration::from_secs(2);
/// The wait of a slow peer between two bytes.
const PAUSE: Duration = Duration::from_millis(50);

struct Server {
    address: SocketAddr,
    end: oneshot::Sender<()>,
    task: Task,
}

impl Server {
    /// A server with a short page, one that never ends, and one that reads a body.
    async fn start(limits: PeerLimits) -> Self {
        let endless = || async {
            let chunk = Bytes::from(vec![0; 65_536]);
            Body::from_stream(stream::repeat_with(move || {
                Ok::<_, axum::Error>(chunk.clone())
            }))
        };
        let router = Router::new()
            .route("/short", get(async || "ok\n"))
            .route("/endless", get(endless))
            .route("/body", post(async |body: Bytes| body.len().to_string()));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (end, ended) = oneshot::channel();
        let serving = api::http::serve(listener, router, limits, async {
            // An error says that the test has failed: it ends as well.
            let _ = ended.await;
        });
        let task = Task::start("a server of the test", serving);
        Self { address, end, task }
    }

    async fn connect(&self, opening: &str) -> TcpStream {
        let mut peer = TcpStream::connect(self.address)
            .await
            .expect("a connection");
        peer.write_all(opening.as_bytes())
            .await
            .expect("it is sent");
        peer
    }

    async fn end(self) {
        self.end.send(()).expect("it serves");
        timeout(PATIENCE, self.task.ended()).await.expect("it ends");
    }
}

fn limits() -> PeerLimits {
    PeerLimits {
        most: 100,
        head_within: IN_TIME,
        body_within: IN_TIME,
        read_within: IN_TIME,
    }
}

/// Reads until the server closes the connection, well or by a reset.
async fn closed(mut peer: TcpStream) -> Vec<u8> {
    let mut read = Vec::new();
    // A reset ends it as well.
    let _ = timeout(PATIENCE, peer.read_to_end(&mut read))
        .await
        .expect("the server closes the connection");
    read
}

/// Sends a byte at a time until the server closes the connection.
async fn drip(mut peer: TcpStream) {
    let dripping = async {
        while peer.write_all(b"a").await.is_ok() {
            tokio::time::sleep(PAUSE).await;
        }
    };
    timeout(PATIENCE, dripping)
        .await
        .expect("the server closes the connection");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_says_too_little_is_closed() {
    let server = Server::start(limits()).await;
    for opening in ["", "P", "PRI * HT", "GET /short HTTP/1.1\r\nHost: "] {
        closed(server.connect(opening).await).await;
    }
    // What answers HTTP/2 would wait for frames.
    closed(server.connect("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await).await;
    drip(server.connect("GET /").await).await;
    drip(
        server
            .connect("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
            .await,
    )
    .await;
    server.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_without_a_next_request_is_closed() {
    let server = Server::start(limits()).await;
    let peer = server
        .connect("GET /short HTTP/1.1\r\nHost: a\r\n\r\nGET /short HTTP/1.1\r\nHost: a\r\n\r\n")
        .await;
    let read = String::from_utf8(closed(peer).await).expect("text");
    assert_eq!(read.matches("HTTP/1.1 200 OK").count(), 2, "{read}");
    server.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_closes_its_half_is_closed() {
    let server = Server::start(PeerLimits {
        head_within: PATIENCE * 2,
        ..limits()
    })
    .await;
    for opening in ["", "GET /sho"] {
        let mut peer = server.connect(opening).await;
        peer.shutdown().await.expect("its half is closed");
        closed(peer).await;
    }
    server.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_does_not_read_is_closed() {
    let server = Server::start(PeerLimits {
        most: 1,
        ..limits()
    })
    .await;
    let request = "GET /endless HTTP/1.1\r\nHost: a\r\n\r\n";
    let silent = server.connect(request).await;
    // It has a request under way, so that nobody takes its place until it is given up.
    let answered = async {
        let mut wire = Wire::connect(server.address).await.expect("a connection");
        wire.get("/short").await
    };
    let answer = timeout(PATIENCE, answered).await.expect("it is given up");
    assert_eq!(answer.expect("an answer"), b"ok\n");
    closed(silent).await;
    server.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_peers_give_way_and_a_request_under_way_does_not() {
    const MOST: usize = 4;
    let server = Server::start(PeerLimits {
        most: MOST,
        head_within: PATIENCE * 2,
        body_within: PATIENCE * 2,
        read_within: PATIENCE * 2,
    })
    .await;
    let mut busy = server
        .connect("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na")
        .await;
    // Its head has been read once another's page, asked for later, is answered.
    let mut honest = Wire::connect(server.address).await.expect("a connection");
    honest.get("/short").await.expect("an answer");
    let mut silent = Vec::new();
    for _ in 0..3 * MOST {
        silent.push(server.connect("").await);
        let answered = async {
            let mut wire = Wire::connect(server.address).await.expect("a connection");
            wire.get("/short").await
        };
        let answer = timeout(PATIENCE, answered).await.expect("in time");
        assert_eq!(answer.expect("an answer"), b"ok\n");
    }
    busy.write_all(b"b").await.expect("it is still open");
    let mut answer = [0; 15];
    timeout(PATIENCE, busy.read_exact(&mut answer))
        .await
        .expect("in time")
        .expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 200 OK");
    drop(silent);
    server.end().await;
}
