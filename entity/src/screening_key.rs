//! Table `screening_key`: what hashes of contributors and texts are made with.

use sea_orm::entity::prelude::*;

/// The only row of `screening_key`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "screening_key")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// 32 random bytes.
    pub secret: Vec<u8>,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
