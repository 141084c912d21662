//! Themes, who follows them, and their follow-up log.

use sea_orm_migration::prelude::*;

use crate::schema::{count, id, instant, one_of, optional_reference, reference, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Account {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Theme {
    Table,
    Id,
    Slug,
    Title,
    Summary,
    Description,
    Status,
    FollowerCount,
    CommentCount,
    CreatedBy,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum ThemeFollow {
    Table,
    ThemeId,
    AccountId,
    CreatedAt,
}

#[derive(DeriveIden)]
enum ThemeUpdate {
    Table,
    Id,
    ThemeId,
    Title,
    Body,
    StatusBefore,
    StatusAfter,
    CreatedBy,
    CreatedAt,
}

const STATUSES: [&str; 6] = [
    "RAISED",
    "EXPLORING",
    "AGENDA",
    "DECIDED",
    "IN_EXECUTION",
    "CLOSED",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Theme::Table)
                    .col(id(Theme::Id))
                    .col(text(Theme::Slug).unique_key())
                    .col(text(Theme::Title))
                    .col(text(Theme::Summary))
                    .col(text(Theme::Description))
                    .col(one_of(Theme::Status, &STATUSES))
                    .col(count(Theme::FollowerCount))
                    .col(count(Theme::CommentCount))
                    .col(optional_reference(Theme::CreatedBy))
                    .col(instant(Theme::CreatedAt))
                    .col(instant(Theme::UpdatedAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(Theme::Table, Theme::CreatedBy)
                            .to(Account::Table, Account::Id),
                    )
                    .take(),
            )
            .await?;
        for (name, column) in [
            ("theme_newest", Theme::CreatedAt),
            ("theme_most_followed", Theme::FollowerCount),
        ] {
            manager
                .create_index(
                    Index::create()
                        .name(name)
                        .table(Theme::Table)
                        .col(column)
                        .col(Theme::Id)
                        .take(),
                )
                .await?;
        }
        manager
            .create_table(
                Table::create()
                    .table(ThemeFollow::Table)
                    .col(reference(ThemeFollow::ThemeId))
                    .col(reference(ThemeFollow::AccountId))
                    .col(instant(ThemeFollow::CreatedAt))
                    .primary_key(
                        Index::create()
                            .col(ThemeFollow::ThemeId)
                            .col(ThemeFollow::AccountId),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(ThemeFollow::Table, ThemeFollow::ThemeId)
                            .to(Theme::Table, Theme::Id),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(ThemeFollow::Table, ThemeFollow::AccountId)
                            .to(Account::Table, Account::Id),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table(ThemeUpdate::Table)
                    .col(id(ThemeUpdate::Id))
                    .col(reference(ThemeUpdate::ThemeId))
                    .col(text(ThemeUpdate::Title))
                    .col(text(ThemeUpdate::Body))
                    .col(one_of(ThemeUpdate::StatusBefore, &STATUSES))
                    .col(one_of(ThemeUpdate::StatusAfter, &STATUSES))
                    .col(optional_reference(ThemeUpdate::CreatedBy))
                    .col(instant(ThemeUpdate::CreatedAt))
                    .foreign_key(
                        ForeignKey::create()
                            .from(ThemeUpdate::Table, ThemeUpdate::ThemeId)
                            .to(Theme::Table, Theme::Id),
                    )
                    .foreign_key(
                        ForeignKey::create()
                            .from(ThemeUpdate::Table, ThemeUpdate::CreatedBy)
                            .to(Account::Table, Account::Id),
                    )
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("theme_update_newest")
                    .table(ThemeUpdate::Table)
                    .col(ThemeUpdate::ThemeId)
                    .col(ThemeUpdate::CreatedAt)
                    .col(ThemeUpdate::Id)
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            ThemeUpdate::Table.into_iden(),
            ThemeFollow::Table.into_iden(),
            Theme::Table.into_iden(),
        ] {
            manager
                .drop_table(Table::drop().table(table).take())
                .await?;
        }
        Ok(())
    }
}
