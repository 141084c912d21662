//! The time from which an idle account may be erased: set once a mail server has taken the warning.

use sea_orm_migration::prelude::*;

use crate::schema::optional_instant;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum AccountUse {
    Table,
    ErasableAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table(AccountUse::Table)
                    .add_column(optional_instant(AccountUse::ErasableAt))
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table(AccountUse::Table)
                    .drop_column(AccountUse::ErasableAt)
                    .take(),
            )
            .await
    }
}
