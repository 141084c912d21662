//! Table `stated_role`: the roles of people at other identity providers, as stated last.

use sea_orm::entity::prelude::*;

use crate::{account_role::Role, id::AccountId};

/// A row of `stated_role`; a newer token of the same person replaces all of theirs.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stated_role")]
pub struct Model {
    /// The provider.
    #[sea_orm(primary_key, auto_increment = false)]
    pub issuer: String,
    /// The person's name there.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// The role that their groups gave.
    #[sea_orm(primary_key, auto_increment = false)]
    pub role: Role,
    /// The person's account here.
    pub account_id: AccountId,
    /// When the provider issued the token that stated it.
    pub stated_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
