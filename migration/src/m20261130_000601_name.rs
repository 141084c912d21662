//! Names that nobody may go by: those of partners, and those that moderators hid.

use sea_orm_migration::prelude::*;

use crate::schema::{flag, instant, reference, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum ReservedName {
    Table,
    NameKey,
    SeveralWords,
    CreatedAt,
}

#[derive(DeriveIden)]
enum HiddenName {
    Table,
    AccountId,
    NameKey,
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
        // Filled from the partners that there are when the program starts: what a name looks like
        // is worked out there.
        manager
            .create_table(
                Table::create()
                    .table(ReservedName::Table)
                    .col(text(ReservedName::NameKey))
                    .col(flag(ReservedName::SeveralWords))
                    .col(instant(ReservedName::CreatedAt))
                    .primary_key(Index::create().col(ReservedName::NameKey))
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(HiddenName::Table)
                    .col(reference(HiddenName::AccountId))
                    .col(text(HiddenName::NameKey))
                    .col(instant(HiddenName::CreatedAt))
                    .primary_key(
                        Index::create()
                            .col(HiddenName::AccountId)
                            .col(HiddenName::NameKey),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(HiddenName::Table, HiddenName::AccountId)
                            .to(Account::Table, Account::Id),
                    )
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(HiddenName::Table).take())
            .await?;
        manager
            .drop_table(Table::drop().table(ReservedName::Table).take())
            .await
    }
}
