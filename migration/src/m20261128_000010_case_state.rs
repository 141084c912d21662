//! Counts the cases of each state from an index alone: a case itself carries long texts.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_index(
                Index::create()
                    .name("moderation_case_state")
                    .table(ModerationCase::Table)
                    .col(ModerationCase::State)
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("moderation_case_state")
                    .table(ModerationCase::Table)
                    .to_owned(),
            )
            .await
    }
}

#[derive(DeriveIden)]
enum ModerationCase {
    Table,
    State,
}
