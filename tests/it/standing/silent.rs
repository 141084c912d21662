//! Many peers that connect and say little, against a server with few file descriptors.

use std::{net::SocketAddr, process::Command, time::Duration};

use harness::Program;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{BINARY, PATIENCE, page, prepare, serve, sqlite, wait_for};

/// The files that the server may have open.
const FILES: &str = "300";
/// The peers, more than there are files.
const PEERS: usize = 310;
/// The looks at the server, and the time that an answer may take.
const LOOKS: usize = 10;
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// The bytes that each peer sends before it falls silent.
const OPENINGS: [(&str, &str); 3] = [
    ("nothing", ""),
    ("half of an HTTP/2 preface", "PRI * HT"),
    ("half of a head", "GET /livez HTTP/1.1\r\nHost: "),
];

/// `jij serve` with at most [`FILES`] open files.
fn serve_with_few_files(url: &str) -> Command {
    let program = serve(url, &[("JIJ_LOG", "off")]);
    let mut shell = Command::new("sh");
    shell
        .args([
            "-c",
            "ulimit -n \"$0\" && exec \"$@\"",
            FILES,
            BINARY,
            "serve",
        ])
        .env_remove("DATABASE_URL_FILE")
        .envs(
            program
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
    shell
}

/// Connects this many peers that each send `opening` and then nothing.
async fn connect(address: SocketAddr, opening: &str) -> Vec<TcpStream> {
    let mut peers = Vec::with_capacity(PEERS);
    for _ in 0..PEERS {
        let mut peer = TcpStream::connect(address).await.expect("a connection");
        // The server may have closed it again.
        let _ = peer.write_all(opening.as_bytes()).await;
        peers.push(peer);
    }
    peers
}

#[expect(clippy::print_stderr, reason = "a person is told the figures")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_peers_keep_nobody_else_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite(folder.path());
    drop(prepare(&url, "an@voorbeeld.example", "een lang wachtwoord").await);
    let program = Program::serve(serve_with_few_files(&url)).await;
    let address = program.address;
    wait_for(address, "/readyz", 200).await;
    let mut unanswered = Vec::new();
    for (name, opening) in OPENINGS {
        let peers = connect(address, opening).await;
        let mut missing = 0;
        for _ in 0..LOOKS {
            let answer = timeout(ANSWER_WITHIN, page(address, "/livez")).await;
            missing += usize::from(!matches!(answer, Ok(Some((200, _)))));
        }
        eprintln!(
            "{PEERS} peers that send {name}, ulimit -n {FILES}: {missing} of {LOOKS} looks at /livez unanswered"
        );
        unanswered.push(missing);
        drop(peers);
        wait_for(address, "/livez", 200).await;
    }
    assert_eq!(unanswered, [0; OPENINGS.len()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn http2_is_not_served() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = sqlite(folder.path());
    drop(prepare(&url, "an@voorbeeld.example", "een lang wachtwoord").await);
    let program = Program::serve(serve(&url, &[])).await;
    let mut peer = TcpStream::connect(program.address)
        .await
        .expect("a connection");
    // The preface and an empty SETTINGS frame, as a client with prior knowledge begins.
    peer.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .await
        .expect("it is sent");
    let mut answer = Vec::new();
    let ended = timeout(PATIENCE, peer.read_to_end(&mut answer)).await;
    // A reset ends it as well.
    let _ = ended.expect("the connection is closed");
    assert!(
        answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"),
        "{answer:?}"
    );
}
