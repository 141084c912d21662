//! The presenter's room: its join code, its active question, timers, and who is there.

use sea_orm_migration::prelude::*;

use crate::schema::{
    count, instant, optional_instant, optional_reference, optional_text, reference, text,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Poll {
    Table,
    Id,
    JoinCode,
    ActiveQuestionId,
}

#[derive(DeriveIden)]
enum Question {
    Table,
    OpenedAt,
    TimerEndsAt,
}

#[derive(DeriveIden)]
enum PollRun {
    Table,
    ParticipantPeak,
}

#[derive(DeriveIden)]
enum JoinCode {
    Table,
    Code,
    PollId,
}

#[derive(DeriveIden)]
enum RoomPresence {
    Table,
    PollId,
    Instance,
    Participants,
    SeenAt,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [join_code(), room_presence()] {
            manager.create_table(table).await?;
        }
        // A table of its own, so that no nullable column guards what must be unique.
        manager
            .create_index(
                Index::create()
                    .name("join_code_poll")
                    .table(JoinCode::Table)
                    .col(JoinCode::PollId)
                    .unique()
                    .take(),
            )
            .await?;
        alter(manager, Poll::Table, |table| {
            table.drop_column(Poll::JoinCode)
        })
        .await?;
        // No foreign key: it would close a ring of polls and questions.
        alter(manager, Poll::Table, |table| {
            table.add_column(optional_reference(Poll::ActiveQuestionId))
        })
        .await?;
        for column in [Question::OpenedAt, Question::TimerEndsAt] {
            alter(manager, Question::Table, |table| {
                table.add_column(optional_instant(column))
            })
            .await?;
        }
        alter(manager, PollRun::Table, |table| {
            table.add_column(count(PollRun::ParticipantPeak))
        })
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        alter(manager, PollRun::Table, |table| {
            table.drop_column(PollRun::ParticipantPeak)
        })
        .await?;
        for column in [Question::TimerEndsAt, Question::OpenedAt] {
            alter(manager, Question::Table, |table| table.drop_column(column)).await?;
        }
        alter(manager, Poll::Table, |table| {
            table.drop_column(Poll::ActiveQuestionId)
        })
        .await?;
        alter(manager, Poll::Table, |table| {
            table.add_column(optional_text(Poll::JoinCode))
        })
        .await?;
        for table in [RoomPresence::Table.into_iden(), JoinCode::Table.into_iden()] {
            manager
                .drop_table(Table::drop().table(table).take())
                .await?;
        }
        Ok(())
    }
}

/// One change of a table: `SQLite` takes them one at a time.
async fn alter(
    manager: &SchemaManager<'_>,
    table: impl IntoTableRef,
    change: impl FnOnce(&mut TableAlterStatement) -> &mut TableAlterStatement,
) -> Result<(), DbErr> {
    let mut statement = Table::alter();
    change(statement.table(table));
    manager.alter_table(statement).await
}

fn join_code() -> TableCreateStatement {
    Table::create()
        .table(JoinCode::Table)
        .col(text(JoinCode::Code).primary_key())
        .col(reference(JoinCode::PollId))
        .foreign_key(
            ForeignKey::create()
                .from(JoinCode::Table, JoinCode::PollId)
                .to(Poll::Table, Poll::Id),
        )
        .take()
}

fn room_presence() -> TableCreateStatement {
    Table::create()
        .table(RoomPresence::Table)
        .col(reference(RoomPresence::PollId))
        .col(reference(RoomPresence::Instance))
        .col(count(RoomPresence::Participants))
        .col(instant(RoomPresence::SeenAt))
        .primary_key(
            Index::create()
                .col(RoomPresence::PollId)
                .col(RoomPresence::Instance),
        )
        .take()
}
