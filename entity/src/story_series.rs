//! Table `story_series`.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, StorySeriesId};

/// A row of `story_series`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "story_series")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StorySeriesId,
    /// The address, unique for ever.
    #[sea_orm(unique)]
    pub slug: String,
    /// One line.
    pub title: String,
    /// Markdown.
    pub intro: String,
    /// Who made it.
    pub created_by: Option<AccountId>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When its text or its order last changed.
    pub updated_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
