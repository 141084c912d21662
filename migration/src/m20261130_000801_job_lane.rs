//! The lane of a job: mail waits in one of its own, so that a slow mail server delays nothing else.

use sea_orm_migration::prelude::*;

use crate::schema::one_of;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Job {
    Table,
    Lane,
    FailedAt,
    RunAt,
}

const LANES: [&str; 2] = ["GENERAL", "MAIL"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table(Job::Table)
                    // An older process beside this one names no lane.
                    .add_column(one_of(Job::Lane, &LANES).default("GENERAL"))
                    .take(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared("UPDATE job SET lane = 'MAIL' WHERE kind LIKE 'MAIL%'")
            .await?;
        manager
            .drop_index(Index::drop().name("job_due").table(Job::Table).to_owned())
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("job_due_by_lane")
                    .table(Job::Table)
                    .col(Job::Lane)
                    .col(Job::FailedAt)
                    .col(Job::RunAt)
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("job_due_by_lane")
                    .table(Job::Table)
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table(Job::Table)
                    .drop_column(Job::Lane)
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
}
