//! Table `second_factor`: the secret that an account shares with its owner's authenticator.

use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// A row of `second_factor`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factor")]
pub struct Model {
    /// The account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// 20 random bytes (RFC 4226, section 4).
    pub secret: Vec<u8>,
    /// The newest step of 30 seconds whose code was taken; a code is good for once.
    pub last_step: i64,
    /// When the secret was made.
    pub enrolled_at: DateTimeUtc,
    /// When its owner showed to have it; it is asked for from then on.
    pub confirmed_at: Option<DateTimeUtc>,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
