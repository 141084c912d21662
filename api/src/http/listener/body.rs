//! Bodies: a request's must arrive in time, an answer's says how long its request is under way.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::open::RequestGuard;

/// A body that must arrive within a time, counted from where it is first waited for.
pub(super) struct InTime<B> {
    body: B,
    within: Duration,
    limit: Option<Pin<Box<Sleep>>>,
}

impl<B> InTime<B> {
    pub(super) fn new(body: B, within: Duration) -> Self {
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

/// The body of an answer; its request is under way until this is dropped.
pub(super) struct Guarded {
    body: Body,
    _guard: RequestGuard,
}

impl Guarded {
    pub(super) fn new(body: Body, guard: RequestGuard) -> Self {
        Self {
            body,
            _guard: guard,
        }
    }
}

impl HttpBody for Guarded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
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
    use std::io;

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
        let read_whole = read(Body::from_stream(ends), Duration::from_secs(15)).await;
        assert_eq!(read_whole.unwrap(), "aaa");
        let never = stream::pending::<Result<Bytes, io::Error>>();
        let given_up = read(Body::from_stream(never), Duration::from_millis(1)).await;
        assert!(given_up.is_err());
    }
}
