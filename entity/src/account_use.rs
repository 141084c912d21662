//! Table `account_use`: when people were last here.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// A row of `account_use`; none for who never signed in.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_use")]
pub struct Model {
    /// The account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// When a session was last opened or renewed, to the day.
    pub seen_at: DateTimeUtc,
    /// When the warning that the account will be erased was queued; null since they were seen.
    pub warned_at: Option<DateTimeUtc>,
    /// The time that the warning names, from which the account may be erased; null until a mail
    /// server has taken the warning.
    pub erasable_at: Option<DateTimeUtc>,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
