//! What is left of a person who was erased: the receipt.

use sea_orm_migration::prelude::*;

use crate::schema::{flag, id, instant, reference, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Erasure {
    Table,
    Id,
    AccountId,
    ErasedAt,
    KeptContributions,
    Tables,
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
                    .table(Erasure::Table)
                    .col(id(Erasure::Id))
                    .col(reference(Erasure::AccountId).unique_key())
                    .col(instant(Erasure::ErasedAt))
                    .col(flag(Erasure::KeptContributions))
                    .col(text(Erasure::Tables))
                    .foreign_key(
                        ForeignKey::create()
                            .from(Erasure::Table, Erasure::AccountId)
                            .to(Account::Table, Account::Id),
                    )
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Erasure::Table).take())
            .await
    }
}
