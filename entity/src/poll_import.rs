//! Table `poll_import`: what was imported, so that it is imported once.

use sea_orm::entity::prelude::*;

use crate::id::PollId;

/// A row of `poll_import`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "poll_import")]
pub struct Model {
    /// SHA-256 of the content, in hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: String,
    /// What the source was called.
    pub name: String,
    /// The poll made of it.
    pub poll_id: PollId,
    /// When.
    pub imported_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
