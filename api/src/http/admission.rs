//! How many requests are worked on at once. What comes on top waits for its turn, not for long and
//! not in any number: a server that takes more than it can do answers nobody in time.

use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::problem::Problem;

const BUSY: Problem = Problem::new(
    StatusCode::SERVICE_UNAVAILABLE,
    "RATE_LIMITED",
    "The server has too much to do; try again in a moment.",
);

/// How much work is taken on.
#[derive(Debug, Clone, Copy)]
pub struct Workload {
    /// Requests that are worked on at once.
    pub at_once: usize,
    /// Requests that wait for their turn; one more is refused at once.
    pub waiting: usize,
    /// How long one waits before it is refused.
    pub patience: Duration,
}

impl Default for Workload {
    fn default() -> Self {
        Self {
            at_once: 256,
            waiting: 4_096,
            patience: Duration::from_millis(250),
        }
    }
}

/// The door that requests go through.
#[derive(Debug, Clone)]
pub struct Admission {
    working: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    patience: Duration,
}

impl Admission {
    /// Nobody is in yet.
    pub fn new(workload: Workload) -> Self {
        Self {
            working: Arc::new(Semaphore::new(workload.at_once)),
            waiting: Arc::new(Semaphore::new(workload.waiting)),
            patience: workload.patience,
        }
    }

    /// A place among those that are worked on, until it is dropped; 503 where none comes free.
    pub(super) async fn enter(&self) -> Result<OwnedSemaphorePermit, Problem> {
        if let Ok(place) = Arc::clone(&self.working).try_acquire_owned() {
            return Ok(place);
        }
        let _turn = self
            .waiting
            .try_acquire()
            .map_err(|_| ())
            .map_err(refused)?;
        self.wait(self.patience).await.map_err(refused)
    }

    /// The same over a connection that stays open: it waits for its turn this long, however many
    /// wait, since there are only so many connections.
    pub(super) async fn enter_within(
        &self,
        patience: Duration,
    ) -> Result<OwnedSemaphorePermit, Problem> {
        self.wait(patience).await.map_err(refused)
    }

    async fn wait(&self, patience: Duration) -> Result<OwnedSemaphorePermit, ()> {
        timeout(patience, Arc::clone(&self.working).acquire_owned())
            .await
            .map_err(|_| ())?
            .map_err(|_| ())
    }
}

fn refused((): ()) -> Problem {
    metrics::counter!("jij_requests_refused_total").increment(1);
    BUSY
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn door(waiting: usize) -> Admission {
        Admission::new(Workload {
            at_once: 1,
            waiting,
            patience: Duration::ZERO,
        })
    }

    #[tokio::test]
    async fn whoever_finds_no_place_is_refused() {
        let door = door(1);
        let place = door.enter().await.unwrap();
        let refused = door.enter().await.unwrap_err();
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
        drop(place);
        assert!(door.enter().await.is_ok());
    }

    #[tokio::test]
    async fn one_waits_for_a_turn_and_the_next_is_refused_at_once() {
        let door = Admission {
            patience: Duration::MAX,
            ..door(1)
        };
        let place = door.enter().await.unwrap();
        let mut turn = std::pin::pin!(door.enter());
        assert!(turn.as_mut().now_or_never().is_none());
        assert!(door.enter().now_or_never().unwrap().is_err());
        drop(place);
        assert!(turn.await.is_ok());
    }
}
