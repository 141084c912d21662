//! Table `moderation_actor`: who made which entry of the record of moderation.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, ModerationEntryId};

/// A row of `moderation_actor`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "moderation_actor")]
pub struct Model {
    /// The entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_id: ModerationEntryId,
    /// Who made it.
    pub account_id: AccountId,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
