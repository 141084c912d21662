//! Table `theme`.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, ThemeId};

/// Where a theme stands on its way from talk to action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum ThemeStatus {
    /// People brought it up.
    Raised,
    /// It is being looked into.
    Exploring,
    /// It is on the agenda of the province or a partner.
    Agenda,
    /// A decision was taken.
    Decided,
    /// The decision is being carried out.
    InExecution,
    /// It is finished.
    Closed,
}

/// A row of `theme`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "theme")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ThemeId,
    /// The address, unique for ever.
    #[sea_orm(unique)]
    pub slug: String,
    /// One line.
    pub title: String,
    /// The title as lists are sorted by it, compared byte by byte.
    pub title_key: String,
    /// A few lines.
    pub summary: String,
    /// Markdown.
    pub description: String,
    /// Where it stands.
    pub status: ThemeStatus,
    /// How many accounts follow it; equals the rows of `theme_follow`.
    pub follower_count: i64,
    /// How many visible comments it has.
    pub comment_count: i64,
    /// Who made it.
    pub created_by: Option<AccountId>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When its text or status last changed.
    pub updated_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
