//! Moderation: one case an item, the reports on it, and the record of what was decided.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

use crate::schema::{
    bytes, count, flag, id, instant, one_of, optional_flag, optional_instant, optional_one_of,
    optional_reference, optional_text, reference, text,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Account {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum ModerationCase {
    Table,
    Id,
    SubjectKind,
    SubjectId,
    Secret,
    Snapshot,
    AuthorId,
    State,
    Priority,
    Version,
    ReportCount,
    AccountReportCount,
    Findings,
    AppealId,
    CreatedAt,
    OpenedAt,
    ChangedAt,
    DueAt,
    ClaimedBy,
    ClaimedUntil,
}

#[derive(DeriveIden)]
enum ContentReport {
    Table,
    Id,
    CaseId,
    ReporterKey,
    AccountId,
    Reason,
    Explanation,
    Upheld,
    CreatedAt,
}

#[derive(DeriveIden)]
enum ModerationChain {
    Table,
    Id,
    Length,
    Hash,
}

#[derive(DeriveIden)]
enum ModerationEntry {
    Table,
    Id,
    Position,
    CaseId,
    SubjectKind,
    Action,
    ReasonCode,
    StatementHash,
    IsReversal,
    ParentId,
    OpenedAt,
    CreatedAt,
    PreviousHash,
    Hash,
}

#[derive(DeriveIden)]
enum ModerationStatement {
    Table,
    EntryId,
    Salt,
    Text,
}

#[derive(DeriveIden)]
enum ModerationActor {
    Table,
    EntryId,
    AccountId,
}

const SUBJECT_KINDS: [&str; 4] = ["STORY", "COMMENT", "ANSWER", "PROFILE"];
const STATES: [&str; 7] = [
    "OPEN",
    "APPROVED",
    "CHANGES_REQUESTED",
    "REJECTED",
    "HIDDEN",
    "IGNORED",
    "BLOCKED",
];
const ACTIONS: [&str; 8] = [
    "APPROVE",
    "REQUEST_CHANGES",
    "REJECT",
    "HIDE",
    "RESTORE",
    "IGNORE",
    "BLOCK",
    "UNBLOCK",
];
const REASONS: [&str; 7] = [
    "SPAM",
    "OFFENSIVE",
    "PERSONAL_DATA",
    "OFF_TOPIC",
    "ILLEGAL",
    "DUPLICATE",
    "OTHER",
];

/// The record is added to and never changed: not by a bug, nor by hand.
const SQLITE_TRIGGERS: [&str; 2] = [
    "CREATE TRIGGER moderation_entry_no_update BEFORE UPDATE ON moderation_entry
     BEGIN SELECT RAISE(ABORT, 'the record of moderation is append-only'); END",
    "CREATE TRIGGER moderation_entry_no_delete BEFORE DELETE ON moderation_entry
     BEGIN SELECT RAISE(ABORT, 'the record of moderation is append-only'); END",
];
const POSTGRES_TRIGGERS: [&str; 2] = [
    "CREATE FUNCTION moderation_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN RAISE EXCEPTION 'the record of moderation is append-only'; END $$",
    "CREATE TRIGGER moderation_entry_append_only
     BEFORE UPDATE OR DELETE OR TRUNCATE ON moderation_entry
     FOR EACH STATEMENT EXECUTE FUNCTION moderation_entry_append_only()",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        cases(manager).await?;
        reports(manager).await?;
        record(manager).await?;
        beside_the_record(manager).await?;
        let connection = manager.get_connection();
        let triggers = match manager.get_database_backend() {
            DatabaseBackend::Postgres => POSTGRES_TRIGGERS,
            _ => SQLITE_TRIGGERS,
        };
        for trigger in triggers {
            connection.execute_unprepared(trigger).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            ModerationStatement::Table.into_iden(),
            ModerationActor::Table.into_iden(),
            ModerationEntry::Table.into_iden(),
            ModerationChain::Table.into_iden(),
            ContentReport::Table.into_iden(),
            ModerationCase::Table.into_iden(),
        ] {
            manager
                .drop_table(Table::drop().table(table).take())
                .await?;
        }
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            let drop = "DROP FUNCTION moderation_entry_append_only()";
            manager.get_connection().execute_unprepared(drop).await?;
        }
        Ok(())
    }
}

