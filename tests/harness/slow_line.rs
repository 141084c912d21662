//! A slow line to a server: a TCP proxy that delivers each chunk later than it came.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::JoinHandle,
};

/// A TCP proxy that adds a delay in each direction; it ends when dropped.
pub struct SlowLine {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl SlowLine {
    /// Starts a proxy to `target` (host and port) that adds `delay` in each direction.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn start(target: String, delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(&target).await else {
                    continue;
                };
                let (near_read, near_write) = near.into_split();
                let (far_read, far_write) = far.into_split();
                tokio::spawn(forward(near_read, far_write, delay));
                tokio::spawn(forward(far_read, near_write, delay));
            }
        });
        Self { address, task }
    }

    /// The same address of a database, reached through this line.
    ///
    /// # Panics
    /// If `url` names no host and port.
    pub fn url(&self, url: &str) -> String {
        let host = host_and_port(url);
        url.replacen(&host, &self.address.to_string(), 1)
    }
}

impl Drop for SlowLine {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The host and port in the address of a database.
///
/// # Panics
/// If there is none.
pub fn host_and_port(url: &str) -> String {
    let (_, rest) = url.split_once("://").expect("an address");
    let authority = rest.split('/').next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    host.to_owned()
}

/// Forwards what comes until either side ends, then ends the other.
async fn forward(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, delay: Duration) {
    let mut chunk = vec![0; 65_536];
    while let Ok(length) = from.read(&mut chunk).await {
        tokio::time::sleep(delay).await;
        if length == 0 || to.write_all(&chunk[..length]).await.is_err() {
            break;
        }
    }
    // The other side may be gone already.
    let _ = to.shutdown().await;
}
