//! Table `mark`: what a ballot says of an option.

use sea_orm::entity::prelude::*;

use crate::id::{BallotId, OptionId};

/// A row of `mark`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mark")]
pub struct Model {
    /// The ballot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ballot_id: BallotId,
    /// The option.
    #[sea_orm(primary_key, auto_increment = false)]
    pub option_id: OptionId,
    /// 1 for a choice; the step, place or points for other kinds.
    pub value: i32,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
