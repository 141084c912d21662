//! Table `moderation_chain`: the end of the record of moderation, in one row.

use sea_orm::entity::prelude::*;

use crate::id::ModerationChainId;

/// A row of `moderation_chain`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "moderation_chain")]
pub struct Model {
    /// Always the nil UUID.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ModerationChainId,
    /// How many entries there are.
    pub length: i64,
    /// The hash of the last.
    pub hash: String,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
