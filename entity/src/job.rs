//! Table `job`: promises to keep after the change that made them.

use sea_orm::entity::prelude::*;

use crate::id::JobId;

/// A queue of its own within the table: jobs of one lane never wait for those of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Lane {
    /// Work on the platform's own data.
    General,
    /// Mail: it waits for a server that is not ours.
    Mail,
}

/// A row of `job`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    /// Which promise.
    pub kind: String,
    /// The queue that it waits in.
    pub lane: Lane,
    /// What it needs to know, as JSON.
    pub payload: String,
    /// How often it was tried.
    pub attempts: i32,
    /// When it may be tried next.
    pub run_at: DateTimeUtc,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was given up.
    pub failed_at: Option<DateTimeUtc>,
    /// Why the last try failed; for operators.
    pub last_error: Option<String>,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
