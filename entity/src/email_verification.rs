//! Table `email_verification`: the open link by which an account shows that its address is its own.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// A row of `email_verification`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "email_verification")]
pub struct Model {
    /// SHA-256 of the link's token, in hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    /// The account; one open link each.
    #[sea_orm(unique)]
    pub account_id: AccountId,
    /// When the link stops working.
    pub expires_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
