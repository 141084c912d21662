//! Table `story`.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, PartnerId, StoryId};

/// What kind of story it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum StoryKind {
    /// What somebody lived through or thinks.
    Story,
    /// What somebody started or wants to start; others may give it energy.
    Initiative,
    /// An example of good governance.
    Example,
}

/// What the moderators make of a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Moderation {
    /// Nobody has to judge it.
    None,
    /// It waits for a judgement.
    Pending,
    /// Its author is asked to change it.
    ChangesRequested,
    /// It may be seen.
    Approved,
    /// It may not be published.
    Rejected,
    /// It was taken out of sight.
    Hidden,
}

/// Why a story was withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum WithdrawalReason {
    /// The same is told elsewhere.
    Duplicated,
    /// What it asks for has begun.
    Started,
    /// It cannot be done.
    Unfeasible,
    /// What it asks for is done.
    Done,
    /// For a reason in words.
    Other,
}

/// A row of `story`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "story")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StoryId,
    /// The address, unique for ever.
    #[sea_orm(unique)]
    pub slug: String,
    /// What kind it is.
    pub kind: StoryKind,
    /// One line.
    pub title: String,
    /// A few lines.
    pub summary: String,
    /// Markdown.
    pub body: String,
    /// The language it is written in (BCP 47).
    pub language: String,
    /// Who wrote it.
    pub author_id: AccountId,
    /// The partner in whose name it is.
    pub partner_id: Option<PartnerId>,
    /// The municipality it is about.
    pub municipality_code: Option<String>,
    /// When its author last offered it.
    pub submitted_at: Option<DateTimeUtc>,
    /// From when it may be seen.
    pub published_at: Option<DateTimeUtc>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTimeUtc>,
    /// Why it was withdrawn.
    pub withdrawal_reason: Option<WithdrawalReason>,
    /// Why it was withdrawn, in words.
    pub withdrawal_explanation: Option<String>,
    /// When it was put away.
    pub archived_at: Option<DateTimeUtc>,
    /// What the moderators make of it.
    pub moderation: Moderation,
    /// What the moderators told its author.
    pub moderation_statement: Option<String>,
    /// When its text last changed after it was offered.
    pub edited_at: Option<DateTimeUtc>,
    /// Which version of its text this is, from 1.
    pub version: i64,
    /// How many visible comments it has.
    pub comment_count: i64,
    /// How many reactions of kind LOVE it has.
    pub love_count: i64,
    /// How many reactions of kind JOIN it has.
    pub join_count: i64,
    /// How many reactions of kind SHARE it has.
    pub share_count: i64,
    /// The energy: the rows of `story_reaction`, plus the accounts with a visible comment under it,
    /// without its author and erased ones.
    pub energy: i64,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When anything but its counts last changed.
    pub updated_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
