//! A PostgreSQL that cannot be connected to: the reason is told at once, without the password.

use std::time::Duration;

use harness::{DatabaseKind, TestDatabase, program::command};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinSet,
    time::timeout,
};

use super::{BINARY, PATIENCE, run, said};

const SECRET: &str = "zeer-geheim-8";
/// The length and the code of a request for TLS.
const TLS_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// The message of `jij migrate` about a database that cannot be used.
async fn refusal(url: String) -> String {
    let running = tokio::task::spawn_blocking(move || run(command(BINARY, &url, &["migrate"])));
    let ended = timeout(PATIENCE, running).await.expect("it ends");
    let ended = ended.expect("it runs");
    let said = said(&ended);
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(!said.contains(SECRET), "{said}");
    assert!(!said.contains("pool timed out"), "{said}");
    assert!(
        said.contains("--database-url (DATABASE_URL)") && said.contains("hint: "),
        "{said}"
    );
    said
}

/// Declines TLS and answers the start of a connection with an error of this code.
async fn refuse(mut client: TcpStream, code: &str, message: &str) -> std::io::Result<()> {
    let mut start = [0; 8];
    client.read_exact(&mut start).await?;
    if start == TLS_REQUEST {
        client.write_all(b"N").await?;
        client.read_exact(&mut start).await?;
    }
    let fields = format!("SFATAL\0VFATAL\0C{code}\0M{message}\0\0");
    let length = u32::try_from(fields.len() + 4).expect("a short message");
    client.write_all(b"E").await?;
    client.write_all(&length.to_be_bytes()).await?;
    client.write_all(fields.as_bytes()).await?;
    // Until the client has gone: unread bytes would reset the connection.
    let mut rest = Vec::new();
    client.read_to_end(&mut rest).await.map(|_| ())
}

/// The port of a server that refuses everyone.
async fn server(tasks: &mut JoinSet<()>, code: &'static str, message: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tasks.spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            // A client may hang up at any time.
            let _ = refuse(client, code, message).await;
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reason_of_a_postgres_that_refuses_is_told() {
    let mut tasks = JoinSet::new();
    for (code, message, expected) in [
        (
            "28P01",
            "password authentication failed for user \"jij\"",
            "refuses the password of jij",
        ),
        (
            "28000",
            "no pg_hba.conf entry for host \"127.0.0.1\"",
            "no pg_hba.conf entry",
        ),
        (
            "3D000",
            "database \"jijj\" does not exist",
            "database \"jijj\" does not exist",
        ),
        (
            "42501",
            "permission denied for database \"jij\"",
            "jij may not connect",
        ),
        (
            "53300",
            "sorry, too many clients already",
            "max_connections",
        ),
        (
            "57P03",
            "the database system is starting up",
            "is not ready",
        ),
        ("XX000", "something else", "something else"),
    ] {
        let port = server(&mut tasks, code, message).await;
        let said = refusal(format!("postgres://jij:{SECRET}@127.0.0.1:{port}/jij")).await;
        assert!(said.contains(expected), "{code}: {said}");
    }
    let port = server(&mut tasks, "XX000", "unused").await;
    let url = format!("postgres://jij:{SECRET}@127.0.0.1:{port}/jij?sslmode=require");
    let said = refusal(url).await;
    assert!(
        said.contains("cannot be reached over TLS") && said.contains("sslmode="),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reason_of_a_postgres_that_cannot_be_reached_is_told() {
    // Bound and not listening: nobody else gets the port, and connections are refused.
    let socket = TcpSocket::new_v4().expect("a socket");
    socket
        .bind("127.0.0.1:0".parse().expect("an address"))
        .expect("a port");
    let port = socket.local_addr().expect("an address").port();
    let said = refusal(format!("postgres://jij:{SECRET}@127.0.0.1:{port}/jij")).await;
    assert!(
        said.contains(&format!("nothing listens at 127.0.0.1:{port}")),
        "{said}"
    );

    let said = refusal(format!("postgres://jij:{SECRET}@nergens.invalid/jij")).await;
    assert!(said.contains("nergens.invalid"), "{said}");

    // It takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let said = refusal(format!("postgres://jij:{SECRET}@127.0.0.1:{port}/jij")).await;
    assert!(said.contains("does not answer"), "{said}");

    // It speaks another protocol.
    let mut tasks = JoinSet::new();
    let other = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = other.local_addr().expect("an address").port();
    tasks.spawn(async move {
        while let Ok((mut client, _)) = other.accept().await {
            // It may have hung up.
            let _ = client.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    let said = refusal(format!("postgres://jij:{SECRET}@127.0.0.1:{port}/jij")).await;
    assert!(said.contains(&format!("127.0.0.1:{port}")), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_a_real_postgres_lacks_is_named() {
    let Some(storage) = TestDatabase::create(DatabaseKind::Postgres).await else {
        return;
    };
    let (server, name) = storage.url.rsplit_once('/').expect("a name");
    let said = refusal(format!("{server}/{name}_nergens")).await;
    assert!(
        said.contains("_nergens") && said.contains("createdb"),
        "{said}"
    );
    storage.remove().await;
}
