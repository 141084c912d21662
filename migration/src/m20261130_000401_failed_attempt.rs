//! Failed attempts to prove who one is, counted by account and minute.

use sea_orm_migration::prelude::*;

use crate::schema::{bytes, count, instant};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum FailedAttempt {
    Table,
    AccountMac,
    Minute,
    Failures,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(FailedAttempt::Table)
                    .col(bytes(FailedAttempt::AccountMac))
                    .col(instant(FailedAttempt::Minute))
                    .col(count(FailedAttempt::Failures))
                    .primary_key(
                        Index::create()
                            .col(FailedAttempt::AccountMac)
                            .col(FailedAttempt::Minute),
                    )
                    .take(),
            )
            .await?;
        // Retention finds rows by their age.
        manager
            .create_index(
                Index::create()
                    .name("failed_attempt_age")
                    .table(FailedAttempt::Table)
                    .col(FailedAttempt::Minute)
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(FailedAttempt::Table).take())
            .await
    }
}
