//! Table `moderation_case`: what moderators judge, one row an item.

use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::id::{AccountId, ModerationAppealId, ModerationCaseId};

/// What kind of thing a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum SubjectKind {
    /// A story.
    Story,
    /// A comment.
    Comment,
    /// An answer that a voter wrote.
    Answer,
    /// How a person shows themselves to others.
    Profile,
}

impl SubjectKind {
    /// The text that the column holds.
    pub fn stored(self) -> String {
        self.to_value()
    }
}

/// What became of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum CaseState {
    /// It awaits a decision.
    Open,
    /// The item may be seen.
    Approved,
    /// Its author is asked to change it.
    ChangesRequested,
    /// It is not published.
    Rejected,
    /// It was taken out of sight.
    Hidden,
    /// The reports gave no cause to act.
    Ignored,
    /// The account is blocked.
    Blocked,
}

/// A row of `moderation_case`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "moderation_case")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ModerationCaseId,
    /// The kind of the item.
    pub subject_kind: SubjectKind,
    /// The id of the item, in the table of its kind.
    pub subject_id: Uuid,
    /// What reporters' keys are made with, 32 random bytes.
    pub secret: Vec<u8>,
    /// The item's text when the case was opened.
    pub snapshot: String,
    /// Who wrote the item; null where that is not known.
    pub author_id: Option<AccountId>,
    /// What became of it.
    pub state: CaseState,
    /// The weight of its reports.
    pub priority: i64,
    /// Which version of the case this is, from 1.
    pub version: i64,
    /// How many reports it has.
    pub report_count: i64,
    /// How many of them are from accounts, since it was last decided.
    pub account_report_count: i64,
    /// What the screening found, the codes as a JSON list.
    pub findings: String,
    /// The appeal that awaits a decision.
    pub appeal_id: Option<ModerationAppealId>,
    /// When the item first had a case.
    pub created_at: DateTimeUtc,
    /// When it was last opened.
    pub opened_at: DateTimeUtc,
    /// When it last changed.
    pub changed_at: DateTimeUtc,
    /// When it is to be decided.
    pub due_at: DateTimeUtc,
    /// Who judges it now.
    pub claimed_by: Option<AccountId>,
    /// Until when it is theirs.
    pub claimed_until: Option<DateTimeUtc>,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
