//! Stories, what they said before, their themes, their reactions, and the series they stand in.

use sea_orm_migration::prelude::*;

use crate::schema::{
    count, id, instant, one_of, optional_instant, optional_one_of, optional_reference,
    optional_text, reference, text,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Account {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Municipality {
    Table,
    Code,
}

#[derive(DeriveIden)]
enum Theme {
    Table,
    Id,
}

#[derive(DeriveIden, Clone, Copy)]
enum Story {
    Table,
    Id,
    Slug,
    Kind,
    Title,
    Summary,
    Body,
    Language,
    AuthorId,
    MunicipalityCode,
    SubmittedAt,
    PublishedAt,
    WithdrawnAt,
    WithdrawalReason,
    WithdrawalExplanation,
    ArchivedAt,
    Moderation,
    ModerationStatement,
    EditedAt,
    Version,
    CommentCount,
    LoveCount,
    JoinCount,
    ShareCount,
    Energy,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum StoryRevision {
    Table,
    Id,
    StoryId,
    Number,
    Title,
    Summary,
    Body,
    EditedAt,
    EditedBy,
}

#[derive(DeriveIden)]
enum StoryTheme {
    Table,
    StoryId,
    ThemeId,
}

#[derive(DeriveIden)]
enum StoryReaction {
    Table,
    StoryId,
    AccountId,
    Kind,
    CreatedAt,
}

#[derive(DeriveIden)]
enum StorySeries {
    Table,
    Id,
    Slug,
    Title,
    Intro,
    CreatedBy,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum StorySeriesEntry {
    Table,
    StoryId,
    SeriesId,
    Position,
}

const KINDS: [&str; 3] = ["STORY", "INITIATIVE", "EXAMPLE"];
const MODERATIONS: [&str; 6] = [
    "NONE",
    "PENDING",
    "CHANGES_REQUESTED",
    "APPROVED",
    "REJECTED",
    "HIDDEN",
];
const WITHDRAWAL_REASONS: [&str; 5] = ["DUPLICATED", "STARTED", "UNFEASIBLE", "DONE", "OTHER"];
const REACTION_KINDS: [&str; 3] = ["LOVE", "JOIN", "SHARE"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        stories(manager).await?;
        revisions(manager).await?;
        themes(manager).await?;
        reactions(manager).await?;
        series(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            StorySeriesEntry::Table.into_iden(),
            StorySeries::Table.into_iden(),
            StoryReaction::Table.into_iden(),
            StoryTheme::Table.into_iden(),
            StoryRevision::Table.into_iden(),
            Story::Table.into_iden(),
        ] {
            manager
                .drop_table(Table::drop().table(table).take())
                .await?;
        }
        Ok(())
    }
}

async fn stories(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(Story::Table)
                .col(id(Story::Id))
                .col(text(Story::Slug).unique_key())
                .col(one_of(Story::Kind, &KINDS))
                .col(text(Story::Title))
                .col(text(Story::Summary))
                .col(text(Story::Body))
                .col(text(Story::Language))
                .col(reference(Story::AuthorId))
                .col(optional_text(Story::MunicipalityCode))
                .col(optional_instant(Story::SubmittedAt))
                .col(optional_instant(Story::PublishedAt))
                .col(optional_instant(Story::WithdrawnAt))
                .col(optional_one_of(
                    Story::WithdrawalReason,
                    &WITHDRAWAL_REASONS,
                ))
                .col(optional_text(Story::WithdrawalExplanation))
                .col(optional_instant(Story::ArchivedAt))
                .col(one_of(Story::Moderation, &MODERATIONS))
                .col(optional_text(Story::ModerationStatement))
                .col(optional_instant(Story::EditedAt))
                .col(count(Story::Version))
                .col(count(Story::CommentCount))
                .col(count(Story::LoveCount))
                .col(count(Story::JoinCount))
                .col(count(Story::ShareCount))
                .col(count(Story::Energy))
                .col(instant(Story::CreatedAt))
                .col(instant(Story::UpdatedAt))
                .foreign_key(
                    ForeignKey::create()
                        .from(Story::Table, Story::AuthorId)
                        .to(Account::Table, Account::Id),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(Story::Table, Story::MunicipalityCode)
                        .to(Municipality::Table, Municipality::Code),
                )
                .take(),
        )
        .await?;
    for (name, columns) in [
        ("story_newest", [Story::PublishedAt, Story::Id].as_slice()),
        ("story_newest_made", &[Story::CreatedAt, Story::Id]),
        ("story_most_energy", &[Story::Energy, Story::Id]),
        ("story_most_commented", &[Story::CommentCount, Story::Id]),
        (
            "story_author",
            &[Story::AuthorId, Story::CreatedAt, Story::Id],
        ),
        (
            "story_municipality",
            &[Story::MunicipalityCode, Story::PublishedAt, Story::Id],
        ),
    ] {
        let mut index = Index::create().name(name).table(Story::Table).take();
        for column in columns {
            index.col(*column);
        }
        manager.create_index(index).await?;
    }
    Ok(())
}

async fn revisions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(StoryRevision::Table)
                .col(id(StoryRevision::Id))
                .col(reference(StoryRevision::StoryId))
                .col(
                    ColumnDef::new(StoryRevision::Number)
                        .big_integer()
                        .not_null(),
                )
                .col(text(StoryRevision::Title))
                .col(text(StoryRevision::Summary))
                .col(text(StoryRevision::Body))
                .col(instant(StoryRevision::EditedAt))
                .col(optional_reference(StoryRevision::EditedBy))
                .foreign_key(
                    ForeignKey::create()
                        .from(StoryRevision::Table, StoryRevision::StoryId)
                        .to(Story::Table, Story::Id),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(StoryRevision::Table, StoryRevision::EditedBy)
                        .to(Account::Table, Account::Id),
                )
                .take(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("story_revision_number")
                .table(StoryRevision::Table)
                .col(StoryRevision::StoryId)
                .col(StoryRevision::Number)
                .unique()
                .take(),
        )
        .await
}

async fn themes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(StoryTheme::Table)
                .col(reference(StoryTheme::StoryId))
                .col(reference(StoryTheme::ThemeId))
                .primary_key(
                    Index::create()
                        .col(StoryTheme::StoryId)
                        .col(StoryTheme::ThemeId),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(StoryTheme::Table, StoryTheme::StoryId)
                        .to(Story::Table, Story::Id),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(StoryTheme::Table, StoryTheme::ThemeId)
                        .to(Theme::Table, Theme::Id),
                )
                .take(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("story_theme_theme")
                .table(StoryTheme::Table)
                .col(StoryTheme::ThemeId)
                .col(StoryTheme::StoryId)
                .take(),
        )
        .await
}

