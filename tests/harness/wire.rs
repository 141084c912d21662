//! HTTP/1.1 over one connection that stays open: little enough that a load made with it costs
//! little beside the server it is for.

use std::{io, net::SocketAddr};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A connection to a server.
pub struct Wire {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Wire {
    /// Connects.
    ///
    /// # Errors
    /// If nobody answers there.
    pub async fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            read: Vec::with_capacity(4_096),
        })
    }

    /// Gets a page; gives its body.
    ///
    /// # Errors
    /// If the connection breaks.
    pub async fn get(&mut self, path: &str) -> io::Result<Vec<u8>> {
        let head = format!("GET {path} HTTP/1.1\r\nHost: jij\r\n\r\n");
        self.exchange(head.as_bytes()).await
    }

    /// Gets a page; gives its status and its body.
    ///
    /// # Errors
    /// If the connection breaks.
    pub async fn status(&mut self, path: &str) -> io::Result<(u16, String)> {
        let head = format!("GET {path} HTTP/1.1\r\nHost: jij\r\n\r\n");
        let (status, body) = self.exchange_status(head.as_bytes()).await?;
        Ok((status, String::from_utf8_lossy(&body).into_owned()))
    }

    /// Sends a request as it is; gives the status and the body of the answer.
    ///
    /// # Errors
    /// If the connection breaks before the answer is whole.
    pub async fn exchange_status(&mut self, request: &[u8]) -> io::Result<(u16, Vec<u8>)> {
        let body = self.exchange(request).await?;
        let line = self.read.split(|byte| *byte == b' ').nth(1);
        let status = line
            .and_then(|status| std::str::from_utf8(status).ok())
            .and_then(|status| status.parse().ok())
            .ok_or(io::ErrorKind::InvalidData)?;
        Ok((status, body))
    }

    /// Sends JSON, under a token where there is one; gives the body of the answer, whatever its
    /// status.
    ///
    /// # Errors
    /// If the connection breaks before the answer is whole.
    pub async fn post(
        &mut self,
        path: &str,
        token: Option<&str>,
        body: &str,
    ) -> io::Result<Vec<u8>> {
        self.exchange(&post(path, token, body)).await
    }

    /// Sends a request as it is, whose answer does not end; gives the connection.
    ///
    /// # Errors
    /// If the connection breaks.
    pub async fn begin(mut self, request: &[u8]) -> io::Result<TcpStream> {
        self.stream.write_all(request).await?;
        Ok(self.stream)
    }

    /// Sends a request as it is, after which the server closes the connection; gives all that it
    /// sends, heads and chunks.
    ///
    /// # Errors
    /// If the connection breaks.
    pub async fn last(mut self, request: &[u8]) -> io::Result<String> {
        self.stream.write_all(request).await?;
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }

    /// Sends a request as it is; gives the body of the answer.
    ///
    /// # Errors
    /// If the connection breaks before the answer is whole.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<Vec<u8>> {
        self.stream.write_all(request).await?;
        self.read.clear();
        let broken = || io::Error::from(io::ErrorKind::UnexpectedEof);
        loop {
            if let Some(head) = self.read.windows(4).position(|part| part == b"\r\n\r\n") {
                let length = length(&self.read[..head]).ok_or(io::ErrorKind::InvalidData)?;
                let start = head + 4;
                while self.read.len() < start + length {
                    if self.stream.read_buf(&mut self.read).await? == 0 {
                        return Err(broken());
                    }
                }
                return Ok(self.read[start..start + length].to_vec());
            }
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err(broken());
            }
        }
    }
}

/// A request that sends JSON, as it goes over the wire.
pub fn post(path: &str, token: Option<&str>, body: &str) -> Vec<u8> {
    let bearer = token.map_or_else(String::new, |token| {
        format!("Authorization: Bearer {token}\r\n")
    });
    format!(
        "POST {path} HTTP/1.1\r\nHost: jij\r\nContent-Type: application/json\r\n{bearer}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The length that a head announces.
fn length(head: &[u8]) -> Option<usize> {
    std::str::from_utf8(head)
        .ok()?
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
}
