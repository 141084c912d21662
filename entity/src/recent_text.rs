//! Table `recent_text`: texts that came in lately.

use sea_orm::entity::prelude::*;

use crate::recent_contribution::ScreeningHash;

/// A row of `recent_text`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recent_text")]
pub struct Model {
    /// The text.
    #[sea_orm(primary_key, auto_increment = false)]
    pub text_hash: ScreeningHash,
    /// The minute in which it last came in.
    pub seen_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
