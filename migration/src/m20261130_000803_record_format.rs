//! The format of a moderation entry's hash. Entries from before keep format 1.

use sea_orm_migration::prelude::*;

use crate::schema::number;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum ModerationEntry {
    Table,
    Format,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table(ModerationEntry::Table)
                    .add_column(number(ModerationEntry::Format).default(1))
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table(ModerationEntry::Table)
                    .drop_column(ModerationEntry::Format)
                    .take(),
            )
            .await
    }
}
