//! A frame by hand: as little as can be, for there are a thousand in this one process.

use std::{io, net::SocketAddr};

use domain::id::EmbedId;
use harness::{Wire, wire};
use serde_json::{Value, json};
use tokio::{io::AsyncReadExt, net::TcpStream};

use super::{
    PARTNER,
    seen::{Watcher, find, voters},
};

/// What a frame needs to know of its page.
pub(crate) struct Page {
    path: String,
    /// What it follows the poll by: the request's body.
    follow: String,
}

/// A frame that follows a poll.
pub(crate) struct Frame {
    stream: TcpStream,
    /// What came that is not yet looked at.
    read: Vec<u8>,
    /// The event that is coming in.
    event: Vec<u8>,
}

impl Page {
    /// Reads in the page itself what its script does.
    pub(crate) async fn look(address: SocketAddr, embed: EmbedId) -> Self {
        let path = format!("/embed/{}", embed.0);
        let mut wire = Wire::connect(address).await.expect("a connection");
        let (status, html) = wire.status(&path).await.expect("a page");
        assert_eq!(status, 200, "{html}");
        let between = |start: &str, end: char| {
            let (_, from) = html.split_once(start).expect(start);
            from.split_once(end).expect(start).0.to_owned()
        };
        let (query, poll) = (between("const QUERY = '", '\''), between("data-p=\"", '"'));
        let follow = json!({ "query": query, "variables": { "p": poll } }).to_string();
        Self { path, follow }
    }
}

impl Frame {
    /// Opens a frame as a browser does that was not here before.
    pub(crate) async fn open(address: SocketAddr, page: &Page) -> Self {
        let mut wire = Wire::connect(address).await.expect("a connection");
        let load = format!(
            "GET {} HTTP/1.1\r\nHost: jij\r\nAccept-Encoding: gzip, deflate, br\r\nReferer: {PARTNER}/\r\nSec-Fetch-Dest: iframe\r\n\r\n",
            page.path
        );
        let (status, _) = wire
            .exchange_status(load.as_bytes())
            .await
            .expect("the page");
        assert_eq!(status, 200);
        let session = format!("{}/session", page.path);
        let given = wire.post(&session, None, "{}").await.expect("a session");
        let given: Value = serde_json::from_slice(&given).expect("JSON");
        let token = given["token"].as_str().expect("a token");
        let follow = wire::post("/graphql/stream", Some(token), &page.follow);
        let stream = wire.begin(&follow).await.expect("a request");
        let mut frame = Self {
            stream,
            read: Vec::new(),
            event: Vec::new(),
        };
        loop {
            if let Some(end) = find(&frame.read, b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&frame.read[..end]).to_lowercase();
                assert!(head.starts_with("http/1.1 200"), "{head}");
                assert!(head.contains("transfer-encoding: chunked"), "{head}");
                assert!(!head.contains("content-encoding"), "{head}");
                frame.read.drain(..end + 4);
                return frame;
            }
            frame.fill().await.expect("an answer");
        }
    }

    /// Takes one chunk (RFC 9112, section 7.1) over into the event, where it has come whole.
    fn take_chunk(&mut self) -> io::Result<bool> {
        let Some(start) = find(&self.read, b"\r\n") else {
            return Ok(false);
        };
        let length = std::str::from_utf8(&self.read[..start])
            .ok()
            .and_then(|length| usize::from_str_radix(length, 16).ok())
            .ok_or(io::ErrorKind::InvalidData)?;
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let (from, to) = (start + 2, start + 2 + length);
        if self.read.len() < to + 2 {
            return Ok(false);
        }
        self.event.extend_from_slice(&self.read[from..to]);
        self.read.drain(..to + 2);
        Ok(true)
    }

    async fn fill(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.read).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

impl Watcher for Frame {
    async fn next(&mut self) -> Option<i64> {
        loop {
            while self.take_chunk().ok()? {
                if self.event.ends_with(b"\n\n") {
                    let counted = voters(&self.event);
                    self.event.clear();
                    if counted.is_some() {
                        return counted;
                    }
                }
            }
            self.fill().await.ok()?;
        }
    }
}
