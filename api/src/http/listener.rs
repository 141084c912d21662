//! The loop that takes connections and answers their requests.
//!
//! axum's own has no clock for what a peer sends: one that sends its head byte by byte would keep
//! its place for ever.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::{ConnectInfo, Request},
};
use hyper::{
    body::{Frame, Incoming, SizeHint},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{Sleep, sleep},
};
use tower::ServiceExt;

/// How long a peer may take for the head of a request, and an idle connection be kept for the
/// next one.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// How long a peer may take for the body of a request, in all.
const BODY_WITHIN: Duration = Duration::from_secs(15);
/// How long what was sent may go unacknowledged (RFC 5482): an event stream, which hears nothing
/// from its peer, ends when the peer is gone.
#[cfg(target_os = "linux")]
const GONE_AFTER: Duration = Duration::from_mins(1);
/// How long to wait where no connection can be taken, such as without a free file descriptor.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers requests by `router`, which learns the peer's address ([`ConnectInfo`]), until `end`;
/// then takes no more connections, and gives once those under way have been answered.
pub async fn serve(listener: TcpListener, router: Router, end: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
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
                    tracing::debug!(%error, "a connection keeps the machine's ways");
                }
                connections.spawn(answer(stream, peer, router.clone(), &graceful));
            }
            Err(error) if is_of_the_peer(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    graceful.shutdown().await;
    // Those that broke have been told of by their own error.
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

/// Answers the requests of one connection.
fn answer(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + Send + 'static {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(|body| Body::new(InTime::new(body, BODY_WITHIN)));
        request.extensions_mut().insert(ConnectInfo(peer));
        let answered = router.clone().oneshot(request);
        async move { Ok::<_, Infallible>(answered.await.unwrap_or_else(|never| match never {})) }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    let connection = graceful.watch(connection.into_owned());
    async move {
        // Peers come and go as they like.
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}

/// Whether the peer went away before its connection was taken.
fn is_of_the_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
    )
}

/// A body that must arrive within a time, counted from where it is first waited for.
struct InTime<B> {
    body: B,
    within: Duration,
    limit: Option<Pin<Box<Sleep>>>,
}

impl<B> InTime<B> {
    fn new(body: B, within: Duration) -> Self {
        Self {
            body,
            within,
            limit: None,
        }
    }
}

impl<B> HttpBody for InTime<B>
where
    B: HttpBody<Data = Bytes, Error: Into<axum::BoxError>> + Unpin,
{
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let within = self.within;
        let limit = self.limit.get_or_insert_with(|| Box::pin(sleep(within)));
        ready!(limit.as_mut().poll(context));
        Poll::Ready(Some(Err("the body took too long".into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    async fn read(body: Body, within: Duration) -> Result<Bytes, axum::Error> {
        axum::body::to_bytes(Body::new(InTime::new(body, within)), 100).await
    }

    #[tokio::test]
    async fn a_body_that_never_ends_is_given_up() {
        let ends = stream::unfold(0, async |part| {
            tokio::task::yield_now().await;
            (part < 3).then_some((Ok::<_, io::Error>("a"), part + 1))
        });
        let read_whole = read(Body::from_stream(ends), BODY_WITHIN).await;
        assert_eq!(read_whole.unwrap(), "aaa");
        let never = stream::pending::<Result<Bytes, io::Error>>();
        let given_up = read(Body::from_stream(never), Duration::from_millis(1)).await;
        assert!(given_up.is_err());
    }
}
