//! What the further kinds of question need: their rules, what options stand for, and what voters
//! write.

use sea_orm_migration::prelude::*;

use crate::schema::{bytes, flag, one_of, optional_number, optional_text, reference};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Question {
    Table,
    Id,
    SpendAll,
    Moderated,
    NoneOfTheAbove,
    Other,
    Shuffled,
    Target,
    TimeLimitSeconds,
}

#[derive(DeriveIden)]
enum PollOption {
    Table,
    Id,
    Role,
    IsRight,
}

#[derive(DeriveIden)]
enum Ballot {
    Table,
    OtherText,
}

#[derive(DeriveIden)]
enum WrittenOption {
    Table,
    QuestionId,
    TextKey,
    OptionId,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement.
        for (table, column) in columns() {
            let mut column = column;
            manager
                .alter_table(Table::alter().table(table).add_column(&mut column).take())
                .await?;
        }
        manager.create_table(written_option()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(WrittenOption::Table).take())
            .await?;
        for (table, column) in columns().into_iter().rev() {
            manager
                .alter_table(
                    Table::alter()
                        .table(table)
                        .drop_column(column.get_column_name())
                        .take(),
                )
                .await?;
        }
        Ok(())
    }
}

fn columns() -> Vec<(DynIden, ColumnDef)> {
    let question = [
        absent(flag(Question::SpendAll)),
        absent(flag(Question::Moderated)),
        absent(flag(Question::NoneOfTheAbove)),
        absent(flag(Question::Other)),
        absent(flag(Question::Shuffled)),
        optional_number(Question::Target),
        optional_number(Question::TimeLimitSeconds),
    ];
    let option = [
        one_of(PollOption::Role, &["CHOICE", "NONE_OF_THE_ABOVE", "OTHER"])
            .default("CHOICE")
            .take(),
        absent(flag(PollOption::IsRight)),
    ];
    let ballot = [optional_text(Ballot::OtherText)];
    question
        .into_iter()
        .map(|column| (Question::Table.into_iden(), column))
        .chain(option.map(|column| (PollOption::Table.into_iden(), column)))
        .chain(ballot.map(|column| (Ballot::Table.into_iden(), column)))
        .collect()
}

/// No, for the rows that are there.
fn absent(mut flag: ColumnDef) -> ColumnDef {
    flag.default(false).take()
}

fn written_option() -> TableCreateStatement {
    Table::create()
        .table(WrittenOption::Table)
        .col(reference(WrittenOption::QuestionId))
        .col(bytes(WrittenOption::TextKey))
        .col(reference(WrittenOption::OptionId))
        .primary_key(
            Index::create()
                .col(WrittenOption::QuestionId)
                .col(WrittenOption::TextKey),
        )
        .foreign_key(
            ForeignKey::create()
                .from(WrittenOption::Table, WrittenOption::QuestionId)
                .to(Question::Table, Question::Id),
        )
        .foreign_key(
            ForeignKey::create()
                .from(WrittenOption::Table, WrittenOption::OptionId)
                .to(PollOption::Table, PollOption::Id),
        )
        .take()
}
