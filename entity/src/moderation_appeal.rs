//! Table `moderation_appeal`: what authors said against decisions, once a decision.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, ModerationAppealId, ModerationCaseId, ModerationEntryId};

/// A row of `moderation_appeal`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "moderation_appeal")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ModerationAppealId,
    /// The decision that it is against.
    #[sea_orm(unique)]
    pub entry_id: ModerationEntryId,
    /// The case.
    pub case_id: ModerationCaseId,
    /// The author.
    pub account_id: AccountId,
    /// Why, in words.
    pub statement: String,
    /// The decision that was made on it; null while it waits.
    pub outcome_id: Option<ModerationEntryId>,
    /// When.
    pub created_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
