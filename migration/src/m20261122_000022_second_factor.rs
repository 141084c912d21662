//! Second factors, and accounts that are blocked.

use sea_orm_migration::prelude::*;

use crate::schema::{bytes, count, instant, optional_instant, reference, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum SecondFactor {
    Table,
    AccountId,
    Secret,
    LastStep,
    EnrolledAt,
    ConfirmedAt,
}

#[derive(DeriveIden)]
enum RecoveryCode {
    Table,
    AccountId,
    CodeHash,
}

#[derive(DeriveIden)]
enum AccountBlock {
    Table,
    AccountId,
    BlockedAt,
    BlockedUntil,
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
                    .table(SecondFactor::Table)
                    .col(reference(SecondFactor::AccountId).primary_key())
                    .col(bytes(SecondFactor::Secret))
                    .col(count(SecondFactor::LastStep))
                    .col(instant(SecondFactor::EnrolledAt))
                    .col(optional_instant(SecondFactor::ConfirmedAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(SecondFactor::Table, SecondFactor::AccountId)
                            .to(Account::Table, Account::Id),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(RecoveryCode::Table)
                    .col(reference(RecoveryCode::AccountId))
                    .col(text(RecoveryCode::CodeHash))
                    .primary_key(
                        Index::create()
                            .col(RecoveryCode::AccountId)
                            .col(RecoveryCode::CodeHash),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(RecoveryCode::Table, RecoveryCode::AccountId)
                            .to(Account::Table, Account::Id),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(AccountBlock::Table)
                    .col(reference(AccountBlock::AccountId).primary_key())
                    .col(instant(AccountBlock::BlockedAt))
                    .col(optional_instant(AccountBlock::BlockedUntil))
                    .foreign_key(
                        ForeignKey::create()
                            .from(AccountBlock::Table, AccountBlock::AccountId)
                            .to(Account::Table, Account::Id),
                    )
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            AccountBlock::Table.into_iden(),
            RecoveryCode::Table.into_iden(),
            SecondFactor::Table.into_iden(),
        ] {
            manager
                .drop_table(Table::drop().table(table).take())
                .await?;
        }
        Ok(())
    }
}
