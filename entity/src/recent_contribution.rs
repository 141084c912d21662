//! Table `recent_contribution`: how much came from the same person lately.

use sea_orm::{DeriveValueType, entity::prelude::*};

/// Who contributed, or what: 32 bytes that say nothing to whoever lacks the screening key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct ScreeningHash(pub Vec<u8>);

impl sea_orm::TryFromU64 for ScreeningHash {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("ScreeningHash"))
    }
}

/// A row of `recent_contribution`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recent_contribution")]
pub struct Model {
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub author_hash: ScreeningHash,
    /// The minute.
    #[sea_orm(primary_key, auto_increment = false)]
    pub minute: DateTimeUtc,
    /// Contributions in it.
    pub contributions: i64,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
