//! Table `join_code`: what people type to enter a room. A row of a poll that is over may pass to
//! another poll.

use sea_orm::entity::prelude::*;

use crate::id::PollId;

/// A row of `join_code`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "join_code")]
pub struct Model {
    /// Six digits, the first not 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// The poll; it has one code at most.
    #[sea_orm(unique)]
    pub poll_id: PollId,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
