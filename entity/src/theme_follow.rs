//! Table `theme_follow`: who follows which theme.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, ThemeId};

/// A row of `theme_follow`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "theme_follow")]
pub struct Model {
    /// The theme.
    #[sea_orm(primary_key, auto_increment = false)]
    pub theme_id: ThemeId,
    /// The follower.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Since when.
    pub created_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
