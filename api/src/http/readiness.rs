//! Whether this process should be sent requests: `/readyz`, and 503 while the database is away.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::database::Database;
use tokio::sync::watch;

use super::{AppState, problem::Problem};

/// How often the database is asked whether it answers.
const LOOK: Duration = Duration::from_secs(1);

/// What a process knows of itself. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Readiness(Arc<Checks>);

#[derive(Debug)]
struct Checks {
    database: AtomicBool,
    migrations: AtomicBool,
    ending: AtomicBool,
    /// True once the database file was replaced or removed.
    file_lost: watch::Sender<bool>,
}

impl Default for Readiness {
    fn default() -> Self {
        Self::new()
    }
}

impl Readiness {
    /// Of a process that has just found its database in order.
    pub fn new() -> Self {
        Self(Arc::new(Checks {
            database: AtomicBool::new(true),
            migrations: AtomicBool::new(true),
            ending: AtomicBool::new(false),
            file_lost: watch::Sender::new(false),
        }))
    }

    /// Looks if the database answers, has every migration and is still in the file that was opened,
    /// once a second until `end`. Which migrations it has is looked up at first and whenever it
    /// comes back.
    pub async fn watch(&self, database: &Database, end: impl Future<Output = ()>) {
        let mut end = std::pin::pin!(end);
        let mut is_migrated = false;
        metrics::gauge!("jij_database_up").set(1.0);
        loop {
            let mut answers = database.answers().await;
            // After that: a file that went explains why there was no answer.
            if !database.is_in_place() && !self.0.file_lost.send_replace(true) {
                tracing::error!("the database file was replaced or removed");
            }
            if answers && !is_migrated {
                match migration::pending(database.read()).await {
                    Ok(pending) => {
                        is_migrated = pending.is_empty();
                        self.0.migrations.store(is_migrated, Ordering::Relaxed);
                    }
                    // It went in between.
                    Err(_) => answers = false,
                }
            }
            is_migrated &= answers;
            if self.0.database.swap(answers, Ordering::Relaxed) != answers {
                if answers {
                    tracing::info!("the database answers again");
                } else {
                    tracing::error!("the database does not answer");
                }
            }
            metrics::gauge!("jij_database_up").set(if answers { 1.0 } else { 0.0 });
            tokio::select! {
                () = &mut end => return,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// From now on the process is not ready: it was asked to end.
    pub fn end(&self) {
        self.0.ending.store(true, Ordering::Relaxed);
    }

    /// Waits until the database file is not the one that was opened.
    pub async fn file_lost(&self) {
        let mut lost = self.0.file_lost.subscribe();
        // Its sender is kept here.
        let _ = lost.wait_for(|lost| *lost).await;
    }

    /// Returns if the database file is not the one that was opened.
    pub fn is_file_lost(&self) -> bool {
        *self.0.file_lost.borrow()
    }

    /// What keeps the process from being sent requests; empty where it is ready.
    fn obstacles(&self) -> Vec<&'static str> {
        let checks = [
            (&self.0.database, true, "the database does not answer\n"),
            (&self.0.migrations, true, "the database lacks a migration\n"),
            (&self.0.ending, false, "the server is ending\n"),
        ];
        let lost = self.is_file_lost();
        checks
            .iter()
            .filter(|(check, wanted, _)| check.load(Ordering::Relaxed) != *wanted)
            .map(|(.., obstacle)| *obstacle)
            .chain(lost.then_some("the database file was replaced or removed\n"))
            .collect()
    }
}

/// Whether the process should be sent requests; 503 says why not, a line an obstacle.
pub(super) async fn ready(State(state): State<AppState>) -> Response {
    let obstacles = state.readiness.obstacles();
    if obstacles.is_empty() {
        "ok\n".into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, obstacles.concat()).into_response()
    }
}

/// Answers at once while the database is away, in place of what would wait for it, and where its
/// file is lost, in place of what would be.
pub(super) async fn refuse_while_away(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let readiness = &state.readiness;
    if readiness.0.database.load(Ordering::Relaxed) && !readiness.is_file_lost() {
        next.run(request).await
    } else {
        Problem::UNAVAILABLE.into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_obstacle_is_named() {
        let readiness = Readiness::new();
        assert!(readiness.obstacles().is_empty());
        readiness.end();
        readiness.0.database.store(false, Ordering::Relaxed);
        readiness.0.migrations.store(false, Ordering::Relaxed);
        readiness.0.file_lost.send_replace(true);
        assert_eq!(readiness.obstacles().len(), 4);
    }
}
