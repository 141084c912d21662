//! Table `account_identity`: who people are to other identity providers.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// A row of `account_identity`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_identity")]
pub struct Model {
    /// The provider.
    #[sea_orm(primary_key, auto_increment = false)]
    pub issuer: String,
    /// The person's name there.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// The person's account here.
    pub account_id: AccountId,
    /// When they were first seen.
    pub created_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
