//! Queries of the presenter's room: its join code, its active question, and who is there.

use std::collections::HashMap;

use entity::{join_code, poll, poll_run, question, room_presence};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, JoinType, QueryFilter,
    QuerySelect, QueryTrait, RelationDef, TryInsertResult,
    sea_query::{Expr, LockType, OnConflict},
};

use super::{
    super::{Pace, Poll, Question, QuestionState},
    poll::{by_id, one, select, visible},
};
use crate::{
    Actor,
    clock::Instant,
    id::{InstanceId, PollId, QuestionId},
};

/// The poll whose room is entered by this code as it stands at `now`, whoever asks.
pub(in crate::poll) async fn by_join_code(
    connection: &impl ConnectionTrait,
    code: &str,
    now: Instant,
) -> Result<Option<Poll>, DbErr> {
    let holder = join_code::Entity::find_by_id(code.to_owned())
        .select_only()
        .column(join_code::Column::PollId)
        .into_query();
    let select = select().filter(poll::Column::Id.in_subquery(holder));
    one(connection, select, now).await
}

/// The poll's code, behind a lock, so that no other poll takes it over meanwhile.
pub(in crate::poll) async fn code_of(
    connection: &impl ConnectionTrait,
    poll: PollId,
) -> Result<Option<String>, DbErr> {
    let row = join_code::Entity::find()
        .filter(join_code::Column::PollId.eq(poll))
        .lock(LockType::NoKeyUpdate)
        .one(connection)
        .await?;
    Ok(row.map(|row| row.code))
}

