//! Tasks: work that goes on beside the requests. Their one home, so that each has an owner.

use tokio::task::{JoinError, JoinHandle};

/// Work that goes on beside the requests, as long as its owner keeps this: dropped, it is broken
/// off where it waits.
#[derive(Debug)]
pub struct Task {
    name: &'static str,
    handle: JoinHandle<()>,
}

impl Task {
    /// Starts `work`; `name` stands in the log should it break.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that starts tasks: each has an owner here"
    )]
    pub fn start(name: &'static str, work: impl Future<Output = ()> + Send + 'static) -> Self {
        Self {
            name,
            handle: tokio::spawn(work),
        }
    }

    /// Waits until the work has ended by itself.
    pub async fn ended(mut self) {
        if let Err(fault) = (&mut self.handle).await {
            tracing::error!(task = self.name, %fault, "a task broke");
        }
    }
}

/// Runs `work` to its end, also when whoever waits for it is dropped. For short work that would
/// leave something half done; what it awaits must end by itself.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that starts tasks: this one ends by itself"
)]
pub async fn run_to_end<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, JoinError> {
    tokio::spawn(work).await
}

impl Drop for Task {
    fn drop(&mut self) {
        self.handle.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::{Notify, oneshot};

    use super::*;

    #[tokio::test]
    async fn its_end_can_be_awaited_even_where_it_breaks() {
        let (send, receive) = oneshot::channel();
        let task = Task::start("test", async move {
            let _ = send.send(7);
        });
        task.ended().await;
        assert_eq!(receive.await, Ok(7));
        Task::start("test", async { panic!("broken on purpose") })
            .ended()
            .await;
    }

    #[tokio::test]
    async fn work_that_must_end_goes_on_when_its_caller_is_dropped() {
        let (send, receive) = oneshot::channel();
        let (begun, begins) = oneshot::channel();
        let mut caller = Box::pin(run_to_end(async move {
            let _ = begun.send(());
            tokio::task::yield_now().await;
            let _ = send.send(7);
        }));
        assert!(futures_util::FutureExt::now_or_never(caller.as_mut()).is_none());
        drop(caller);
        assert_eq!((begins.await, receive.await), (Ok(()), Ok(7)));
        assert!(
            run_to_end(async { panic!("broken on purpose") })
                .await
                .is_err()
        );
    }

    #[tokio::test]
    async fn it_ends_with_its_owner() {
        let (kept, begun) = (Arc::new(()), Arc::new(Notify::new()));
        let (inside, begins) = (Arc::clone(&kept), Arc::clone(&begun));
        let task = Task::start("test", async move {
            begins.notify_one();
            std::future::pending::<()>().await;
            drop(inside);
        });
        begun.notified().await;
        drop(task);
        while Arc::strong_count(&kept) > 1 {
            tokio::task::yield_now().await;
        }
    }
}
