//! Table `room_presence`: how many people follow a room over each running process.

use sea_orm::entity::prelude::*;

use crate::id::{InstanceId, PollId};

/// A row of `room_presence`; it counts while it is young.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "room_presence")]
pub struct Model {
    /// The poll.
    #[sea_orm(primary_key, auto_increment = false)]
    pub poll_id: PollId,
    /// The process.
    #[sea_orm(primary_key, auto_increment = false)]
    pub instance: InstanceId,
    /// Its participants.
    pub participants: i64,
    /// When it last said so.
    pub seen_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
