//! Table `municipality`: the municipalities of Overijssel, filled by a migration.

use sea_orm::entity::prelude::*;

/// A row of `municipality`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "municipality")]
pub struct Model {
    /// The CBS code, such as `GM0193`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// The name as CBS prints it.
    #[sea_orm(unique)]
    pub name: String,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
