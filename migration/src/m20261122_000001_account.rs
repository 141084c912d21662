//! Accounts, how they sign in, and the keys that sign their tokens.

use sea_orm_migration::prelude::*;

use crate::schema::{id, instant, one_of, optional_instant, reference, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Account {
    Table,
    Id,
    Email,
    PasswordHash,
    DisplayName,
    Locale,
    EmailVerifiedAt,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum AccountRole {
    Table,
    AccountId,
    Role,
    GrantedAt,
}

#[derive(DeriveIden)]
enum EmailVerification {
    Table,
    TokenHash,
    AccountId,
    ExpiresAt,
}

#[derive(DeriveIden)]
enum Session {
    Table,
    Id,
    AccountId,
    CreatedAt,
    LastSeenAt,
    ExpiresAt,
    RevokedAt,
}

#[derive(DeriveIden)]
enum RefreshToken {
    Table,
    TokenHash,
    SessionId,
    IssuedAt,
    UsedAt,
}

#[derive(DeriveIden)]
enum SigningKey {
    Table,
    Number,
    PrivateKey,
    CreatedAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Account::Table)
                    .col(id(Account::Id))
                    .col(text(Account::Email).unique_key())
                    .col(text(Account::PasswordHash))
                    .col(text(Account::DisplayName))
                    .col(one_of(Account::Locale, &["nl", "en"]))
                    .col(optional_instant(Account::EmailVerifiedAt))
                    .col(instant(Account::CreatedAt))
                    .col(instant(Account::UpdatedAt))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(AccountRole::Table)
                    .col(reference(AccountRole::AccountId))
                    .col(one_of(
                        AccountRole::Role,
                        &["RESIDENT", "EDITOR", "MODERATOR", "ADMIN"],
                    ))
                    .col(instant(AccountRole::GrantedAt))
                    .primary_key(
                        Index::create()
                            .col(AccountRole::AccountId)
                            .col(AccountRole::Role),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(AccountRole::Table, AccountRole::AccountId)
                            .to(Account::Table, Account::Id),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(EmailVerification::Table)
                    .col(text(EmailVerification::TokenHash).primary_key())
                    .col(reference(EmailVerification::AccountId).unique_key())
                    .col(instant(EmailVerification::ExpiresAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(EmailVerification::Table, EmailVerification::AccountId)
                            .to(Account::Table, Account::Id),
                    )
                    .take(),
            )
            .await?;
        sessions(manager).await?;
        manager
            .create_table(
                Table::create()
                    .table(SigningKey::Table)
                    .col(
                        ColumnDef::new(SigningKey::Number)
                            .integer()
                            .not_null()
                            .primary_key(),
                    )
                    .col(ColumnDef::new(SigningKey::PrivateKey).blob().not_null())
                    .col(instant(SigningKey::CreatedAt))
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            SigningKey::Table.into_iden(),
            RefreshToken::Table.into_iden(),
            Session::Table.into_iden(),
            EmailVerification::Table.into_iden(),
            AccountRole::Table.into_iden(),
            Account::Table.into_iden(),
        ] {
            manager
                .drop_table(Table::drop().table(table).take())
                .await?;
        }
        Ok(())
    }
}

async fn sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(Session::Table)
                .col(id(Session::Id))
                .col(reference(Session::AccountId))
                .col(instant(Session::CreatedAt))
                .col(instant(Session::LastSeenAt))
                .col(instant(Session::ExpiresAt))
                .col(optional_instant(Session::RevokedAt))
                .foreign_key(
                    ForeignKey::create()
                        .from(Session::Table, Session::AccountId)
                        .to(Account::Table, Account::Id),
                )
                .take(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("session_account")
                .table(Session::Table)
                .col(Session::AccountId)
                .col(Session::LastSeenAt)
                .take(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table(RefreshToken::Table)
                .col(text(RefreshToken::TokenHash).primary_key())
                .col(reference(RefreshToken::SessionId))
                .col(instant(RefreshToken::IssuedAt))
                .col(optional_instant(RefreshToken::UsedAt))
                .foreign_key(
                    ForeignKey::create()
                        .from(RefreshToken::Table, RefreshToken::SessionId)
                        .to(Session::Table, Session::Id),
                )
                .take(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("refresh_token_session")
                .table(RefreshToken::Table)
                .col(RefreshToken::SessionId)
                .take(),
        )
        .await
}
