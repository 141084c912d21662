//! Table `reserved_name`: what partners are called, as it looks, so that nobody else goes by it.

use sea_orm::entity::prelude::*;

/// A row of `reserved_name`; a name has one for each way to read it.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reserved_name")]
pub struct Model {
    /// The folded look of the name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name_key: String,
    /// True if it has several words: then it is not used within another name either.
    pub several_words: bool,
    /// Since when.
    pub created_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
