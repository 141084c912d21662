//! Table `poll_theme`: what a poll is about.

use sea_orm::entity::prelude::*;

use crate::id::{PollId, ThemeId};

/// A row of `poll_theme`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "poll_theme")]
pub struct Model {
    /// The poll.
    #[sea_orm(primary_key, auto_increment = false)]
    pub poll_id: PollId,
    /// The theme.
    #[sea_orm(primary_key, auto_increment = false)]
    pub theme_id: ThemeId,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
