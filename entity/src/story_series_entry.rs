//! Table `story_series_entry`: which story stands where in which series.

use sea_orm::entity::prelude::*;

use crate::id::{StoryId, StorySeriesId};

/// A row of `story_series_entry`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "story_series_entry")]
pub struct Model {
    /// The story, in one series at most.
    #[sea_orm(primary_key, auto_increment = false)]
    pub story_id: StoryId,
    /// The series.
    pub series_id: StorySeriesId,
    /// Its place in the series, from 1 without gaps.
    pub position: i64,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
