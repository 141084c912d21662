//! What results are read from.

use std::collections::HashMap;

use entity::{question_run, tally};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QuerySelect, RelationDef,
};

use super::super::results::{Count, Head};
use crate::id::{OptionId, QuestionId};

/// A question's head beside a row of its tally.
#[derive(Debug, FromQueryResult)]
struct Counted {
    question_id: QuestionId,
    voter_count: i64,
    skip_count: i64,
    revision: i64,
    option_id: Option<OptionId>,
    value: Option<i32>,
    ballots: Option<i64>,
}

/// The heads and tallies of these questions, each in its run; one statement, so that head and
/// tally belong to the same moment.
pub(in crate::poll) async fn counts(
    connection: &impl ConnectionTrait,
    asked: impl IntoIterator<Item = (QuestionId, i32)>,
) -> Result<HashMap<QuestionId, (Head, Vec<Count>)>, DbErr> {
    let mut condition = Condition::any();
    for (question, run) in asked {
        condition = condition.add(
            Condition::all()
                .add(question_run::Column::QuestionId.eq(question))
                .add(question_run::Column::Run.eq(run)),
        );
    }
    if condition.is_empty() {
        return Ok(HashMap::new());
    }
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
    let mut counts: HashMap<QuestionId, (Head, Vec<Count>)> = HashMap::new();
    for row in rows {
        let head = Head {
            voter_count: row.voter_count,
            skip_count: row.skip_count,
            revision: row.revision,
        };
        let (_, tally) = counts
            .entry(row.question_id)
            .or_insert_with(|| (head, Vec::new()));
        if let (Some(option), Some(value), Some(ballots)) = (row.option_id, row.value, row.ballots)
        {
            tally.push((option, value, ballots));
        }
    }
    Ok(counts)
}
