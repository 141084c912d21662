//! Queries on the runs of polls.

use std::collections::HashMap;

use entity::{poll, poll_run, question, question_run, tally};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult,
    JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef, sea_query::Expr,
};

use super::{
    super::{
        Poll, PollTimes, Run, policy,
        results::{Count, Head},
        room,
    },
    poll::visible,
};
use crate::{
    Actor,
    clock::Instant,
    id::{OptionId, PollId, QuestionId},
};

/// Ends a poll's present run and begins the next with these times. The caller holds the poll's
/// lock.
pub(in crate::poll) async fn restart(
    connection: &impl ConnectionTrait,
    poll: &Poll,
    times: PollTimes,
    now: Instant,
) -> Result<(), DbErr> {
    let next = poll.run + 1;
    poll_run::Entity::update(poll_run::ActiveModel {
        poll_id: Set(poll.id),
        run: Set(poll.run),
        ended_at: Set(Some(now)),
        ..Default::default()
    })
    .exec(connection)
    .await?;
    poll_run::Entity::insert(poll_run::ActiveModel {
        poll_id: Set(poll.id),
        run: Set(next),
        started_at: Set(now),
        ended_at: Set(None),
        voter_count: Set(0),
        participant_peak: Set(0),
        refused_ballots: Set(0),
    })
    .exec_without_returning(connection)
    .await?;
    heads(connection, poll, next).await?;
    question::Entity::update_many()
        .col_expr(question::Column::State, Expr::value(room::start(poll.pace)))
        .col_expr(question::Column::OpenedAt, Expr::value(None::<Instant>))
        .col_expr(question::Column::TimerEndsAt, Expr::value(None::<Instant>))
        .filter(question::Column::PollId.eq(poll.id))
        .exec(connection)
        .await?;
    poll::Entity::update(poll::ActiveModel {
        id: Set(poll.id),
        run: Set(next),
        active_question_id: Set(None),
        opens_at: Set(times.opens_at),
        closes_at: Set(times.closes_at),
        closed_early_at: Set(times.closed_early_at),
        paused_at: Set(times.paused_at),
        results_published_at: Set(times.results_published_at),
        updated_at: Set(now),
        ..Default::default()
    })
    .exec(connection)
    .await?;
    Ok(())
}

/// An empty head a question for the next run. Its revision goes on where the last one ended, so
/// that whoever watches never sees it go down.
async fn heads(connection: &impl ConnectionTrait, poll: &Poll, next: i32) -> Result<(), DbErr> {
    let its_question: RelationDef = question_run::Entity::belongs_to(question::Entity)
        .from(question_run::Column::QuestionId)
        .to(question::Column::Id)
        .into();
    let heads = question_run::Entity::find()
        .join(JoinType::InnerJoin, its_question)
        .filter(question::Column::PollId.eq(poll.id))
        .filter(question_run::Column::Run.eq(poll.run))
        .all(connection)
        .await?;
    let heads = heads.into_iter().map(|head| question_run::ActiveModel {
        question_id: Set(head.question_id),
        run: Set(next),
        voter_count: Set(0),
        skip_count: Set(0),
        revision: Set(head.revision + 1),
    });
    question_run::Entity::insert_many(heads)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// A question's head beside a row of its tally.
#[derive(Debug, FromQueryResult)]
struct Counted {
    question_id: QuestionId,
    run: i32,
    voter_count: i64,
    skip_count: i64,
    revision: i64,
    option_id: Option<OptionId>,
    value: Option<i32>,
    ballots: Option<i64>,
}

/// What ballots add up to, by question and run.
pub(in crate::poll) type Counts = HashMap<(QuestionId, i32), (Head, Vec<Count>)>;

/// The heads and tallies of these questions, each in this run; a run that was not is left out.
pub(in crate::poll) async fn counts(
    connection: &impl ConnectionTrait,
    asked: &[(QuestionId, i32)],
) -> Result<Counts, DbErr> {
    // Without any, nothing matches; an empty condition would match everything.
    let none = Condition::any().add(Expr::value(false));
    let condition = asked.iter().fold(none, |any, (question, run)| {
        any.add(
            Condition::all()
                .add(question_run::Column::QuestionId.eq(*question))
                .add(question_run::Column::Run.eq(*run)),
        )
    });
    let its_tally: RelationDef = question_run::Entity::belongs_to(tally::Entity)
        .from((question_run::Column::QuestionId, question_run::Column::Run))
        .to((tally::Column::QuestionId, tally::Column::Run))
        .into();
    let rows = question_run::Entity::find()
        .column(tally::Column::OptionId)
        .column(tally::Column::Value)
        .column(tally::Column::Ballots)
        .join(JoinType::LeftJoin, its_tally)
        .filter(condition)
        .into_model::<Counted>()
        .all(connection)
        .await?;
    let mut counts = Counts::new();
    for row in rows {
        let head = Head {
            voter_count: row.voter_count,
            skip_count: row.skip_count,
            revision: row.revision,
        };
        let (_, tally) = counts
            .entry((row.question_id, row.run))
            .or_insert_with(|| (head, Vec::new()));
        if let (Some(option), Some(value), Some(ballots)) = (row.option_id, row.value, row.ballots)
        {
            tally.push((option, value, ballots));
        }
    }
    Ok(counts)
}

/// The runs of those polls that the actor may know of, by poll and number.
pub(in crate::poll) async fn of_polls(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    polls: &[PollId],
) -> Result<Vec<(PollId, Run)>, DbErr> {
    let its_poll: RelationDef = poll_run::Entity::belongs_to(poll::Entity)
        .from(poll_run::Column::PollId)
        .to(poll::Column::Id)
        .into();
    let rows = poll_run::Entity::find()
        .join(JoinType::InnerJoin, its_poll)
        .filter(poll_run::Column::PollId.is_in(polls.iter().copied()))
        .filter(visible(actor))
        .order_by_asc(poll_run::Column::PollId)
        .order_by_asc(poll_run::Column::Run)
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let run = Run {
                run: row.run,
                started_at: row.started_at,
                ended_at: row.ended_at,
                voter_count: row.voter_count,
                participant_peak: row.participant_peak,
                refused_ballots: policy::may_see_refused_ballots(actor)
                    .then_some(row.refused_ballots),
            };
            (row.poll_id, run)
        })
        .collect())
}
