//! Table `embed_origin`: where an embed may stand.

use sea_orm::entity::prelude::*;

use crate::id::EmbedId;

/// A row of `embed_origin`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "embed_origin")]
pub struct Model {
    /// The embed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub embed_id: EmbedId,
    /// Scheme, host and port.
    #[sea_orm(primary_key, auto_increment = false)]
    pub origin: String,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
