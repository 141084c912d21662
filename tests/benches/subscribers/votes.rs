//! Ballots at a steady rate.

use std::{
    cell::RefCell,
    collections::VecDeque,
    io,
    net::SocketAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Notify,
};

use super::seen::{find, voters};

/// Connections that stay open for the ballots.
const CONNECTIONS: usize = 64;
/// What a ballot asks: how many have voted with it, where its voter may see that.
const CAST: &str = "mutation($input: BallotCastInput!) { ballotCast(input: $input) { ballot { id } question { results { voterCount } } userErrors { code } } }";

/// A ballot that was answered.
pub(crate) struct Acknowledged {
    /// When.
    pub at: Instant,
    /// How long it took.
    pub took: Duration,
    /// How many had voted with it, by its answer.
    pub counted: Option<i64>,
}

/// Casts a ballot under each of the tokens, so many a second; gives the answers in the order in
/// which they came.
pub(crate) async fn cast(
    address: SocketAddr,
    poll: &Value,
    tokens: Vec<String>,
    rate: u32,
) -> Vec<Acknowledged> {
    let due: Rc<RefCell<VecDeque<Vec<u8>>>> = Rc::default();
    let (some, answered) = (
        Rc::new(Notify::new()),
        Rc::<RefCell<Vec<Acknowledged>>>::default(),
    );
    let count = tokens.len();
    let mut senders = Vec::new();
    for _ in 0..CONNECTIONS {
        let (due, some, answered) = (Rc::clone(&due), Rc::clone(&some), Rc::clone(&answered));
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        senders.push(tokio::task::spawn_local(async move {
            let mut read = Vec::new();
            loop {
                let next = due.borrow_mut().pop_front();
                let Some(request) = next else {
                    some.notified().await;
                    continue;
                };
                let begun = Instant::now();
                exchange(&mut stream, &request, &mut read)
                    .await
                    .expect("an answer");
                assert!(
                    find(&read, b"\"userErrors\":[]").is_some(),
                    "{}",
                    String::from_utf8_lossy(&read)
                );
                let at = Instant::now();
                let took = at - begun;
                let counted = voters(&read);
                answered
                    .borrow_mut()
                    .push(Acknowledged { at, took, counted });
            }
        }));
    }
    let mut beat = tokio::time::interval(Duration::from_secs(1) / rate);
    for (number, token) in tokens.iter().enumerate() {
        let request = request(poll, token, number);
        beat.tick().await;
        due.borrow_mut().push_back(request);
        some.notify_one();
    }
    while answered.borrow().len() < count {
        some.notify_waiters();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for sender in senders {
        sender.abort();
    }
    answered.take()
}

fn request(poll: &Value, token: &str, number: usize) -> Vec<u8> {
    let question = &poll["questions"][0];
    let option = &question["options"][number % 4]["id"];
    let body = json!({
        "query": CAST,
        "variables": { "input": {
            "questionId": question["id"],
            "marks": [{ "optionId": option, "value": 1 }],
        } },
    })
    .to_string();
    format!(
        "POST /graphql HTTP/1.1\r\nHost: jij\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Sends a request, and reads the answer whole.
async fn exchange(stream: &mut TcpStream, request: &[u8], read: &mut Vec<u8>) -> io::Result<()> {
    stream.write_all(request).await?;
    read.clear();
    loop {
        if let Some(head) = find(read, b"\r\n\r\n") {
            let length = std::str::from_utf8(&read[..head])
                .unwrap_or_default()
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .and_then(|(_, value)| value.trim().parse::<usize>().ok())
                .ok_or(io::ErrorKind::InvalidData)?;
            if read.len() >= head + 4 + length {
                return Ok(());
            }
        }
        if stream.read_buf(read).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}
