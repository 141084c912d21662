//! Table `moderation_entry`: the record of moderation, which is only added to.

use sea_orm::entity::prelude::*;

use crate::{
    content_report::Reason,
    id::{ModerationCaseId, ModerationEntryId},
    moderation_case::SubjectKind,
};

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Action {
    /// The item may be seen.
    Approve,
    /// Its author is asked to change it.
    RequestChanges,
    /// It is not published.
    Reject,
    /// It is taken out of sight.
    Hide,
    /// It is shown again.
    Restore,
    /// The reports gave no cause to act.
    Ignore,
    /// The account is blocked until a date.
    Block,
    /// The account's block is lifted.
    Unblock,
}

impl Action {
    /// The text that the column holds.
    pub fn stored(self) -> String {
        self.to_value()
    }
}

/// A row of `moderation_entry`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "moderation_entry")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ModerationEntryId,
    /// Its place in the record, from 1.
    #[sea_orm(unique)]
    pub position: i64,
    /// The case.
    pub case_id: ModerationCaseId,
    /// The kind of the item.
    pub subject_kind: SubjectKind,
    /// What was decided.
    pub action: Action,
    /// Why.
    pub reason_code: Option<Reason>,
    /// SHA-256 over the salt and the words that the author was told, in hexadecimal.
    pub statement_hash: Option<String>,
    /// Whether it takes back the decision before.
    pub is_reversal: bool,
    /// The first entry of the decision that it was made with.
    pub parent_id: Option<ModerationEntryId>,
    /// Since when the case had waited; null where it was decided before.
    pub opened_at: Option<DateTimeUtc>,
    /// When.
    pub created_at: DateTimeUtc,
    /// The hash of the entry before, empty for the first.
    pub previous_hash: String,
    /// SHA-256 of all that, in hexadecimal, made as `format` says.
    pub hash: String,
    /// The format of the hash: 1 or 2 (`docs/moderation-record.md`).
    pub format: i32,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
