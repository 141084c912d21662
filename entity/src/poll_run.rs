//! Table `poll_run`: a poll's runs; a restart begins a new one and keeps the old.

use sea_orm::entity::prelude::*;

use crate::id::PollId;

/// A row of `poll_run`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "poll_run")]
pub struct Model {
    /// The poll.
    #[sea_orm(primary_key, auto_increment = false)]
    pub poll_id: PollId,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub run: i32,
    /// When it began.
    pub started_at: DateTimeUtc,
    /// When the next began.
    pub ended_at: Option<DateTimeUtc>,
    /// People with a ballot; equals the rows of `poll_voter` with one.
    pub voter_count: i64,
    /// The most people who followed the room at once.
    pub participant_peak: i64,
    /// Ballots that were refused because too many new voters came from one network.
    pub refused_ballots: i64,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
