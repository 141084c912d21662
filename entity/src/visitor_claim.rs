//! Table `visitor_claim`: who was a visitor before they asked for their account.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, VisitorId};

/// A row of `visitor_claim`; it lasts until the account's address is verified.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visitor_claim")]
pub struct Model {
    /// The account that was asked for.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Who asked for it.
    pub visitor_id: VisitorId,
    /// When.
    pub created_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
