//! Links by which people sign in or choose another password.

use sea_orm_migration::prelude::*;

use crate::schema::{instant, one_of, reference, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum MailedLink {
    Table,
    TokenHash,
    AccountId,
    Purpose,
    ExpiresAt,
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
                    .table(MailedLink::Table)
                    .col(text(MailedLink::TokenHash).primary_key())
                    .col(reference(MailedLink::AccountId))
                    .col(one_of(MailedLink::Purpose, &["SIGN_IN", "PASSWORD_RESET"]))
                    .col(instant(MailedLink::ExpiresAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(MailedLink::Table, MailedLink::AccountId)
                            .to(Account::Table, Account::Id),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("mailed_link_account")
                    .table(MailedLink::Table)
                    .col(MailedLink::AccountId)
                    .col(MailedLink::Purpose)
                    .unique()
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(MailedLink::Table).take())
            .await
    }
}
