//! Table `partner`.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, PartnerId};

/// What kind of organisation a partner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum PartnerKind {
    /// A municipality.
    Municipality,
    /// An association of students.
    StudentAssociation,
    /// An association of businesses.
    BusinessAssociation,
    /// A water board.
    WaterBoard,
    /// Any other.
    Other,
}

/// A row of `partner`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partner")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PartnerId,
    /// The address, unique for ever.
    #[sea_orm(unique)]
    pub slug: String,
    /// One line.
    pub name: String,
    /// The name as it is sorted by.
    pub name_key: String,
    /// What kind of organisation it is.
    pub kind: PartnerKind,
    /// The address of its own site.
    pub website: Option<String>,
    /// The municipality that it is, or is of.
    pub municipality_code: Option<String>,
    /// Who made it.
    pub created_by: Option<AccountId>,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
