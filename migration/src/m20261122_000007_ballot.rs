//! Ballots, their marks and history, and what they add up to.
//!
//! Nothing here refers by foreign key to a row that a vote updates or locks (`poll`,
//! `poll_run`, `question_run`, `tally`): on `PostgreSQL` each such reference locks the row it
//! names, and every vote of a poll would wait for every other. Nor does a mark refer to its
//! option: options of a question with ballots are never removed.

use sea_orm_migration::prelude::*;

use crate::schema::{
    bytes, count, flag, id, instant, number, one_of, optional_instant, reference, sum, text,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Poll {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Question {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum PollRun {
    Table,
    PollId,
    Run,
    StartedAt,
    EndedAt,
    VoterCount,
}

#[derive(DeriveIden)]
enum QuestionRun {
    Table,
    QuestionId,
    Run,
    VoterCount,
    SkipCount,
    Revision,
}

#[derive(DeriveIden)]
enum PollVoter {
    Table,
    PollId,
    Run,
    VoterKey,
    BallotCount,
}

#[derive(DeriveIden)]
enum Ballot {
    Table,
    Id,
    QuestionId,
    Run,
    VoterKey,
    CastAt,
    ChangedAt,
    RetractedAt,
    Skipped,
    Channel,
    Assurance,
    EventCount,
}

#[derive(DeriveIden)]
enum Mark {
    Table,
    BallotId,
    OptionId,
    Value,
}

#[derive(DeriveIden)]
enum BallotEvent {
    Table,
    BallotId,
    Sequence,
    Kind,
    At,
    IdempotencyKey,
    Digest,
}

#[derive(DeriveIden)]
enum Tally {
    Table,
    QuestionId,
    Run,
    OptionId,
    Value,
    Ballots,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            poll_run(),
            question_run(),
            poll_voter(),
            ballot(),
            mark(),
            ballot_event(),
            tally(),
        ] {
            manager.create_table(table).await?;
        }
        for index in [
            Index::create()
                .name("poll_run_most_voters")
                .table(PollRun::Table)
                .col(PollRun::VoterCount)
                .col(PollRun::PollId)
                .take(),
            Index::create()
                .name("ballot_voter")
                .table(Ballot::Table)
                .col(Ballot::QuestionId)
                .col(Ballot::Run)
                .col(Ballot::VoterKey)
                .unique()
                .take(),
            Index::create()
                .name("ballot_event_key")
                .table(BallotEvent::Table)
                .col(BallotEvent::BallotId)
                .col(BallotEvent::IdempotencyKey)
                .unique()
                .take(),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            Tally::Table.into_iden(),
            BallotEvent::Table.into_iden(),
            Mark::Table.into_iden(),
            Ballot::Table.into_iden(),
            PollVoter::Table.into_iden(),
            QuestionRun::Table.into_iden(),
            PollRun::Table.into_iden(),
        ] {
            manager
                .drop_table(Table::drop().table(table).take())
                .await?;
        }
        Ok(())
    }
}

fn poll_run() -> TableCreateStatement {
    Table::create()
        .table(PollRun::Table)
        .col(reference(PollRun::PollId))
        .col(number(PollRun::Run))
        .col(instant(PollRun::StartedAt))
        .col(optional_instant(PollRun::EndedAt))
        .col(count(PollRun::VoterCount))
        .primary_key(Index::create().col(PollRun::PollId).col(PollRun::Run))
        .foreign_key(
            ForeignKey::create()
                .from(PollRun::Table, PollRun::PollId)
                .to(Poll::Table, Poll::Id),
        )
        .take()
}

fn question_run() -> TableCreateStatement {
    Table::create()
        .table(QuestionRun::Table)
        .col(reference(QuestionRun::QuestionId))
        .col(number(QuestionRun::Run))
        .col(count(QuestionRun::VoterCount))
        .col(count(QuestionRun::SkipCount))
        .col(count(QuestionRun::Revision))
        .primary_key(
            Index::create()
                .col(QuestionRun::QuestionId)
                .col(QuestionRun::Run),
        )
        .foreign_key(
            ForeignKey::create()
                .from(QuestionRun::Table, QuestionRun::QuestionId)
                .to(Question::Table, Question::Id),
        )
        .take()
}

fn poll_voter() -> TableCreateStatement {
    Table::create()
        .table(PollVoter::Table)
        .col(reference(PollVoter::PollId))
        .col(number(PollVoter::Run))
        .col(bytes(PollVoter::VoterKey))
        .col(sum(PollVoter::BallotCount))
        .primary_key(
            Index::create()
                .col(PollVoter::PollId)
                .col(PollVoter::Run)
                .col(PollVoter::VoterKey),
        )
        .take()
}

fn ballot() -> TableCreateStatement {
    Table::create()
        .table(Ballot::Table)
        .col(id(Ballot::Id))
        .col(reference(Ballot::QuestionId))
        .col(number(Ballot::Run))
        .col(bytes(Ballot::VoterKey))
        .col(instant(Ballot::CastAt))
        .col(optional_instant(Ballot::ChangedAt))
        .col(optional_instant(Ballot::RetractedAt))
        .col(flag(Ballot::Skipped))
        .col(one_of(
            Ballot::Channel,
            &["SITE", "EMBED", "ROOM", "PAPER", "IMPORT"],
        ))
        .col(one_of(
            Ballot::Assurance,
            &["OPEN", "DEVICE", "EMAIL", "ACCOUNT", "PARTNER"],
        ))
        .col(number(Ballot::EventCount))
        .foreign_key(
            ForeignKey::create()
                .from(Ballot::Table, Ballot::QuestionId)
                .to(Question::Table, Question::Id),
        )
        .take()
}

fn mark() -> TableCreateStatement {
    Table::create()
        .table(Mark::Table)
        .col(reference(Mark::BallotId))
        .col(reference(Mark::OptionId))
        .col(number(Mark::Value))
        .primary_key(Index::create().col(Mark::BallotId).col(Mark::OptionId))
        .foreign_key(
            ForeignKey::create()
                .from(Mark::Table, Mark::BallotId)
                .to(Ballot::Table, Ballot::Id),
        )
        .take()
}

fn ballot_event() -> TableCreateStatement {
    Table::create()
        .table(BallotEvent::Table)
        .col(reference(BallotEvent::BallotId))
        .col(number(BallotEvent::Sequence))
        .col(one_of(BallotEvent::Kind, &["CAST", "CHANGED", "RETRACTED"]))
        .col(instant(BallotEvent::At))
        .col(text(BallotEvent::IdempotencyKey))
        .col(bytes(BallotEvent::Digest))
        .primary_key(
            Index::create()
                .col(BallotEvent::BallotId)
                .col(BallotEvent::Sequence),
        )
        .foreign_key(
            ForeignKey::create()
                .from(BallotEvent::Table, BallotEvent::BallotId)
                .to(Ballot::Table, Ballot::Id),
        )
        .take()
}

fn tally() -> TableCreateStatement {
    Table::create()
        .table(Tally::Table)
        .col(reference(Tally::QuestionId))
        .col(number(Tally::Run))
        .col(reference(Tally::OptionId))
        .col(number(Tally::Value))
        .col(sum(Tally::Ballots))
        .primary_key(
            Index::create()
                .col(Tally::QuestionId)
                .col(Tally::Run)
                .col(Tally::OptionId)
                .col(Tally::Value),
        )
        .take()
}
