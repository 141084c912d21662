//! Who people are to other identity providers.

use sea_orm_migration::prelude::*;

use crate::schema::{instant, reference, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum AccountIdentity {
    Table,
    Issuer,
    Subject,
    AccountId,
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
                    .table(AccountIdentity::Table)
                    .col(text(AccountIdentity::Issuer))
                    .col(text(AccountIdentity::Subject))
                    .col(reference(AccountIdentity::AccountId))
                    .col(instant(AccountIdentity::CreatedAt))
                    .primary_key(
                        Index::create()
                            .col(AccountIdentity::Issuer)
                            .col(AccountIdentity::Subject),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(AccountIdentity::Table, AccountIdentity::AccountId)
                            .to(Account::Table, Account::Id),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("account_identity_account")
                    .table(AccountIdentity::Table)
                    .col(AccountIdentity::AccountId)
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(AccountIdentity::Table).take())
            .await
    }
}
