//! Queries on the queue.

use std::time::Duration;

use entity::job::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{LockBehavior, LockType},
};
use serde_json::{Value, json};

use super::{Job, Lane, WAITS};
use crate::{clock::Instant, id::JobId};

/// A job that was taken from the queue to be tried.
#[derive(Debug)]
pub struct Claimed {
    pub(crate) id: JobId,
    pub(super) kind: String,
    pub(super) lane: Lane,
    payload: String,
    /// This try's number, from 1.
    pub(super) attempts: i32,
}

impl Claimed {
    /// The promise; an error where this version of the program does not know it.
    pub(crate) fn job(&self) -> Result<Job, serde_json::Error> {
        let payload: Value = serde_json::from_str(&self.payload)?;
        serde_json::from_value(json!({ "kind": self.kind, "payload": payload }))
    }
}

/// Jobs that are added in one statement.
const AT_ONCE: usize = 1_000;

/// Adds a job that is due at once, to be tried when the caller's transaction has committed.
pub(crate) async fn push(
    connection: &impl ConnectionTrait,
    job: &Job,
    now: Instant,
) -> Result<(), DbErr> {
    push_all(connection, std::slice::from_ref(job), now).await
}

/// As [`push`], many at once.
pub(crate) async fn push_all(
    connection: &impl ConnectionTrait,
    jobs: &[Job],
    now: Instant,
) -> Result<(), DbErr> {
    for jobs in jobs.chunks(AT_ONCE) {
        let rows: Vec<ActiveModel> = jobs
            .iter()
            .map(|job| row(job, now))
            .collect::<Result<_, DbErr>>()?;
        Entity::insert_many(rows)
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}

fn row(job: &Job, now: Instant) -> Result<ActiveModel, DbErr> {
    let unwritable = |fault: serde_json::Error| DbErr::Custom(fault.to_string());
    let written = serde_json::to_value(job).map_err(unwritable)?;
    let kind = written["kind"].as_str().unwrap_or_default();
    Ok(ActiveModel {
        id: Set(JobId::new(now)),
        kind: Set(kind.to_owned()),
        lane: Set(lane(kind)),
        payload: Set(written["payload"].to_string()),
        attempts: Set(0),
        run_at: Set(now),
        created_at: Set(now),
        failed_at: Set(None),
        last_error: Set(None),
    })
}

/// The lane of a kind of job.
pub(super) fn lane(kind: &str) -> Lane {
    if kind.starts_with("MAIL_") {
        Lane::Mail
    } else {
        Lane::General
    }
}

/// Returns true if any job of the lane is due.
pub(super) async fn is_due(
    connection: &impl ConnectionTrait,
    lane: Lane,
    now: Instant,
) -> Result<bool, DbErr> {
    let id: Option<JobId> = due(lane, now)
        .select_only()
        .column(Column::Id)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(id.is_some())
}

/// Counts the jobs of the lane that are due.
pub(super) async fn count_due(
    connection: &impl ConnectionTrait,
    lane: Lane,
    now: Instant,
) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::Lane.eq(lane))
        .filter(Column::FailedAt.is_null())
        .filter(Column::RunAt.lte(now))
        .count(connection)
        .await
}

/// Takes the lane's job that is due longest, and puts off its next try.
pub(super) async fn claim(
    connection: &impl ConnectionTrait,
    lane: Lane,
    now: Instant,
) -> Result<Option<Claimed>, DbErr> {
    // Two processes on PostgreSQL pass over each other's choice; SQLite has one writer.
    let due = due(lane, now)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(connection)
        .await?;
    let Some(due) = due else {
        return Ok(None);
    };
    let claimed = Claimed::from(due);
    ActiveModel {
        id: Set(claimed.id),
        attempts: Set(claimed.attempts),
        run_at: Set(now + wait(claimed.attempts).unwrap_or_default()),
        ..Default::default()
    }
    .update(connection)
    .await?;
    Ok(Some(claimed))
}

/// Removes a job that is done.
pub(super) async fn remove(connection: &impl ConnectionTrait, id: JobId) -> Result<(), DbErr> {
    Entity::delete_by_id(id).exec(connection).await?;
    Ok(())
}

/// Keeps why a try failed; gives the job up where it was the last one.
pub(super) async fn postpone(
    connection: &impl ConnectionTrait,
    claimed: &Claimed,
    now: Instant,
    fault: &str,
) -> Result<(), DbErr> {
    ActiveModel {
        id: Set(claimed.id),
        last_error: Set(Some(fault.to_owned())),
        failed_at: Set((wait(claimed.attempts + 1).is_none()).then_some(now)),
        ..Default::default()
    }
    .update(connection)
    .await?;
    Ok(())
}

fn due(lane: Lane, now: Instant) -> Select<Entity> {
    Entity::find()
        .filter(Column::Lane.eq(lane))
        .filter(Column::FailedAt.is_null())
        .filter(Column::RunAt.lte(now))
        .order_by_asc(Column::RunAt)
        .order_by_asc(Column::Id)
        .limit(1)
}

/// How long to wait after try `attempt`, from 1; `None` where there is no such try.
fn wait(attempt: i32) -> Option<Duration> {
    let place = usize::try_from(attempt - 1).ok()?;
    WAITS.get(place).copied()
}

impl From<Model> for Claimed {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            lane: row.lane,
            payload: row.payload,
            attempts: row.attempts + 1,
        }
    }
}
