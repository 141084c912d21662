//! Table `moderation_statement`: what authors were told by which entry of the record; it goes with
//! the author.

use sea_orm::entity::prelude::*;

use crate::id::ModerationEntryId;

/// A row of `moderation_statement`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "moderation_statement")]
pub struct Model {
    /// The entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_id: ModerationEntryId,
    /// Random, so that the entry's hash tells nothing once the words are gone.
    pub salt: String,
    /// The words.
    pub text: String,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
