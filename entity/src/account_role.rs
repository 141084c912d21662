//! Table `account_role`: what an account may do beyond what everyone may.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::id::AccountId;

/// A role on the platform.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Takes part: stories, comments, votes.
    Resident,
    /// Writes for the province: themes, publication, polls.
    Editor,
    /// Judges what others submit.
    Moderator,
    /// Everything the other roles may, and the platform itself.
    Admin,
}

/// A row of `account_role`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_role")]
pub struct Model {
    /// The account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// The role.
    #[sea_orm(primary_key, auto_increment = false)]
    pub role: Role,
    /// Since when.
    pub granted_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
