//! Who was a visitor before they asked for their account.

use sea_orm_migration::prelude::*;

use crate::schema::{id, instant, reference};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum VisitorClaim {
    Table,
    AccountId,
    VisitorId,
    CreatedAt,
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
                    .table(VisitorClaim::Table)
                    .col(id(VisitorClaim::AccountId))
                    .col(reference(VisitorClaim::VisitorId))
                    .col(instant(VisitorClaim::CreatedAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(VisitorClaim::Table, VisitorClaim::AccountId)
                            .to(Account::Table, Account::Id),
                    )
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(VisitorClaim::Table).take())
            .await
    }
}
