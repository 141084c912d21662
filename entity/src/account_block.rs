//! Table `account_block`: who may not sign in for now.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// A row of `account_block`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_block")]
pub struct Model {
    /// The account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Since when.
    pub blocked_at: DateTimeUtc,
    /// Until when; null where nothing but lifting it ends it.
    pub blocked_until: Option<DateTimeUtc>,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
