//! What a poll's standing is read from.

use std::collections::HashMap;

use entity::{ballot, poll, poll_option, question, question_run, tally};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, RelationDef,
    sea_query::{Expr, ExprTrait, SelectStatement},
};

use super::{
    super::{
        Pace, Poll, PollOption, Question,
        results::{Count, Head},
        standing::{Asked, Standing},
        voter::VoterKey,
    },
    poll::{all, select, voter_count},
    room,
};
use crate::{
    clock::Instant,
    id::{OptionId, PollId, QuestionId},
};

/// The standings of these polls in their present runs: four statements, whatever their number,
/// and one more where rooms are among them.
/// All that ballots change comes of one of them, so that it belongs to one moment.
pub(in crate::poll) async fn read(
    connection: &impl ConnectionTrait,
    polls: &[PollId],
    now: Instant,
) -> Result<HashMap<PollId, Standing>, DbErr> {
    let filter = poll::Column::Id.is_in(polls.iter().copied());
    let rows = all(connection, select().filter(filter), now).await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let questions = question::Entity::find()
        .filter(question::Column::PollId.is_in(polls.iter().copied()))
        .order_by_asc(question::Column::Position)
        .all(connection)
        .await?;
    let mut options: HashMap<QuestionId, Vec<PollOption>> = HashMap::new();
    for option in poll_option::Entity::find()
        .filter(poll_option::Column::QuestionId.in_subquery(their_questions(polls)))
        .order_by_asc(poll_option::Column::Position)
        .order_by_asc(poll_option::Column::Id)
        .all(connection)
        .await?
    {
        options
            .entry(option.question_id)
            .or_default()
            .push(option.into());
    }
    let mut counted = counts(connection, polls).await?;
    let rooms: Vec<PollId> = rows
        .iter()
        .filter(|poll| poll.pace == Pace::Presenter)
        .map(|poll| poll.id)
        .collect();
    let participants = room::reported(connection, &rooms).await?;
    let mut asked: HashMap<PollId, Vec<Asked>> = HashMap::new();
    let mut people: HashMap<PollId, i64> = HashMap::new();
    for question in questions {
        let question = Question::from(question);
        let (head, voters, counts) = counted.remove(&question.id).unwrap_or_default();
        if let Some(voters) = voters {
            people.insert(question.poll, voters);
        }
        let options = options.remove(&question.id).unwrap_or_default();
        asked
            .entry(question.poll)
            .or_default()
            .push(Asked::new(question, options, head, counts));
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let poll = Poll {
                voter_count: people.remove(&row.id).unwrap_or(row.voter_count),
                ..row
            };
            let asked = asked.remove(&poll.id).unwrap_or_default();
            let participants = participants.get(&poll.id).copied().unwrap_or_default();
            (poll.id, Standing::new(poll, asked, participants))
        })
        .collect())
}

/// The polls of these questions.
pub(in crate::poll) async fn polls_of(
    connection: &impl ConnectionTrait,
    questions: &[QuestionId],
) -> Result<HashMap<QuestionId, PollId>, DbErr> {
    let rows: Vec<(QuestionId, PollId)> = question::Entity::find()
        .select_only()
        .column(question::Column::Id)
        .column(question::Column::PollId)
        .filter(question::Column::Id.is_in(questions.iter().copied()))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Which of these voters have answered which of these questions in this run.
pub(in crate::poll) async fn answered(
    connection: &impl ConnectionTrait,
    questions: &[QuestionId],
    run: i32,
    voters: &[VoterKey],
) -> Result<Vec<(VoterKey, QuestionId)>, DbErr> {
    ballot::Entity::find()
        .select_only()
        .column(ballot::Column::VoterKey)
        .column(ballot::Column::QuestionId)
        .filter(ballot::Column::QuestionId.is_in(questions.iter().copied()))
        .filter(ballot::Column::Run.eq(run))
        .filter(ballot::Column::VoterKey.is_in(voters.iter().cloned()))
        .filter(ballot::Column::RetractedAt.is_null())
        .into_tuple()
        .all(connection)
        .await
}

fn their_questions(polls: &[PollId]) -> SelectStatement {
    question::Entity::find()
        .select_only()
        .column(question::Column::Id)
        .filter(question::Column::PollId.is_in(polls.iter().copied()))
        .into_query()
}

/// A question's head beside a row of its tally, and the voters of its poll.
#[derive(Debug, FromQueryResult)]
struct Counted {
    question_id: QuestionId,
    voter_count: i64,
    skip_count: i64,
    revision: i64,
    people: i64,
    option_id: Option<OptionId>,
    value: Option<i32>,
    ballots: Option<i64>,
}

/// A question's head, the voters of its poll, and its tally.
type Counts = (Head, Option<i64>, Vec<Count>);

async fn counts(
    connection: &impl ConnectionTrait,
    polls: &[PollId],
) -> Result<HashMap<QuestionId, Counts>, DbErr> {
    let its_question: RelationDef = question_run::Entity::belongs_to(question::Entity)
        .from(question_run::Column::QuestionId)
        .to(question::Column::Id)
        .into();
    // The present run only.
    let its_poll: RelationDef = question::Entity::belongs_to(poll::Entity)
        .from(question::Column::PollId)
        .to(poll::Column::Id)
        .into();
    let its_tally: RelationDef = question_run::Entity::belongs_to(tally::Entity)
        .from((question_run::Column::QuestionId, question_run::Column::Run))
        .to((tally::Column::QuestionId, tally::Column::Run))
        .into();
    let rows = question_run::Entity::find()
        .expr_as(voter_count(), "people")
        .column(tally::Column::OptionId)
        .column(tally::Column::Value)
        .column(tally::Column::Ballots)
        .join(JoinType::InnerJoin, its_question)
        .join(JoinType::InnerJoin, its_poll)
        .join(JoinType::LeftJoin, its_tally)
        .filter(question::Column::PollId.is_in(polls.iter().copied()))
        .filter(
            Expr::col((question_run::Entity, question_run::Column::Run))
                .equals((poll::Entity, poll::Column::Run)),
        )
        .into_model::<Counted>()
        .all(connection)
        .await?;
    let mut counts: HashMap<QuestionId, Counts> = HashMap::new();
    for row in rows {
        let head = Head {
            voter_count: row.voter_count,
            skip_count: row.skip_count,
            revision: row.revision,
        };
        let (_, _, tally) = counts
            .entry(row.question_id)
            .or_insert_with(|| (head, Some(row.people), Vec::new()));
        if let (Some(option), Some(value), Some(ballots)) = (row.option_id, row.value, row.ballots)
        {
            tally.push((option, value, ballots));
        }
    }
    Ok(counts)
}
