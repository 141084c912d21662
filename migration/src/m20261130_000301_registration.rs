//! Each request for an account with its own password, name and link, in place of one link an
//! account.

use sea_orm_migration::prelude::*;

use crate::schema::{id, instant, one_of, optional_reference, optional_text, reference, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Registration {
    Table,
    Id,
    AccountId,
    PasswordHash,
    DisplayName,
    Locale,
    VisitorId,
    TokenHash,
    ExpiresAt,
    CreatedAt,
}

#[derive(DeriveIden)]
enum EmailVerification {
    Table,
    TokenHash,
    AccountId,
    ExpiresAt,
}

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

/// Keeps the links of what waits; the id of its account names it, which no other registration has.
const MOVE: &str = "INSERT INTO registration \
    (id, account_id, password_hash, display_name, locale, visitor_id, token_hash, expires_at, created_at) \
    SELECT account.id, account.id, account.password_hash, account.display_name, account.locale, \
        visitor_claim.visitor_id, email_verification.token_hash, \
        COALESCE(email_verification.expires_at, account.updated_at), account.updated_at \
    FROM account \
    LEFT JOIN email_verification ON email_verification.account_id = account.id \
    LEFT JOIN visitor_claim ON visitor_claim.account_id = account.id \
    WHERE account.email_verified_at IS NULL AND account.password_hash <> ''";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Registration::Table)
                    .col(id(Registration::Id))
                    .col(reference(Registration::AccountId))
                    .col(text(Registration::PasswordHash))
                    .col(text(Registration::DisplayName))
                    .col(one_of(Registration::Locale, &["nl", "en"]))
                    .col(optional_reference(Registration::VisitorId))
                    .col(optional_text(Registration::TokenHash))
                    .col(instant(Registration::ExpiresAt))
                    .col(instant(Registration::CreatedAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(Registration::Table, Registration::AccountId)
                            .to(Account::Table, Account::Id),
                    )
                    .take(),
            )
            .await?;
        for (name, column) in [
            ("registration_account", Registration::AccountId),
            ("registration_token", Registration::TokenHash),
        ] {
            let mut index = Index::create();
            index.name(name).table(Registration::Table).col(column);
            manager.create_index(index).await?;
        }
        let connection = manager.get_connection();
        connection.execute_unprepared(MOVE).await?;
        connection
            .execute_unprepared(
                "UPDATE account SET password_hash = '' WHERE email_verified_at IS NULL",
            )
            .await?;
        for table in [
            EmailVerification::Table.into_iden(),
            VisitorClaim::Table.into_iden(),
        ] {
            manager
                .drop_table(Table::drop().table(table).take())
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let account = |table: DynIden, column: DynIden| {
            let mut key = ForeignKey::create();
            key.from(table, column).to(Account::Table, Account::Id);
            key
        };
        manager
            .create_table(
                Table::create()
                    .table(EmailVerification::Table)
                    .col(text(EmailVerification::TokenHash).primary_key())
                    .col(reference(EmailVerification::AccountId).unique_key())
                    .col(instant(EmailVerification::ExpiresAt))
                    .foreign_key(&mut account(
                        EmailVerification::Table.into_iden(),
                        EmailVerification::AccountId.into_iden(),
                    ))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(VisitorClaim::Table)
                    .col(id(VisitorClaim::AccountId))
                    .col(reference(VisitorClaim::VisitorId))
                    .col(instant(VisitorClaim::CreatedAt))
                    .foreign_key(&mut account(
                        VisitorClaim::Table.into_iden(),
                        VisitorClaim::AccountId.into_iden(),
                    ))
                    .take(),
            )
            .await?;
        manager
            .drop_table(Table::drop().table(Registration::Table).take())
            .await
    }
}