async fn cases(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(ModerationCase::Table)
                .col(id(ModerationCase::Id))
                .col(one_of(ModerationCase::SubjectKind, &SUBJECT_KINDS))
                .col(reference(ModerationCase::SubjectId))
                .col(bytes(ModerationCase::Secret))
                .col(text(ModerationCase::Snapshot))
                .col(optional_reference(ModerationCase::AuthorId))
                .col(one_of(ModerationCase::State, &STATES))
                .col(count(ModerationCase::Priority))
                .col(count(ModerationCase::Version))
                .col(count(ModerationCase::ReportCount))
                .col(count(ModerationCase::AccountReportCount))
                .col(text(ModerationCase::Findings))
                .col(optional_reference(ModerationCase::AppealId))
                .col(instant(ModerationCase::CreatedAt))
                .col(instant(ModerationCase::OpenedAt))
                .col(instant(ModerationCase::ChangedAt))
                .col(instant(ModerationCase::DueAt))
                .col(optional_reference(ModerationCase::ClaimedBy))
                .col(optional_instant(ModerationCase::ClaimedUntil))
                .index(
                    Index::create()
                        .unique()
                        .name("moderation_case_subject")
                        .col(ModerationCase::SubjectId)
                        .col(ModerationCase::SubjectKind),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(ModerationCase::Table, ModerationCase::AuthorId)
                        .to(Account::Table, Account::Id),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(ModerationCase::Table, ModerationCase::ClaimedBy)
                        .to(Account::Table, Account::Id),
                )
                .take(),
        )
        .await?;
    for (name, column) in [
        ("moderation_case_priority", ModerationCase::Priority),
        ("moderation_case_created", ModerationCase::CreatedAt),
        ("moderation_case_due", ModerationCase::DueAt),
    ] {
        manager
            .create_index(
                Index::create()
                    .name(name)
                    .table(ModerationCase::Table)
                    .col(ModerationCase::State)
                    .col(column)
                    .col(ModerationCase::Id)
                    .take(),
            )
            .await?;
    }
    for (name, column) in [
        ("moderation_case_author", ModerationCase::AuthorId),
        ("moderation_case_changed", ModerationCase::ChangedAt),
    ] {
        manager
            .create_index(
                Index::create()
                    .name(name)
                    .table(ModerationCase::Table)
                    .col(column)
                    .take(),
            )
            .await?;
    }
    Ok(())
}

async fn reports(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(ContentReport::Table)
                .col(id(ContentReport::Id))
                .col(reference(ContentReport::CaseId))
                .col(text(ContentReport::ReporterKey))
                .col(optional_reference(ContentReport::AccountId))
                .col(one_of(ContentReport::Reason, &REASONS))
                .col(optional_text(ContentReport::Explanation))
                .col(optional_flag(ContentReport::Upheld))
                .col(instant(ContentReport::CreatedAt))
                .index(
                    Index::create()
                        .unique()
                        .name("content_report_once")
                        .col(ContentReport::CaseId)
                        .col(ContentReport::ReporterKey),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(ContentReport::Table, ContentReport::CaseId)
                        .to(ModerationCase::Table, ModerationCase::Id),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(ContentReport::Table, ContentReport::AccountId)
                        .to(Account::Table, Account::Id),
                )
                .take(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("content_report_account")
                .table(ContentReport::Table)
                .col(ContentReport::AccountId)
                .take(),
        )
        .await
}

/// The record names nobody and holds no words, so that it can stay whole when a person is
/// erased: who decided, and what they told the author, stand beside it.
async fn record(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(ModerationChain::Table)
                .col(id(ModerationChain::Id))
                .col(count(ModerationChain::Length))
                .col(text(ModerationChain::Hash))
                .take(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table(ModerationEntry::Table)
                .col(id(ModerationEntry::Id))
                .col(count(ModerationEntry::Position).unique_key())
                .col(reference(ModerationEntry::CaseId))
                .col(one_of(ModerationEntry::SubjectKind, &SUBJECT_KINDS))
                .col(one_of(ModerationEntry::Action, &ACTIONS))
                .col(optional_one_of(ModerationEntry::ReasonCode, &REASONS))
                .col(optional_text(ModerationEntry::StatementHash))
                .col(flag(ModerationEntry::IsReversal))
                .col(optional_reference(ModerationEntry::ParentId))
                .col(optional_instant(ModerationEntry::OpenedAt))
                .col(instant(ModerationEntry::CreatedAt))
                .col(text(ModerationEntry::PreviousHash))
                .col(text(ModerationEntry::Hash))
                .foreign_key(
                    ForeignKey::create()
                        .from(ModerationEntry::Table, ModerationEntry::CaseId)
                        .to(ModerationCase::Table, ModerationCase::Id),
                )
                .take(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("moderation_entry_case")
                .table(ModerationEntry::Table)
                .col(ModerationEntry::CaseId)
                .col(ModerationEntry::Position)
                .take(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("moderation_entry_created")
                .table(ModerationEntry::Table)
                .col(ModerationEntry::CreatedAt)
                .take(),
        )
        .await
}

async fn beside_the_record(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(ModerationActor::Table)
                .col(id(ModerationActor::EntryId))
                .col(reference(ModerationActor::AccountId))
                .foreign_key(
                    ForeignKey::create()
                        .from(ModerationActor::Table, ModerationActor::EntryId)
                        .to(ModerationEntry::Table, ModerationEntry::Id),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(ModerationActor::Table, ModerationActor::AccountId)
                        .to(Account::Table, Account::Id),
                )
                .take(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table(ModerationStatement::Table)
                .col(id(ModerationStatement::EntryId))
                .col(text(ModerationStatement::Salt))
                .col(text(ModerationStatement::Text))
                .foreign_key(
                    ForeignKey::create()
                        .from(ModerationStatement::Table, ModerationStatement::EntryId)
                        .to(ModerationEntry::Table, ModerationEntry::Id),
                )
                .take(),
        )
        .await
}