async fn reactions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(StoryReaction::Table)
                .col(reference(StoryReaction::StoryId))
                .col(reference(StoryReaction::AccountId))
                .col(one_of(StoryReaction::Kind, &REACTION_KINDS))
                .col(instant(StoryReaction::CreatedAt))
                .primary_key(
                    Index::create()
                        .col(StoryReaction::StoryId)
                        .col(StoryReaction::AccountId)
                        .col(StoryReaction::Kind),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(StoryReaction::Table, StoryReaction::StoryId)
                        .to(Story::Table, Story::Id),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(StoryReaction::Table, StoryReaction::AccountId)
                        .to(Account::Table, Account::Id),
                )
                .take(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("story_reaction_account")
                .table(StoryReaction::Table)
                .col(StoryReaction::AccountId)
                .take(),
        )
        .await
}

async fn series(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(StorySeries::Table)
                .col(id(StorySeries::Id))
                .col(text(StorySeries::Slug).unique_key())
                .col(text(StorySeries::Title))
                .col(text(StorySeries::Intro))
                .col(optional_reference(StorySeries::CreatedBy))
                .col(instant(StorySeries::CreatedAt))
                .col(instant(StorySeries::UpdatedAt))
                .foreign_key(
                    ForeignKey::create()
                        .from(StorySeries::Table, StorySeries::CreatedBy)
                        .to(Account::Table, Account::Id),
                )
                .take(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table(StorySeriesEntry::Table)
                .col(id(StorySeriesEntry::StoryId))
                .col(reference(StorySeriesEntry::SeriesId))
                .col(count(StorySeriesEntry::Position))
                .foreign_key(
                    ForeignKey::create()
                        .from(StorySeriesEntry::Table, StorySeriesEntry::StoryId)
                        .to(Story::Table, Story::Id),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(StorySeriesEntry::Table, StorySeriesEntry::SeriesId)
                        .to(StorySeries::Table, StorySeries::Id),
                )
                .take(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("story_series_entry_position")
                .table(StorySeriesEntry::Table)
                .col(StorySeriesEntry::SeriesId)
                .col(StorySeriesEntry::Position)
                .unique()
                .take(),
        )
        .await
}
