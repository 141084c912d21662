//! The roles that identity providers stated last, and the addresses of people who have none here.

use sea_orm_migration::prelude::*;

use crate::schema::{instant, one_of, optional_text, reference, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum StatedRole {
    Table,
    Issuer,
    Subject,
    Role,
    AccountId,
    StatedAt,
}

#[derive(DeriveIden)]
enum Account {
    Table,
    Id,
    ProviderEmail,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table(Account::Table)
                    .add_column(optional_text(Account::ProviderEmail))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(StatedRole::Table)
                    .col(text(StatedRole::Issuer))
                    .col(text(StatedRole::Subject))
                    .col(one_of(StatedRole::Role, &["EDITOR", "MODERATOR", "ADMIN"]))
                    .col(reference(StatedRole::AccountId))
                    .col(instant(StatedRole::StatedAt))
                    .primary_key(
                        Index::create()
                            .col(StatedRole::Issuer)
                            .col(StatedRole::Subject)
                            .col(StatedRole::Role),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(StatedRole::Table, StatedRole::AccountId)
                            .to(Account::Table, Account::Id),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("stated_role_account")
                    .table(StatedRole::Table)
                    .col(StatedRole::AccountId)
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(StatedRole::Table).take())
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table(Account::Table)
                    .drop_column(Account::ProviderEmail)
                    .take(),
            )
            .await
    }
}
