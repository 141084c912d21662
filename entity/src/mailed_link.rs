//! Table `mailed_link`: the open links by which people sign in or choose another password.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::id::AccountId;

/// What a mailed link is good for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Purpose {
    /// Signing in without a password.
    SignIn,
    /// Choosing another password.
    PasswordReset,
}

/// A row of `mailed_link`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mailed_link")]
pub struct Model {
    /// SHA-256 of the link's token, in hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    /// The account; one open link a purpose.
    pub account_id: AccountId,
    /// What it is good for.
    pub purpose: Purpose,
    /// When the link stops working.
    pub expires_at: DateTimeUtc,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
