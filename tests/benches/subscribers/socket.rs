//! A subscriber over a WebSocket by hand: as little as can be, for there are thousands in this
//! one process.

use std::{io, net::SocketAddr};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::seen::{Watcher, find, voters};

const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// One of the room.
pub(crate) struct Subscriber {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Subscriber {
    /// Connects and subscribes to the poll with the contract's operation.
    pub(crate) async fn connect(address: SocketAddr, poll: &Value) -> Self {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        let head = "GET /graphql/ws HTTP/1.1\r\nHost: jij\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
            Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
            Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n";
        stream.write_all(head.as_bytes()).await.expect("a request");
        let mut subscriber = Self {
            stream,
            read: Vec::new(),
        };
        loop {
            if let Some(end) = find(&subscriber.read, b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&subscriber.read[..end]).into_owned();
                assert!(head.starts_with("HTTP/1.1 101"), "{head}");
                subscriber.read.drain(..end + 4);
                break;
            }
            subscriber.fill().await.expect("an answer");
        }
        subscriber.say(&json!({ "type": "connection_init" })).await;
        let subscribe = json!({
            "id": "1",
            "type": "subscribe",
            "payload": {
                "query": harness::operation("PollUpdated").document,
                "operationName": "PollUpdated",
                "variables": { "pollId": poll["id"] },
            },
        });
        subscriber.say(&subscribe).await;
        subscriber
    }

    async fn say(&mut self, message: &Value) {
        let sent = self.send(TEXT, message.to_string().as_bytes()).await;
        sent.expect("the socket takes a message");
    }

    /// Sends a frame; its mask is zero, which leaves what it masks as it is.
    async fn send(&mut self, kind: u8, payload: &[u8]) -> io::Result<()> {
        let mut frame = vec![0x80 | kind];
        match u16::try_from(payload.len()) {
            Ok(short @ 0..=125) => frame.push(0x80 | short as u8),
            Ok(length) => {
                frame.push(0x80 | 0x7e);
                frame.extend_from_slice(&length.to_be_bytes());
            }
            Err(_) => return Err(io::ErrorKind::InvalidInput.into()),
        }
        frame.extend_from_slice(&[0; 4]);
        frame.extend_from_slice(payload);
        self.stream.write_all(&frame).await
    }

    async fn fill(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.read).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

impl Watcher for Subscriber {
    async fn next(&mut self) -> Option<i64> {
        loop {
            let (kind, start, end) = loop {
                match frame(&self.read) {
                    Some(found) => break found,
                    None => self.fill().await.ok()?,
                }
            };
            let voters = match kind {
                TEXT => voters(&self.read[start..end]),
                CLOSE => return None,
                _ => None,
            };
            let pong = (kind == PING).then(|| self.read[start..end].to_vec());
            self.read.drain(..end);
            if self.read.is_empty() {
                // Thousands of them: what is not needed is not kept.
                self.read.shrink_to(1_024);
            }
            if let Some(payload) = pong {
                self.send(PONG, &payload).await.ok()?;
            }
            if voters.is_some() {
                return voters;
            }
        }
    }
}

/// The kind of the first frame, and where its payload begins and ends.
fn frame(read: &[u8]) -> Option<(u8, usize, usize)> {
    let (&first, &second) = (read.first()?, read.get(1)?);
    let (start, length) = match second {
        126 => {
            let length = u16::from_be_bytes([*read.get(2)?, *read.get(3)?]);
            (4, usize::from(length))
        }
        127 => {
            let bytes: [u8; 8] = read.get(2..10)?.try_into().ok()?;
            (10, u64::from_be_bytes(bytes) as usize)
        }
        short => (2, usize::from(short)),
    };
    let end = start + length;
    (read.len() >= end).then_some((first & 0x0f, start, end))
}
