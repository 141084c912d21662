//! What tells a lost answer from a stolen refresh token, and whether a session was opened with a
//! second factor.

use sea_orm_migration::prelude::*;

use crate::schema::{optional_instant, optional_text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum RefreshToken {
    Table,
    AccessId,
    AccessUsedAt,
    ReplacedBy,
    ForgivenAt,
    VoidedAt,
}

#[derive(DeriveIden)]
enum Session {
    Table,
    SecondFactor,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            optional_text(RefreshToken::AccessId),
            optional_instant(RefreshToken::AccessUsedAt),
            optional_text(RefreshToken::ReplacedBy),
            optional_instant(RefreshToken::ForgivenAt),
            optional_instant(RefreshToken::VoidedAt),
        ] {
            manager
                .alter_table(
                    Table::alter()
                        .table(RefreshToken::Table)
                        .add_column(column)
                        .take(),
                )
                .await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("refresh_token_access")
                    .table(RefreshToken::Table)
                    .col(RefreshToken::AccessId)
                    .take(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table(Session::Table)
                    .add_column(
                        ColumnDef::new(Session::SecondFactor)
                            .boolean()
                            .not_null()
                            .default(false),
                    )
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table(Session::Table)
                    .drop_column(Session::SecondFactor)
                    .take(),
            )
            .await?;
        manager
            .drop_index(
                Index::drop()
                    .name("refresh_token_access")
                    .table(RefreshToken::Table)
                    .to_owned(),
            )
            .await?;
        for column in [
            RefreshToken::VoidedAt,
            RefreshToken::ForgivenAt,
            RefreshToken::ReplacedBy,
            RefreshToken::AccessUsedAt,
            RefreshToken::AccessId,
        ] {
            manager
                .alter_table(
                    Table::alter()
                        .table(RefreshToken::Table)
                        .drop_column(column)
                        .take(),
                )
                .await?;
        }
        Ok(())
    }
}
