//! Table `story_revision`: what a story said before an edit, only ever added to.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, StoryId, StoryRevisionId};

/// A row of `story_revision`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "story_revision")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StoryRevisionId,
    /// The story.
    pub story_id: StoryId,
    /// Which version of the story's text this was, from 1.
    pub number: i64,
    /// One line.
    pub title: String,
    /// A few lines.
    pub summary: String,
    /// Markdown.
    pub body: String,
    /// When the next version took its place.
    pub edited_at: DateTimeUtc,
    /// Who wrote the next version.
    pub edited_by: Option<AccountId>,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
