//! Table `ballot`: one voter's answer to one question in one run.

use sea_orm::entity::prelude::*;

use crate::{
    id::{BallotId, EmbedId, QuestionId},
    poll_voter::VoterKey,
};

/// How a ballot came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Channel {
    /// Over the platform's own pages.
    Site,
    /// Over a partner's page.
    Embed,
    /// In a presenter's room.
    Room,
    /// On paper.
    Paper,
    /// From another platform.
    Import,
}

/// How sure it is who cast a ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Assurance {
    /// Not at all.
    Open,
    /// Someone who holds a visitor's token.
    Device,
    /// Someone who reads an address.
    Email,
    /// Someone who signed in.
    Account,
    /// Someone a partner vouches for.
    Partner,
}

/// A row of `ballot`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BallotId,
    /// The question.
    pub question_id: QuestionId,
    /// From 1.
    pub run: i32,
    /// The voter.
    pub voter_key: VoterKey,
    /// When it was cast.
    pub cast_at: DateTimeUtc,
    /// When it was last changed since.
    pub changed_at: Option<DateTimeUtc>,
    /// When it was retracted; it has no marks then and counts nowhere.
    pub retracted_at: Option<DateTimeUtc>,
    /// Whether the voter skipped the question.
    pub skipped: bool,
    /// How it came in, the last time.
    pub channel: Channel,
    /// How sure it is who cast it, the last time.
    pub assurance: Assurance,
    /// The embed that it came by, the last time.
    pub embed_id: Option<EmbedId>,
    /// How many events it has.
    pub event_count: i32,
    /// What the voter wrote beside the option for other answers.
    pub other_text: Option<String>,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
