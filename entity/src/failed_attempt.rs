//! Table `failed_attempt`: failures to prove who one is, by account and minute.

use sea_orm::{DeriveValueType, entity::prelude::*};

/// A MAC of what was tried on which account, which says nothing to whoever lacks the server's key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct AccountMac(pub Vec<u8>);

impl sea_orm::TryFromU64 for AccountMac {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("AccountMac"))
    }
}

/// A row of `failed_attempt`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "failed_attempt")]
pub struct Model {
    /// The MAC of the action and the account, or one device of it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_mac: AccountMac,
    /// The minute.
    #[sea_orm(primary_key, auto_increment = false)]
    pub minute: DateTimeUtc,
    /// Failures in it.
    pub failures: i64,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
