//! One request is one task: its resolvers and the batches that they wait for take turns.
//!
//! A batch starts once no resolver can go on, so it holds every key there is to ask for, however
//! busy the machine; and resolvers go on once everything that is ready was handed to them. With
//! tasks and a timer of their own, batches would be cut where the timer happened to fall.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
};

use futures_util::{
    future::BoxFuture,
    stream::{FuturesUnordered, StreamExt},
};

/// The batches that a request's loader has formed and nobody runs yet.
#[derive(Clone, Default)]
pub(crate) struct Batches(Arc<Mutex<Vec<BoxFuture<'static, ()>>>>);

impl Batches {
    /// Leaves a batch to the request's task.
    pub(crate) fn push(&self, batch: BoxFuture<'static, ()>) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(batch);
    }

    fn take(&self) -> Vec<BoxFuture<'static, ()>> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What `resolvers` give, running the batches that they leave here in between.
    pub(super) async fn run<T>(&self, resolvers: impl Future<Output = T>) -> T {
        let mut resolvers = pin!(resolvers);
        let mut batches = FuturesUnordered::new();
        poll_fn(|context| {
            loop {
                if let Poll::Ready(done) = resolvers.as_mut().poll(context) {
                    return Poll::Ready(done);
                }
                batches.extend(self.take());
                let mut answered = false;
                while let Poll::Ready(Some(())) = batches.poll_next_unpin(context) {
                    answered = true;
                }
                if !answered {
                    return Poll::Pending;
                }
            }
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::{FutureExt, future::join_all};
    use tokio::sync::oneshot;

    use super::*;

    /// A loader of numbers that counts how often it is asked.
    #[derive(Default)]
    struct Numbers {
        batches: Batches,
        waiting: Arc<Mutex<Vec<oneshot::Sender<()>>>>,
        asked: Arc<AtomicUsize>,
    }

    impl Numbers {
        async fn load(&self) {
            let (sender, receiver) = oneshot::channel();
            let first = {
                let mut waiting = self.waiting.lock().unwrap();
                waiting.push(sender);
                waiting.len() == 1
            };
            if first {
                let (waiting, asked) = (Arc::clone(&self.waiting), Arc::clone(&self.asked));
                let batch = async move {
                    tokio::task::yield_now().await;
                    let waiting = std::mem::take(&mut *waiting.lock().unwrap());
                    asked.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                    for sender in waiting {
                        sender.send(()).unwrap();
                    }
                };
                self.batches.push(batch.boxed());
            }
            receiver.await.unwrap();
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn each_level_of_resolvers_is_one_batch() {
        for _ in 0..200 {
            let numbers = &Numbers::default();
            let resolvers = join_all((0..50).map(|_| async {
                for _ in 0..3 {
                    numbers.load().await;
                }
            }));
            numbers.batches.run(resolvers).await;
            assert_eq!(numbers.asked.load(Ordering::Relaxed), 3);
        }
    }
}
