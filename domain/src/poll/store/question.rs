//! Queries on questions and options.

use std::collections::HashMap;

use entity::{poll, poll_option, question, question_run};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, RelationDef,
};

use super::{
    super::{OptionModeration, PollOption, Question, Rules, policy},
    poll::visible,
};
use crate::{
    Actor,
    id::{PollId, QuestionId},
};

/// Rows of one statement: both databases bound the parameters of one, at 32,766 the lower.
const ROWS: usize = 2_000;

/// An option to add.
#[derive(Debug, Clone)]
pub(in crate::poll) struct NewOption {
    /// What others see.
    pub option: PollOption,
    /// Its id in the source of an import.
    pub reference: Option<String>,
}

/// Adds questions with their options and an empty head for the run.
pub(in crate::poll) async fn insert(
    connection: &impl ConnectionTrait,
    questions: &[Question],
    options: &[NewOption],
    run: i32,
) -> Result<(), DbErr> {
    let rows = questions.iter().map(|question| question::ActiveModel {
        id: Set(question.id),
        poll_id: Set(question.poll),
        position: Set(question.position),
        kind: Set(question.kind),
        prompt: Set(question.prompt.clone()),
        description: Set(question.description.clone()),
        state: Set(question.state),
        opened_at: Set(question.opened_at),
        timer_ends_at: Set(question.timer_ends_at),
        min_choices: Set(question.rules.min_choices),
        max_choices: Set(question.rules.max_choices),
        scale_min: Set(question.rules.scale_min),
        scale_max: Set(question.rules.scale_max),
        scale_min_label: Set(question.rules.scale_min_label.clone()),
        scale_max_label: Set(question.rules.scale_max_label.clone()),
        budget: Set(question.rules.budget),
        max_answers: Set(question.rules.max_answers),
        max_length: Set(question.rules.max_length),
        allow_skip: Set(question.rules.allow_skip),
        spend_all: Set(question.rules.spend_all),
        moderated: Set(question.rules.moderated),
        answers_visible: Set(question.rules.answers_visible),
        none_of_the_above: Set(question.rules.none_of_the_above),
        other: Set(question.rules.other),
        shuffled: Set(question.rules.shuffled),
        target: Set(question.answer),
        time_limit_seconds: Set(question.rules.time_limit_seconds),
    });
    question::Entity::insert_many(rows)
        .exec_without_returning(connection)
        .await?;
    let heads = questions.iter().map(|question| question_run::ActiveModel {
        question_id: Set(question.id),
        run: Set(run),
        voter_count: Set(0),
        skip_count: Set(0),
        revision: Set(0),
    });
    question_run::Entity::insert_many(heads)
        .exec_without_returning(connection)
        .await?;
    insert_options(connection, options).await
}

/// Adds options to questions that are there.
pub(in crate::poll) async fn insert_options(
    connection: &impl ConnectionTrait,
    options: &[NewOption],
) -> Result<(), DbErr> {
    for chunk in options.chunks(ROWS) {
        let rows = chunk.iter().map(|new| poll_option::ActiveModel {
            id: Set(new.option.id),
            question_id: Set(new.option.question),
            position: Set(new.option.position),
            label: Set(new.option.label.clone()),
            description: Set(new.option.description.clone()),
            role: Set(new.option.role),
            is_right: Set(new.option.right),
            moderation: Set(new.option.moderation),
            written_by: Set(new.option.written_by.clone()),
            reference: Set(new.reference.clone()),
        });
        poll_option::Entity::insert_many(rows)
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}

/// The questions of those polls that the actor may know of, in order.
pub(in crate::poll) async fn of_polls(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    polls: &[PollId],
) -> Result<Vec<Question>, DbErr> {
    let rows = question::Entity::find()
        .join(JoinType::InnerJoin, its_poll())
        .filter(question::Column::PollId.is_in(polls.iter().copied()))
        .filter(visible(actor))
        .order_by_asc(question::Column::PollId)
        .order_by_asc(question::Column::Position)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(Question::from).collect())
}

/// The options of those questions that the actor may see, in order.
pub(in crate::poll) async fn options(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    questions: &[QuestionId],
) -> Result<HashMap<QuestionId, Vec<PollOption>>, DbErr> {
    let its_question: RelationDef = poll_option::Entity::belongs_to(question::Entity)
        .from(poll_option::Column::QuestionId)
        .to(question::Column::Id)
        .into();
    let mut select = poll_option::Entity::find()
        .join(JoinType::InnerJoin, its_question)
        .join(JoinType::InnerJoin, its_poll())
        .filter(poll_option::Column::QuestionId.is_in(questions.iter().copied()))
        .filter(visible(actor));
    if !policy::may_see_hidden_options(actor) {
        select = select.filter(poll_option::Column::Moderation.eq(OptionModeration::Approved));
    }
    let rows = select
        .order_by_asc(poll_option::Column::QuestionId)
        .order_by_asc(poll_option::Column::Position)
        .order_by_asc(poll_option::Column::Id)
        .all(connection)
        .await?;
    let mut options: HashMap<QuestionId, Vec<PollOption>> = HashMap::new();
    for row in rows {
        options
            .entry(row.question_id)
            .or_default()
            .push(PollOption::from(row));
    }
    Ok(options)
}

/// Takes away every question of a poll that has no ballots, with its options and heads.
pub(in crate::poll) async fn delete_all(
    connection: &impl ConnectionTrait,
    poll: PollId,
) -> Result<(), DbErr> {
    let its = || {
        question::Entity::find()
            .select_only()
            .column(question::Column::Id)
            .filter(question::Column::PollId.eq(poll))
            .into_query()
    };
    poll_option::Entity::delete_many()
        .filter(poll_option::Column::QuestionId.in_subquery(its()))
        .exec(connection)
        .await?;
    question_run::Entity::delete_many()
        .filter(question_run::Column::QuestionId.in_subquery(its()))
        .exec(connection)
        .await?;
    question::Entity::delete_many()
        .filter(question::Column::PollId.eq(poll))
        .exec(connection)
        .await?;
    Ok(())
}

fn its_poll() -> RelationDef {
    question::Entity::belongs_to(poll::Entity)
        .from(question::Column::PollId)
        .to(poll::Column::Id)
        .into()
}

impl From<question::Model> for Question {
    fn from(row: question::Model) -> Self {
        Self {
            id: row.id,
            poll: row.poll_id,
            position: row.position,
            kind: row.kind,
            prompt: row.prompt,
            description: row.description,
            state: row.state,
            opened_at: row.opened_at,
            timer_ends_at: row.timer_ends_at,
            rules: Rules {
                min_choices: row.min_choices,
                max_choices: row.max_choices,
                scale_min: row.scale_min,
                scale_max: row.scale_max,
                scale_min_label: row.scale_min_label,
                scale_max_label: row.scale_max_label,
                budget: row.budget,
                max_answers: row.max_answers,
                max_length: row.max_length,
                allow_skip: row.allow_skip,
                spend_all: row.spend_all,
                moderated: row.moderated,
                answers_visible: row.answers_visible,
                none_of_the_above: row.none_of_the_above,
                other: row.other,
                shuffled: row.shuffled,
                time_limit_seconds: row.time_limit_seconds,
            },
            target: None,
            answer: row.target,
        }
    }
}

impl From<poll_option::Model> for PollOption {
    fn from(row: poll_option::Model) -> Self {
        Self {
            id: row.id,
            question: row.question_id,
            position: row.position,
            label: row.label,
            description: row.description,
            role: row.role,
            moderation: row.moderation,
            is_right: None,
            right: row.is_right,
            written_by: row.written_by,
        }
    }
}
