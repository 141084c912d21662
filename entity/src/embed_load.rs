//! Table `embed_load`: where an embed was shown, and where it was refused.

use sea_orm::entity::prelude::*;

use crate::id::EmbedId;

/// What came of showing an embed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum LoadKind {
    /// It was shown.
    Load,
    /// It may not stand there.
    Refusal,
}

/// A row of `embed_load`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "embed_load")]
pub struct Model {
    /// The embed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub embed_id: EmbedId,
    /// Scheme, host and port; empty where it is not known, `*` for those beyond the bound.
    #[sea_orm(primary_key, auto_increment = false)]
    pub origin: String,
    /// What came of it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: LoadKind,
    /// How often.
    pub count: i64,
    /// When last.
    pub last_seen_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
