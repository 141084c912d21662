//! Table `poll`.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, PartnerId, PollId, QuestionId};

/// Who decides when a question may be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Pace {
    /// Everyone answers at their own pace while the poll is open.
    Audience,
    /// A presenter opens one question at a time, in a room.
    Presenter,
}

/// Who sees the results, and from when; the province's staff always does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum ResultsVisibility {
    /// Everyone, at once.
    Always,
    /// Who answered the question; everyone once the poll is closed.
    AfterVote,
    /// Everyone once the poll is closed.
    AfterClose,
    /// Only the province's staff.
    Staff,
}

/// Whether a voter may come back on a ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum VoteChange {
    /// A ballot is final.
    Locked,
    /// A ballot may be changed and retracted while the poll is open.
    UntilClose,
}

/// Who may vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Eligibility {
    /// Everyone with an account or a visitor's token.
    Anyone,
    /// Everyone with an account.
    Account,
}

/// A row of `poll`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "poll")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PollId,
    /// The address, unique for ever.
    #[sea_orm(unique)]
    pub slug: String,
    /// One line.
    pub title: String,
    /// The title as lists are sorted by it, compared byte by byte.
    pub title_key: String,
    /// Markdown.
    pub description: String,
    /// Who decides when a question may be answered.
    pub pace: Pace,
    /// The question that the presenter shows.
    pub active_question_id: Option<QuestionId>,
    /// From when votes are taken; a draft has none.
    pub opens_at: Option<DateTimeUtc>,
    /// From when votes are no longer taken.
    pub closes_at: Option<DateTimeUtc>,
    /// When it was closed by hand.
    pub closed_early_at: Option<DateTimeUtc>,
    /// Since when it is paused.
    pub paused_at: Option<DateTimeUtc>,
    /// When it was called off.
    pub cancelled_at: Option<DateTimeUtc>,
    /// When its results were published.
    pub results_published_at: Option<DateTimeUtc>,
    /// When it was put away.
    pub archived_at: Option<DateTimeUtc>,
    /// Who sees the results.
    pub results_visibility: ResultsVisibility,
    /// Whether a ballot may change.
    pub vote_change: VoteChange,
    /// Who may vote.
    pub eligibility: Eligibility,
    /// New voters of a network within an hour, where the poll has a limit of its own.
    pub new_voters_per_network: Option<i32>,
    /// The present run, from 1.
    pub run: i32,
    /// The key of the voter keys, 32 random bytes; empty once it is destroyed.
    pub voter_secret: Vec<u8>,
    /// When the key of the voter keys was destroyed.
    pub ballots_anonymized_at: Option<DateTimeUtc>,
    /// How many visible comments it has.
    pub comment_count: i64,
    /// The partner in whose name it is.
    pub partner_id: Option<PartnerId>,
    /// Who made it.
    pub created_by: Option<AccountId>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When its text or times last changed.
    pub updated_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
