//! Table `signing_key`: the keys that sign access tokens.

use sea_orm::entity::prelude::*;

/// A row of `signing_key`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_key")]
pub struct Model {
    /// Counts from 1; the highest signs, all are accepted.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// Ed25519, PKCS #8 in DER.
    pub private_key: Vec<u8>,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
