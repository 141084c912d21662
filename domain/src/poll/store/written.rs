//! Queries on what voters wrote.

use std::collections::HashMap;

use entity::{ballot, poll_option, question, question_run, written_option};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Alias, Expr},
};

use super::{
    super::{OptionModeration, PollOption, counting::Written, voter::VoterKey, written::TextKey},
    question::{NewOption, insert_options},
    rows::{Kind, Rows},
};
use crate::{
    Actor,
    id::{OptionId, PollId, QuestionId},
};

/// An option; none where there is none.
pub(in crate::poll) async fn option(
    connection: &impl ConnectionTrait,
    id: OptionId,
) -> Result<Option<PollOption>, DbErr> {
    let row = poll_option::Entity::find_by_id(id).one(connection).await?;
    Ok(row.map(PollOption::from))
}

/// What a voter wrote, where `actor` may see its poll; none for a question's own options.
pub(crate) async fn written(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: OptionId,
) -> Result<Option<PollOption>, DbErr> {
    let Some(option) = option(connection, id).await? else {
        return Ok(None);
    };
    let Some(poll) = poll_of(connection, id).await? else {
        return Ok(None);
    };
    let seen = super::seen(connection, actor, &[poll]).await?;
    Ok(Some(option).filter(|option| option.written_by.is_some() && !seen.is_empty()))
}

/// The poll whose question has this option; none where there is none.
pub(crate) async fn poll_of(
    connection: &impl ConnectionTrait,
    id: OptionId,
) -> Result<Option<PollId>, DbErr> {
    let its = poll_option::Entity::find_by_id(id)
        .select_only()
        .column(poll_option::Column::QuestionId)
        .into_query();
    question::Entity::find()
        .select_only()
        .column(question::Column::PollId)
        .filter(question::Column::Id.in_subquery(its))
        .into_tuple()
        .one(connection)
        .await
}

/// Which options these texts of questions are.
pub(in crate::poll) async fn known(
    connection: &impl ConnectionTrait,
    texts: impl IntoIterator<Item = (QuestionId, TextKey)>,
) -> Result<HashMap<(QuestionId, TextKey), OptionId>, DbErr> {
    let rows = texts
        .into_iter()
        .map(|(question, key)| [question.0.into(), key.into()]);
    let by_key = "written_option.question_id = asked.question_id \
                  AND written_option.text_key = asked.text_key";
    let found: Vec<written_option::Model> = Rows::new([Kind::Uuid, Kind::Bytes], rows)
        .look_up(
            connection,
            "question_id, text_key",
            "written_option.*",
            &[("written_option", by_key)],
        )
        .await?;
    Ok(found
        .into_iter()
        .map(|row| ((row.question_id, row.text_key), row.option_id))
        .collect())
}

/// Adds what voters wrote. The caller holds the locks of its polls: nobody writes the same.
pub(in crate::poll) async fn add(
    connection: &impl ConnectionTrait,
    written: Vec<Written>,
) -> Result<(), DbErr> {
    let keys: Vec<_> = written
        .iter()
        .map(|one| {
            [
                one.option.question.0.into(),
                one.key.clone().into(),
                one.option.id.0.into(),
            ]
        })
        .collect();
    let options: Vec<NewOption> = written
        .into_iter()
        .map(|one| NewOption {
            option: one.option,
            reference: None,
        })
        .collect();
    insert_options(connection, &options).await?;
    Rows::new([Kind::Uuid, Kind::Bytes, Kind::Uuid], keys)
        .execute(
            connection,
            "INSERT INTO written_option (question_id, text_key, option_id) {rows}",
        )
        .await
}

/// Sets whether an option may be shown.
pub(in crate::poll) async fn judge(
    connection: &impl ConnectionTrait,
    id: OptionId,
    moderation: OptionModeration,
) -> Result<(), DbErr> {
    let row = poll_option::ActiveModel {
        id: Set(id),
        moderation: Set(moderation),
        ..Default::default()
    };
    row.update(connection).await?;
    Ok(())
}

/// Says that a question's results are no longer what they were, though no ballot changed.
pub(in crate::poll) async fn revise(
    connection: &impl ConnectionTrait,
    question: QuestionId,
    run: i32,
) -> Result<(), DbErr> {
    let column = question_run::Column::Revision;
    question_run::Entity::update_many()
        .col_expr(column, Expr::col(column).add(1))
        .filter(question_run::Column::QuestionId.eq(question))
        .filter(question_run::Column::Run.eq(run))
        .exec(connection)
        .await?;
    Ok(())
}

/// Those of the options that their voters wrote and see on their own ballots: what was not
/// rejected, and of what was rejected what `writers` wrote first.
pub(in crate::poll) async fn own(
    connection: &impl ConnectionTrait,
    options: impl IntoIterator<Item = OptionId>,
    writers: &[VoterKey],
) -> Result<Vec<PollOption>, DbErr> {
    let rows = poll_option::Entity::find()
        .filter(poll_option::Column::Id.is_in(options))
        .filter(
            poll_option::Column::WrittenBy
                .is_in(writers.iter().cloned())
                .or(poll_option::Column::WrittenBy
                    .is_not_null()
                    .and(poll_option::Column::Moderation.ne(OptionModeration::Rejected))),
        )
        .order_by_asc(poll_option::Column::Position)
        .order_by_asc(poll_option::Column::Id)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(PollOption::from).collect())
}

/// What voters wrote beside the option for other answers of these questions, each in its run, and
/// how many wrote just that: the most first, at most `limit`.
pub(in crate::poll) async fn other_texts(
    connection: &impl ConnectionTrait,
    asked: impl IntoIterator<Item = (QuestionId, i32)>,
    limit: u64,
) -> Result<Vec<(QuestionId, String, i64)>, DbErr> {
    let mut its = Condition::any();
    for (question, run) in asked {
        its = its.add(
            Condition::all()
                .add(ballot::Column::QuestionId.eq(question))
                .add(ballot::Column::Run.eq(run)),
        );
    }
    if its.is_empty() {
        return Ok(Vec::new());
    }
    ballot::Entity::find()
        .select_only()
        .column(ballot::Column::QuestionId)
        .column(ballot::Column::OtherText)
        .expr_as(ballot::Column::Id.count(), "voters")
        .filter(its)
        .filter(ballot::Column::RetractedAt.is_null())
        .filter(ballot::Column::OtherText.is_not_null())
        .group_by(ballot::Column::QuestionId)
        .group_by(ballot::Column::OtherText)
        .order_by_desc(Expr::col(Alias::new("voters")))
        .order_by_asc(ballot::Column::OtherText)
        .limit(limit)
        .into_tuple()
        .all(connection)
        .await
}
