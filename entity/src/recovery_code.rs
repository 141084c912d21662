//! Table `recovery_code`: what stands in for a lost authenticator, each good for once.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// A row of `recovery_code`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_code")]
pub struct Model {
    /// The account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// SHA-256 of the code, in hexadecimal; the code has 80 bits of chance.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_hash: String,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
