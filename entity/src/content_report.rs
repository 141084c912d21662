//! Table `content_report`: who reported what, once a person and case.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, ContentReportId, ModerationCaseId};

/// Why something was reported or decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Reason {
    /// Advertising, or the same over and over.
    Spam,
    /// Insulting or hateful.
    Offensive,
    /// It tells what is private.
    PersonalData,
    /// It is about something else.
    OffTopic,
    /// The law forbids it.
    Illegal,
    /// It was said before.
    Duplicate,
    /// Something else.
    Other,
}

impl Reason {
    /// The text that the column holds.
    pub fn stored(self) -> String {
        self.to_value()
    }
}

/// A row of `content_report`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "content_report")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContentReportId,
    /// The case.
    pub case_id: ModerationCaseId,
    /// Stands for the reporter in this case and in no other.
    pub reporter_key: String,
    /// The reporter; null for a visitor.
    pub account_id: Option<AccountId>,
    /// Why.
    pub reason: Reason,
    /// Why, in words.
    pub explanation: Option<String>,
    /// Whether the moderators saw it so; null until they decided.
    pub upheld: Option<bool>,
    /// When.
    pub created_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
