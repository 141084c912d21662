//! Table `theme_update`: a theme's follow-up log, only ever added to.

use sea_orm::entity::prelude::*;

use crate::{
    id::{AccountId, ThemeId, ThemeUpdateId},
    theme::ThemeStatus,
};

/// A row of `theme_update`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "theme_update")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ThemeUpdateId,
    /// The theme.
    pub theme_id: ThemeId,
    /// One line.
    pub title: String,
    /// Markdown.
    pub body: String,
    /// The theme's status before this entry.
    pub status_before: ThemeStatus,
    /// The theme's status from this entry on.
    pub status_after: ThemeStatus,
    /// Who wrote it.
    pub created_by: Option<AccountId>,
    /// When it was posted.
    pub created_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
