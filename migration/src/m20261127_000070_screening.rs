//! What screening remembers: who contributed how much, and which texts came in lately.

use sea_orm_migration::prelude::*;

use crate::schema::{bytes, count, id, instant};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Account {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum AccountContribution {
    Table,
    AccountId,
    Contributions,
}

#[derive(DeriveIden)]
enum RecentContribution {
    Table,
    AuthorHash,
    Minute,
    Contributions,
}

#[derive(DeriveIden)]
enum RecentText {
    Table,
    TextHash,
    SeenAt,
}

#[derive(DeriveIden)]
enum ScreeningKey {
    Table,
    Number,
    Secret,
    CreatedAt,
}

/// Who contributed before is not new.
const BEFORE: &str = "INSERT INTO account_contribution (account_id, contributions) \
    SELECT author_id, COUNT(*) FROM (\
    SELECT author_id FROM comment UNION ALL \
    SELECT author_id FROM story WHERE submitted_at IS NOT NULL) AS contributed \
    GROUP BY author_id";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        contributors(manager).await?;
        lately(manager).await?;
        manager
            .create_table(
                Table::create()
                    .table(ScreeningKey::Table)
                    .col(
                        ColumnDef::new(ScreeningKey::Number)
                            .integer()
                            .not_null()
                            .primary_key()
                            .check(Expr::col(ScreeningKey::Number).eq(1)),
                    )
                    .col(bytes(ScreeningKey::Secret))
                    .col(instant(ScreeningKey::CreatedAt))
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            ScreeningKey::Table.into_iden(),
            RecentText::Table.into_iden(),
            RecentContribution::Table.into_iden(),
            AccountContribution::Table.into_iden(),
        ] {
            manager
                .drop_table(Table::drop().table(table).take())
                .await?;
        }
        Ok(())
    }
}

async fn contributors(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(AccountContribution::Table)
                .col(id(AccountContribution::AccountId))
                .col(count(AccountContribution::Contributions))
                .foreign_key(
                    ForeignKey::create()
                        .from(AccountContribution::Table, AccountContribution::AccountId)
                        .to(Account::Table, Account::Id),
                )
                .take(),
        )
        .await?;
    manager.get_connection().execute_unprepared(BEFORE).await?;
    Ok(())
}

async fn lately(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(RecentContribution::Table)
                .col(bytes(RecentContribution::AuthorHash))
                .col(instant(RecentContribution::Minute))
                .col(count(RecentContribution::Contributions))
                .primary_key(
                    Index::create()
                        .col(RecentContribution::AuthorHash)
                        .col(RecentContribution::Minute),
                )
                .take(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table(RecentText::Table)
                .col(bytes(RecentText::TextHash).primary_key())
                .col(instant(RecentText::SeenAt))
                .take(),
        )
        .await?;
    // What is swept is found by its age.
    for index in [
        Index::create()
            .name("recent_contribution_age")
            .table(RecentContribution::Table)
            .col(RecentContribution::Minute)
            .take(),
        Index::create()
            .name("recent_text_age")
            .table(RecentText::Table)
            .col(RecentText::SeenAt)
            .take(),
    ] {
        manager.create_index(index).await?;
    }
    Ok(())
}
