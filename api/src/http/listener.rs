//! The loop that takes connections and answers their requests, in HTTP/1.1 and nothing else.
//!
//! axum's own has no time limit for what a peer sends: one that sends its head byte by byte would
//! keep its place for ever. hyper-util's `auto` has none for the first bytes, by which it tells
//! HTTP/2 from HTTP/1, whatever it is told to serve. Here each wait for a peer has its limit, and
//! a peer that is idle gives way where connections run out.

mod body;
mod open;
mod stream;

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::sleep,
};
use tower::ServiceExt;

use body::{Guarded, InTime};
use open::{OpenConnections, Registered};
use stream::ImpatientStream;

/// How long what was sent may go unacknowledged (RFC 5482): an event stream, which hears nothing
/// from its peer, ends when the peer is gone.
#[cfg(target_os = "linux")]
const GONE_AFTER: Duration = Duration::from_mins(1);
/// How long to wait where no connection can be taken, such as without a free file descriptor.
const PAUSE: Duration = Duration::from_millis(100);

/// The limits of a listener on its peers, in number and in time.
#[derive(Debug, Clone, Copy)]
pub struct PeerLimits {
    /// The most connections that are open at once. One more takes the place of the one that has
    /// been idle longest; while none is idle it waits.
    pub most: usize,
    /// The time that a peer has for the head of a request, from its first byte on, and that an idle
    /// connection is kept for the next one.
    pub head_within: Duration,
    /// The time that a peer has for the body of a request, in all.
    pub body_within: Duration,
    /// The time that a peer may read nothing while something is to be sent to it.
    pub read_within: Duration,
}

impl Default for PeerLimits {
    fn default() -> Self {
        Self {
            most: 1_000,
            head_within: Duration::from_secs(30),
            body_within: Duration::from_secs(15),
            read_within: Duration::from_mins(1),
        }
    }
}

/// Answers requests by `router`, which learns the peer's address ([`ConnectInfo`]), until `end`;
/// then takes no more connections, and returns once those under way have been answered.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: PeerLimits,
    end: impl Future<Output = ()>,
) {
    let (ending, _) = watch::channel(());
    let open = OpenConnections::new(limits.most);
    let mut connections = JoinSet::new();
    let mut end = std::pin::pin!(end);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut end => break,
            accepted = listener.accept() => accepted,
            Some(ended) = connections.join_next() => {
                if let Err(fault) = ended {
                    tracing::error!(%fault, "a connection broke");
                }
                continue;
            }
        };
        match accepted {
            Ok((stream, peer)) => {
                if let Err(error) = tune(&stream) {
                    tracing::debug!(%error, "could not set TCP options on a connection");
                }
                let slot = tokio::select! {
                    biased;
                    () = &mut end => break,
                    slot = open.admit() => slot,
                };
                let stream = ImpatientStream::new(stream, limits.read_within, slot);
                let registered = open.register();
                let ending = ending.subscribe();
                let router = router.clone();
                connections.spawn(answer(stream, peer, router, limits, registered, ending));
            }
            Err(error) if is_of_the_peer(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    // Those that broke have been told of by their own error.
    ending.send_replace(());
    while connections.join_next().await.is_some() {}
}

/// What is written is complete, so that waiting for more to send along would only delay it; and a
/// peer that takes nothing for so long is gone, whether or not it said so.
fn tune(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(GONE_AFTER))?;
    Ok(())
}

/// Answers the requests of one connection until it ends, is evicted, or the listener ends.
async fn answer(
    stream: ImpatientStream,
    peer: SocketAddr,
    router: Router,
    limits: PeerLimits,
    registered: Arc<Registered>,
    mut ending: watch::Receiver<()>,
) {
    let registration = Arc::clone(&registered);
    let service = service_fn(move |request: Request<Incoming>| {
        let guard = registration.begin();
        let mut request = request.map(|body| Body::new(InTime::new(body, limits.body_within)));
        request.extensions_mut().insert(ConnectInfo(peer));
        let answered = router.clone().oneshot(request);
        async move {
            let response = answered.await.unwrap_or_else(|never| match never {});
            Ok::<_, Infallible>(response.map(|body| Guarded::new(body, guard)))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_within)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = registered.evicted() => Ok(()),
        _ = ending.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    registered.close();
    // Peers come and go as they like.
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Returns if the peer went away before its connection was taken.
fn is_of_the_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
    )
}
