//! Table `hidden_name`: names that moderators hid, so that their owners do not take them back.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// A row of `hidden_name`; a name has one for each way to read it.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hidden_name")]
pub struct Model {
    /// The account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// The folded look of the name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name_key: String,
    /// Since when.
    pub created_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
