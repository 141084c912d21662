//! Table `account_contribution`: how much people have contributed.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// A row of `account_contribution`; none for who never contributed.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_contribution")]
pub struct Model {
    /// The account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Stories submitted, comments posted and ballots with answers of their own, ever.
    pub contributions: i64,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
