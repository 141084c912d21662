//! Table `question_run`: what a question's ballots of one run add up to, apart from the tally.

use sea_orm::entity::prelude::*;

use crate::id::QuestionId;

/// A row of `question_run`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "question_run")]
pub struct Model {
    /// The question.
    #[sea_orm(primary_key, auto_increment = false)]
    pub question_id: QuestionId,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub run: i32,
    /// Ballots with an answer.
    pub voter_count: i64,
    /// Ballots that skip the question.
    pub skip_count: i64,
    /// Goes up whenever the results change.
    pub revision: i64,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
