//! Adds when a poll's ballots were anonymised by destroying the secret of their voters' keys.

use sea_orm_migration::prelude::*;

use crate::schema::optional_instant;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Poll {
    Table,
    BallotsAnonymizedAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table(Poll::Table)
                    .add_column(optional_instant(Poll::BallotsAnonymizedAt))
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table(Poll::Table)
                    .drop_column(Poll::BallotsAnonymizedAt)
                    .take(),
            )
            .await
    }
}