/// Gives a poll that has none this code, where it is free or the poll that has it is over at
/// `now`; `false` where it is taken.
pub(in crate::poll) async fn take_code(
    connection: &impl ConnectionTrait,
    code: &str,
    poll: PollId,
    now: Instant,
) -> Result<bool, DbErr> {
    let row = join_code::ActiveModel {
        code: Set(code.to_owned()),
        poll_id: Set(poll),
    };
    let inserted = join_code::Entity::insert(row)
        .on_conflict_do_nothing_on([join_code::Column::Code])
        .exec_without_returning(connection)
        .await?;
    if matches!(inserted, TryInsertResult::Inserted(1..)) {
        return Ok(true);
    }
    let holder = join_code::Entity::find_by_id(code.to_owned())
        .lock(LockType::NoKeyUpdate)
        .one(connection)
        .await?;
    // Read behind the lock: whoever opens that poll again looks for its code behind it as well.
    let Some(holder) = holder else {
        return Ok(false);
    };
    let over = by_id(connection, holder.poll_id, now)
        .await?
        .is_some_and(|holder| holder.status.is_over());
    if !over {
        return Ok(false);
    }
    let taken = join_code::Entity::update_many()
        .col_expr(join_code::Column::PollId, Expr::value(poll))
        .filter(join_code::Column::Code.eq(code))
        .exec(connection)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Writes where a question stands in the hands of its presenter.
pub(in crate::poll) async fn set_state(
    connection: &impl ConnectionTrait,
    question: &Question,
) -> Result<(), DbErr> {
    let row = question::ActiveModel {
        id: Set(question.id),
        state: Set(question.state),
        opened_at: Set(question.opened_at),
        timer_ends_at: Set(question.timer_ends_at),
        ..Default::default()
    };
    question::Entity::update(row).exec(connection).await?;
    Ok(())
}

/// Locks every open question of a poll but this one.
pub(in crate::poll) async fn lock_others(
    connection: &impl ConnectionTrait,
    poll: PollId,
    but: QuestionId,
) -> Result<(), DbErr> {
    question::Entity::update_many()
        .col_expr(question::Column::State, Expr::value(QuestionState::Locked))
        .col_expr(question::Column::TimerEndsAt, Expr::value(None::<Instant>))
        .filter(question::Column::PollId.eq(poll))
        .filter(question::Column::Id.ne(but))
        .filter(question::Column::State.eq(QuestionState::Open))
        .exec(connection)
        .await?;
    Ok(())
}

/// Makes a question the one that is shown, or none.
pub(in crate::poll) async fn set_active(
    connection: &impl ConnectionTrait,
    poll: PollId,
    question: Option<QuestionId>,
) -> Result<(), DbErr> {
    let row = poll::ActiveModel {
        id: Set(poll),
        active_question_id: Set(question),
        ..Default::default()
    };
    poll::Entity::update(row).exec(connection).await?;
    Ok(())
}

/// Says how many people follow rooms over this process, each poll once; none take it away.
pub(in crate::poll) async fn report(
    connection: &impl ConnectionTrait,
    instance: InstanceId,
    counts: &[(PollId, i64)],
    now: Instant,
) -> Result<(), DbErr> {
    let gone: Vec<PollId> = counts
        .iter()
        .filter(|(_, count)| *count == 0)
        .map(|(poll, _)| *poll)
        .collect();
    if !gone.is_empty() {
        room_presence::Entity::delete_many()
            .filter(room_presence::Column::Instance.eq(instance))
            .filter(room_presence::Column::PollId.is_in(gone))
            .exec(connection)
            .await?;
    }
    let rows: Vec<_> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(poll, count)| room_presence::ActiveModel {
            poll_id: Set(*poll),
            instance: Set(instance),
            participants: Set(*count),
            seen_at: Set(now),
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    room_presence::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([
                room_presence::Column::PollId,
                room_presence::Column::Instance,
            ])
            .update_columns([
                room_presence::Column::Participants,
                room_presence::Column::SeenAt,
            ])
            .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Takes away what this process said, and what no process has repeated since `stale`.
pub(in crate::poll) async fn forget(
    connection: &impl ConnectionTrait,
    instance: Option<InstanceId>,
    stale: Instant,
) -> Result<(), DbErr> {
    let mut condition = room_presence::Column::SeenAt.lt(stale);
    if let Some(instance) = instance {
        condition = condition.or(room_presence::Column::Instance.eq(instance));
    }
    room_presence::Entity::delete_many()
        .filter(condition)
        .exec(connection)
        .await?;
    Ok(())
}

/// How many people follow each room over other processes that said so since `fresh`.
pub(in crate::poll) async fn elsewhere(
    connection: &impl ConnectionTrait,
    instance: InstanceId,
    polls: &[PollId],
    fresh: Instant,
) -> Result<HashMap<PollId, i64>, DbErr> {
    let rows: Vec<(PollId, i64)> = room_presence::Entity::find()
        .select_only()
        .column(room_presence::Column::PollId)
        .column(room_presence::Column::Participants)
        .filter(room_presence::Column::PollId.is_in(polls.iter().copied()))
        .filter(room_presence::Column::Instance.ne(instance))
        .filter(room_presence::Column::SeenAt.gt(fresh))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(sums(rows))
}

/// How many people all processes last said to follow each room.
pub(super) async fn reported(
    connection: &impl ConnectionTrait,
    polls: &[PollId],
) -> Result<HashMap<PollId, i64>, DbErr> {
    if polls.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(PollId, i64)> = room_presence::Entity::find()
        .select_only()
        .column(room_presence::Column::PollId)
        .column(room_presence::Column::Participants)
        .filter(room_presence::Column::PollId.is_in(polls.iter().copied()))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(sums(rows))
}

fn sums(rows: Vec<(PollId, i64)>) -> HashMap<PollId, i64> {
    let mut sums = HashMap::new();
    for (poll, count) in rows {
        *sums.entry(poll).or_default() += count;
    }
    sums
}

/// Raises the peak of a poll's present run to `count`; a higher one stays.
pub(in crate::poll) async fn raise_peak(
    connection: &impl ConnectionTrait,
    poll: PollId,
    count: i64,
) -> Result<(), DbErr> {
    let run = poll::Entity::find_by_id(poll)
        .select_only()
        .column(poll::Column::Run)
        .into_query();
    poll_run::Entity::update_many()
        .col_expr(poll_run::Column::ParticipantPeak, Expr::value(count))
        .filter(poll_run::Column::PollId.eq(poll))
        .filter(poll_run::Column::Run.in_subquery(run))
        .filter(poll_run::Column::ParticipantPeak.lt(count))
        .exec(connection)
        .await?;
    Ok(())
}

/// The peaks of the present runs of those rooms that the actor may know of.
pub(in crate::poll) async fn peaks(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    polls: &[PollId],
) -> Result<Vec<(PollId, i64)>, DbErr> {
    let present_run: RelationDef = poll::Entity::belongs_to(poll_run::Entity)
        .from((poll::Column::Id, poll::Column::Run))
        .to((poll_run::Column::PollId, poll_run::Column::Run))
        .into();
    poll::Entity::find()
        .select_only()
        .column(poll::Column::Id)
        .column(poll_run::Column::ParticipantPeak)
        .join(JoinType::InnerJoin, present_run)
        .filter(poll::Column::Id.is_in(polls.iter().copied()))
        .filter(poll::Column::Pace.eq(Pace::Presenter))
        .filter(visible(actor))
        .into_tuple()
        .all(connection)
        .await
}
