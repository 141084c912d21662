//! Table `story_reaction`: who gives which story which kind of energy.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, StoryId};

/// A kind of energy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum ReactionKind {
    /// I like it.
    Love,
    /// I want to take part.
    Join,
    /// I pass it on.
    Share,
}

/// A row of `story_reaction`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "story_reaction")]
pub struct Model {
    /// The story.
    #[sea_orm(primary_key, auto_increment = false)]
    pub story_id: StoryId,
    /// Who reacts.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// How.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: ReactionKind,
    /// Since when.
    pub created_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
