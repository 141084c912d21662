//! Table `erasure`: the receipts of people who were erased.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, ErasureId};

/// A row of `erasure`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "erasure")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ErasureId,
    /// Whose place nobody has now; once.
    pub account_id: AccountId,
    /// When.
    pub erased_at: DateTimeUtc,
    /// Whether what they wrote stayed.
    pub kept_contributions: bool,
    /// How many rows of which tables were removed or changed, as a JSON object.
    pub tables: String,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
