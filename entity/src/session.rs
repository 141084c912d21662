//! Table `session`: one device's sign-in.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, SessionId};

/// A row of `session`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    /// Who signed in.
    pub account_id: AccountId,
    /// When they signed in.
    pub created_at: DateTimeUtc,
    /// When its tokens were last renewed.
    pub last_seen_at: DateTimeUtc,
    /// When it ends if its tokens are not renewed.
    pub expires_at: DateTimeUtc,
    /// When it was ended by its owner or because a used token came back.
    pub revoked_at: Option<DateTimeUtc>,
    /// Whether a second factor was shown.
    pub second_factor: bool,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
