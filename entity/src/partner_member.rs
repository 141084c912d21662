//! Table `partner_member`.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, PartnerId};

/// What someone may do for a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum PartnerRole {
    /// Writes for it: its polls and embeds.
    Editor,
    /// Says who works for it as well.
    Admin,
}

/// A row of `partner_member`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partner_member")]
pub struct Model {
    /// The partner.
    #[sea_orm(primary_key, auto_increment = false)]
    pub partner_id: PartnerId,
    /// Who works for it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// What they may do.
    pub role: PartnerRole,
    /// Since when.
    pub created_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
