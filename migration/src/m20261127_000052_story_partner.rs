//! The partner in whose name a story is.

use sea_orm_migration::prelude::*;

use crate::schema::optional_reference;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Story {
    Table,
    PartnerId,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table(Story::Table)
                    .add_column(optional_reference(Story::PartnerId))
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table(Story::Table)
                    .drop_column(Story::PartnerId)
                    .take(),
            )
            .await
    }
}
