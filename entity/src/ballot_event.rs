//! Table `ballot_event`: what happened to a ballot, only ever added to.

use sea_orm::entity::prelude::*;

use crate::id::BallotId;

/// What happened to a ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum BallotEventKind {
    /// It was cast, or cast again after it was retracted.
    Cast,
    /// It was replaced by another.
    Changed,
    /// It was taken back.
    Retracted,
}

/// A row of `ballot_event`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot_event")]
pub struct Model {
    /// The ballot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ballot_id: BallotId,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i32,
    /// What happened.
    pub kind: BallotEventKind,
    /// When.
    pub at: DateTimeUtc,
    /// The client's name for the request; one of ours where it gave none.
    pub idempotency_key: String,
    /// SHA-256 of what was asked.
    pub digest: Vec<u8>,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
