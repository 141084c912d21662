//! Table `poll_voter`: who has ballots in a poll's run.

use sea_orm::{DeriveValueType, entity::prelude::*};

use crate::id::PollId;

/// Who a voter is to one poll: 32 bytes that say nothing to whoever lacks the poll's secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct VoterKey(pub Vec<u8>);

impl sea_orm::TryFromU64 for VoterKey {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("VoterKey"))
    }
}

/// A row of `poll_voter`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "poll_voter")]
pub struct Model {
    /// The poll.
    #[sea_orm(primary_key, auto_increment = false)]
    pub poll_id: PollId,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub run: i32,
    /// The voter.
    #[sea_orm(primary_key, auto_increment = false)]
    pub voter_key: VoterKey,
    /// Their ballots that are not retracted; 0 once all are.
    pub ballot_count: i64,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
