//! Counting ballots by channel and assurance, once for all who ask.
//!
//! A count reads every ballot of its question, which may be a million, and is asked for by
//! anyone. So it is kept for the revision that it was made at; one count of a question is under
//! way at a time, and whoever asks meanwhile gets the one before; few are under way at once; and
//! few requests wait for one, since each holds a place that others need.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::{Mutex as Gate, OwnedMutexGuard, Semaphore, mpsc, oneshot};

use super::{super::store, SplitCount};
use crate::{Error, Result, database::Database, id::QuestionId, recent::Recent, task::Task};

/// Tasks that count: the database is there for others as well.
const WORKERS: usize = 2;
/// Requests that wait for a count at most, and counts that wait for their turn; one more is told
/// to come back.
const WAITING: usize = 16;
/// The wait before coming back.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// Questions of a generation whose count is kept; see [`Recent`].
const QUESTIONS: usize = 512;

/// The counts of questions by channel and assurance, and the tasks that make them.
pub(in crate::poll) struct SplitCache {
    entries: Recent<QuestionId, Arc<Entry>>,
    queue: mpsc::Sender<Count>,
    waiting: Semaphore,
    _workers: Vec<Task>,
}

/// Questions to count in one statement, and where to say how that ended.
struct Count {
    claimed: Vec<Claimed>,
    done: oneshot::Sender<Result<()>>,
}

/// A question's last count.
#[derive(Default)]
struct Entry {
    count: Mutex<Option<Arc<SplitCount>>>,
    /// Held while the question is counted.
    gate: Arc<Gate<()>>,
}

/// A question, the run to count, and the revision that its results have.
type Wanted = (QuestionId, i32, i64);

/// A question that a count under way will count; its gate opens when this is dropped.
struct Claimed {
    wanted: Wanted,
    entry: Arc<Entry>,
    _gate: OwnedMutexGuard<()>,
}

impl Entry {
    /// Returns the last count, if it is of this run.
    fn of_run(&self, run: i32) -> Option<Arc<SplitCount>> {
        let count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        count.clone().filter(|count| count.run == run)
    }

    /// Returns the last count, if it is of this run and not older than the revision.
    fn fresh(&self, run: i32, revision: i64) -> Option<Arc<SplitCount>> {
        self.of_run(run).filter(|count| count.revision >= revision)
    }

    fn put(&self, count: SplitCount) {
        let mut kept = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some(Arc::new(count));
    }
}

impl SplitCache {
    /// An empty cache with its workers, which end with it.
    pub(in crate::poll) fn new(database: &Database) -> Self {
        let (queue, counts) = mpsc::channel(WAITING);
        let counts = Arc::new(Gate::new(counts));
        let worker = || work(database.clone(), Arc::clone(&counts));
        Self {
            entries: Recent::new(QUESTIONS),
            queue,
            waiting: Semaphore::new(WAITING),
            _workers: (0..WORKERS)
                .map(|_| Task::start("counting splits", worker()))
                .collect(),
        }
    }

    /// Returns the count of each of these questions, made at its revision or, while a newer one
    /// is under way, before. Where too many wait, it asks to come back.
    pub(in crate::poll) async fn counts(
        &self,
        wanted: &[Wanted],
    ) -> Result<HashMap<QuestionId, Arc<SplitCount>>> {
        let mut found = HashMap::with_capacity(wanted.len());
        let (mut claimed, mut awaited) = (Vec::new(), Vec::new());
        for &(question, run, revision) in wanted {
            let entry = self.entries.get_or_put(question, Arc::default);
            let gate = Arc::clone(&entry.gate).try_lock_owned();
            // A look behind the gate: what was counted until it opened is seen.
            let count = match &gate {
                Ok(_) => entry.fresh(run, revision),
                Err(_) => entry.of_run(run),
            };
            if let Some(count) = count {
                found.insert(question, count);
                continue;
            }
            if let Ok(gate) = gate {
                claimed.push(Claimed {
                    wanted: (question, run, revision),
                    entry: Arc::clone(&entry),
                    _gate: gate,
                });
            }
            awaited.push((question, run, entry));
        }
        if awaited.is_empty() {
            return Ok(found);
        }
        let too_many = || {
            metrics::counter!("jij_splits_refused_total").increment(1);
            Error::TooMany(RETRY_AFTER)
        };
        let _place = self.waiting.try_acquire().map_err(|_| too_many())?;
        if !claimed.is_empty() {
            let (done, outcome) = oneshot::channel();
            // The count outlives this request, since others wait for it as well.
            let count = Count { claimed, done };
            self.queue.try_send(count).map_err(|_| too_many())?;
            outcome.await.map_err(Error::internal)??;
        }
        for (question, run, entry) in awaited {
            if entry.of_run(run).is_none() {
                drop(entry.gate.lock().await);
            }
            let count = entry.of_run(run).ok_or_else(too_many)?;
            found.insert(question, count);
        }
        Ok(found)
    }
}

/// Makes one count after the other until the queue ends.
async fn work(database: Database, queue: Arc<Gate<mpsc::Receiver<Count>>>) {
    loop {
        let next = queue.lock().await.recv().await;
        let Some(Count { claimed, done }) = next else {
            return;
        };
        let database = database.clone();
        // A task of its own: should a count break, the next is made all the same.
        Task::start("a count of ballots", async move {
            // Whoever began it may be gone.
            let _ = done.send(count(&database, claimed).await);
        })
        .ended()
        .await;
    }
}

/// Counts questions in one statement.
async fn count(database: &Database, claimed: Vec<Claimed>) -> Result<()> {
    let asked: Vec<(QuestionId, i32)> = claimed
        .iter()
        .map(|claimed| (claimed.wanted.0, claimed.wanted.1))
        .collect();
    let mut parts = store::split::parts(database.read(), &asked).await?;
    for claimed in claimed {
        let (question, run, revision) = claimed.wanted;
        let parts = parts.remove(&question).unwrap_or_default();
        claimed.entry.put(SplitCount::new(run, revision, parts));
    }
    Ok(())
}
