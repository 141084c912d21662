//! Adds a poll's own limit of new voters from one network, and how many ballots limits refused.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table(Poll::Table)
                    .add_column(ColumnDef::new(Poll::NewVotersPerNetwork).integer())
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table(PollRun::Table)
                    .add_column(
                        ColumnDef::new(PollRun::RefusedBallots)
                            .big_integer()
                            .not_null()
                            .default(0),
                    )
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table(PollRun::Table)
                    .drop_column(PollRun::RefusedBallots)
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table(Poll::Table)
                    .drop_column(Poll::NewVotersPerNetwork)
                    .to_owned(),
            )
            .await
    }
}

#[derive(DeriveIden)]
enum Poll {
    Table,
    NewVotersPerNetwork,
}

#[derive(DeriveIden)]
enum PollRun {
    Table,
    RefusedBallots,
}
