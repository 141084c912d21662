//! What the split of results is read from: the ballots themselves.

use std::collections::HashMap;

use entity::{ballot, mark};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QuerySelect, QueryTrait, RelationDef,
    sea_query::{Expr, UnionType},
};

use super::super::{Assurance, Channel, split::Part};
use crate::id::{OptionId, QuestionId};

/// How many ballots of one channel and assurance there are, or how many of their marks give an
/// option a value.
#[derive(Debug, FromQueryResult)]
struct Counted {
    question_id: QuestionId,
    channel: Channel,
    assurance: Assurance,
    skipped: bool,
    option_id: Option<OptionId>,
    value: Option<i32>,
    ballots: i64,
}

/// The ballots and marks of these questions, each in its run, by channel and assurance; one
/// statement, so that both belong to the same moment.
pub(in crate::poll) async fn parts(
    connection: &impl ConnectionTrait,
    asked: &[(QuestionId, i32)],
) -> Result<HashMap<QuestionId, Vec<Part>>, DbErr> {
    // Without any, nothing matches; an empty condition would match everything.
    let none = Condition::any().add(Expr::value(false));
    let condition = asked.iter().fold(none, |any, (question, run)| {
        any.add(
            Condition::all()
                .add(ballot::Column::QuestionId.eq(*question))
                .add(ballot::Column::Run.eq(*run)),
        )
    });
    let standing = || {
        ballot::Entity::find()
            .select_only()
            .column(ballot::Column::QuestionId)
            .column(ballot::Column::Channel)
            .column(ballot::Column::Assurance)
            .column(ballot::Column::Skipped)
            .filter(condition.clone())
            .filter(ballot::Column::RetractedAt.is_null())
            .group_by(ballot::Column::QuestionId)
            .group_by(ballot::Column::Channel)
            .group_by(ballot::Column::Assurance)
            .group_by(ballot::Column::Skipped)
    };
    let its_marks: RelationDef = ballot::Entity::belongs_to(mark::Entity)
        .from(ballot::Column::Id)
        .to(mark::Column::BallotId)
        .into();
    let mut statement = standing()
        .column(mark::Column::OptionId)
        .column(mark::Column::Value)
        .column_as(ballot::Column::Id.count(), "ballots")
        .join(JoinType::InnerJoin, its_marks)
        .group_by(mark::Column::OptionId)
        .group_by(mark::Column::Value)
        .into_query();
    let heads = standing()
        .expr_as(Expr::cust("NULL"), "option_id")
        .expr_as(Expr::cust("NULL"), "value")
        .column_as(ballot::Column::Id.count(), "ballots")
        .into_query();
    statement.union(UnionType::All, heads);
    let mut parts: HashMap<QuestionId, Vec<Part>> = HashMap::new();
    for row in connection.query_all(&statement).await? {
        let row = Counted::from_query_result(&row, "")?;
        let its = parts.entry(row.question_id).or_default();
        let at = its
            .iter()
            .position(|part| part.channel == row.channel && part.assurance == row.assurance);
        let part = match at {
            Some(at) => &mut its[at],
            None => {
                its.push(Part::new(row.channel, row.assurance));
                let last = its.len() - 1;
                &mut its[last]
            }
        };
        match (row.option_id.zip(row.value), row.skipped) {
            (Some((option, value)), _) => part.counts.push((option, value, row.ballots)),
            (None, true) => part.head.skip_count += row.ballots,
            (None, false) => part.head.voter_count += row.ballots,
        }
    }
    Ok(parts)
}
