//! When people were last here.

use sea_orm_migration::prelude::*;

use crate::schema::{id, instant, optional_instant};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum AccountUse {
    Table,
    AccountId,
    SeenAt,
    WarnedAt,
}

#[derive(DeriveIden)]
enum Account {
    Table,
    Id,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(AccountUse::Table)
                    .col(id(AccountUse::AccountId))
                    .col(instant(AccountUse::SeenAt))
                    .col(optional_instant(AccountUse::WarnedAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(AccountUse::Table, AccountUse::AccountId)
                            .to(Account::Table, Account::Id),
                    )
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(AccountUse::Table).take())
            .await
    }
}
