//! Table `tally`: how many ballots give an option which value.

use sea_orm::entity::prelude::*;

use crate::id::{OptionId, QuestionId};

/// A row of `tally`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tally")]
pub struct Model {
    /// The question.
    #[sea_orm(primary_key, auto_increment = false)]
    pub question_id: QuestionId,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub run: i32,
    /// The option.
    #[sea_orm(primary_key, auto_increment = false)]
    pub option_id: OptionId,
    /// The value.
    #[sea_orm(primary_key, auto_increment = false)]
    pub value: i32,
    /// How many ballots that are not retracted say so.
    pub ballots: i64,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
