//! The queue of jobs: promises written in the transaction of the change that made them.

use sea_orm_migration::prelude::*;

use crate::schema::{id, instant, optional_instant, optional_text, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Job {
    Table,
    Id,
    Kind,
    Payload,
    Attempts,
    RunAt,
    CreatedAt,
    FailedAt,
    LastError,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Job::Table)
                    .col(id(Job::Id))
                    .col(text(Job::Kind))
                    .col(text(Job::Payload))
                    .col(
                        ColumnDef::new(Job::Attempts)
                            .integer()
                            .not_null()
                            .default(0),
                    )
                    .col(instant(Job::RunAt))
                    .col(instant(Job::CreatedAt))
                    .col(optional_instant(Job::FailedAt))
                    .col(optional_text(Job::LastError))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("job_due")
                    .table(Job::Table)
                    .col(Job::FailedAt)
                    .col(Job::RunAt)
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Job::Table).take())
            .await
    }
}
