//! Polls, their questions and options, what was edited in them, and what was imported.

use sea_orm_migration::prelude::*;

use crate::schema::{
    bytes, count, flag, id, instant, number, one_of, optional_instant, optional_number,
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
enum Theme {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Poll {
    Table,
    Id,
    Slug,
    Title,
    Description,
    Pace,
    JoinCode,
    OpensAt,
    ClosesAt,
    ClosedEarlyAt,
    PausedAt,
    CancelledAt,
    ResultsPublishedAt,
    ArchivedAt,
    ResultsVisibility,
    VoteChange,
    Eligibility,
    Run,
    VoterSecret,
    CommentCount,
    CreatedBy,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum PollTheme {
    Table,
    PollId,
    ThemeId,
}

#[derive(DeriveIden)]
enum Question {
    Table,
    Id,
    PollId,
    Position,
    Kind,
    Prompt,
    Description,
    State,
    MinChoices,
    MaxChoices,
    ScaleMin,
    ScaleMax,
    ScaleMinLabel,
    ScaleMaxLabel,
    Budget,
    MaxAnswers,
    MaxLength,
    AllowSkip,
}

#[derive(DeriveIden)]
enum PollOption {
    Table,
    Id,
    QuestionId,
    Position,
    Label,
    Description,
    Moderation,
    WrittenBy,
    Reference,
}

#[derive(DeriveIden)]
enum PollEdit {
    Table,
    Id,
    PollId,
    QuestionId,
    OptionId,
    Field,
    Before,
    After,
    EditedBy,
    EditedAt,
}

#[derive(DeriveIden)]
enum PollImport {
    Table,
    Digest,
    Name,
    PollId,
    ImportedAt,
}

const KINDS: [&str; 10] = [
    "SINGLE",
    "MULTIPLE",
    "STATEMENTS",
    "SCALE",
    "RANKING",
    "POINTS",
    "NUMBER",
    "WORD_CLOUD",
    "OPEN",
    "QUIZ",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            poll(),
            poll_theme(),
            question(),
            poll_option(),
            poll_edit(),
            poll_import(),
        ] {
            manager.create_table(table).await?;
        }
        for index in [
            Index::create()
                .name("poll_newest")
                .table(Poll::Table)
                .col(Poll::CreatedAt)
                .col(Poll::Id)
                .take(),
            Index::create()
                .name("poll_theme_theme")
                .table(PollTheme::Table)
                .col(PollTheme::ThemeId)
                .col(PollTheme::PollId)
                .take(),
            Index::create()
                .name("question_position")
                .table(Question::Table)
                .col(Question::PollId)
                .col(Question::Position)
                .unique()
                .take(),
            Index::create()
                .name("poll_option_position")
                .table(PollOption::Table)
                .col(PollOption::QuestionId)
                .col(PollOption::Position)
                .take(),
            Index::create()
                .name("poll_edit_poll")
                .table(PollEdit::Table)
                .col(PollEdit::PollId)
                .col(PollEdit::EditedAt)
                .take(),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            PollImport::Table.into_iden(),
            PollEdit::Table.into_iden(),
            PollOption::Table.into_iden(),
            Question::Table.into_iden(),
            PollTheme::Table.into_iden(),
            Poll::Table.into_iden(),
        ] {
            manager
                .drop_table(Table::drop().table(table).take())
                .await?;
        }
        Ok(())
    }
}

fn poll() -> TableCreateStatement {
    Table::create()
        .table(Poll::Table)
        .col(id(Poll::Id))
        .col(text(Poll::Slug).unique_key())
        .col(text(Poll::Title))
        .col(text(Poll::Description))
        .col(one_of(Poll::Pace, &["AUDIENCE", "PRESENTER"]))
        .col(optional_text(Poll::JoinCode))
        .col(optional_instant(Poll::OpensAt))
        .col(optional_instant(Poll::ClosesAt))
        .col(optional_instant(Poll::ClosedEarlyAt))
        .col(optional_instant(Poll::PausedAt))
        .col(optional_instant(Poll::CancelledAt))
        .col(optional_instant(Poll::ResultsPublishedAt))
        .col(optional_instant(Poll::ArchivedAt))
        .col(one_of(
            Poll::ResultsVisibility,
            &["ALWAYS", "AFTER_VOTE", "AFTER_CLOSE", "STAFF"],
        ))
        .col(one_of(Poll::VoteChange, &["LOCKED", "UNTIL_CLOSE"]))
        .col(one_of(Poll::Eligibility, &["ANYONE", "ACCOUNT"]))
        .col(number(Poll::Run))
        .col(bytes(Poll::VoterSecret))
        .col(count(Poll::CommentCount))
        .col(optional_reference(Poll::CreatedBy))
        .col(instant(Poll::CreatedAt))
        .col(instant(Poll::UpdatedAt))
        .foreign_key(
            ForeignKey::create()
                .from(Poll::Table, Poll::CreatedBy)
                .to(Account::Table, Account::Id),
        )
        .take()
}

fn poll_theme() -> TableCreateStatement {
    Table::create()
        .table(PollTheme::Table)
        .col(reference(PollTheme::PollId))
        .col(reference(PollTheme::ThemeId))
        .primary_key(
            Index::create()
                .col(PollTheme::PollId)
                .col(PollTheme::ThemeId),
        )
        .foreign_key(
            ForeignKey::create()
                .from(PollTheme::Table, PollTheme::PollId)
                .to(Poll::Table, Poll::Id),
        )
        .foreign_key(
            ForeignKey::create()
                .from(PollTheme::Table, PollTheme::ThemeId)
                .to(Theme::Table, Theme::Id),
        )
        .take()
}

fn question() -> TableCreateStatement {
    Table::create()
        .table(Question::Table)
        .col(id(Question::Id))
        .col(reference(Question::PollId))
        .col(number(Question::Position))
        .col(one_of(Question::Kind, &KINDS))
        .col(text(Question::Prompt))
        .col(text(Question::Description))
        .col(one_of(
            Question::State,
            &["HIDDEN", "OPEN", "LOCKED", "REVEALED"],
        ))
        .col(optional_number(Question::MinChoices))
        .col(optional_number(Question::MaxChoices))
        .col(optional_number(Question::ScaleMin))
        .col(optional_number(Question::ScaleMax))
        .col(optional_text(Question::ScaleMinLabel))
        .col(optional_text(Question::ScaleMaxLabel))
        .col(optional_number(Question::Budget))
        .col(optional_number(Question::MaxAnswers))
        .col(optional_number(Question::MaxLength))
        .col(flag(Question::AllowSkip))
        .foreign_key(
            ForeignKey::create()
                .from(Question::Table, Question::PollId)
                .to(Poll::Table, Poll::Id),
        )
        .take()
}

fn poll_option() -> TableCreateStatement {
    Table::create()
        .table(PollOption::Table)
        .col(id(PollOption::Id))
        .col(reference(PollOption::QuestionId))
        .col(number(PollOption::Position))
        .col(text(PollOption::Label))
        .col(text(PollOption::Description))
        .col(one_of(
            PollOption::Moderation,
            &["APPROVED", "PENDING", "REJECTED"],
        ))
        .col(ColumnDef::new(PollOption::WrittenBy).blob().null())
        .col(optional_text(PollOption::Reference))
        .foreign_key(
            ForeignKey::create()
                .from(PollOption::Table, PollOption::QuestionId)
                .to(Question::Table, Question::Id),
        )
        .take()
}

fn poll_edit() -> TableCreateStatement {
    Table::create()
        .table(PollEdit::Table)
        .col(id(PollEdit::Id))
        .col(reference(PollEdit::PollId))
        .col(optional_reference(PollEdit::QuestionId))
        .col(optional_reference(PollEdit::OptionId))
        .col(one_of(
            PollEdit::Field,
            &["TITLE", "DESCRIPTION", "PROMPT", "LABEL"],
        ))
        .col(text(PollEdit::Before))
        .col(text(PollEdit::After))
        .col(optional_reference(PollEdit::EditedBy))
        .col(instant(PollEdit::EditedAt))
        .foreign_key(
            ForeignKey::create()
                .from(PollEdit::Table, PollEdit::PollId)
                .to(Poll::Table, Poll::Id),
        )
        .foreign_key(
            ForeignKey::create()
                .from(PollEdit::Table, PollEdit::EditedBy)
                .to(Account::Table, Account::Id),
        )
        .take()
}

fn poll_import() -> TableCreateStatement {
    Table::create()
        .table(PollImport::Table)
        .col(text(PollImport::Digest).primary_key())
        .col(text(PollImport::Name))
        .col(reference(PollImport::PollId))
        .col(instant(PollImport::ImportedAt))
        .foreign_key(
            ForeignKey::create()
                .from(PollImport::Table, PollImport::PollId)
                .to(Poll::Table, Poll::Id),
        )
        .take()
}
