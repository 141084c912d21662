//! Embeds: polls on the pages of partners, where they may stand, and where they were shown; and
//! for each ballot the embed that it came by.

use sea_orm_migration::prelude::*;

use crate::schema::{
    count, id, instant, one_of, optional_instant, optional_reference, optional_text, reference,
    text,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Account {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Poll {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Partner {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Ballot {
    Table,
    EmbedId,
}

#[derive(DeriveIden)]
enum Embed {
    Table,
    Id,
    PollId,
    PartnerId,
    Locale,
    AccentColor,
    SubjectKey,
    Revision,
    CreatedBy,
    CreatedAt,
    RevokedAt,
}

#[derive(DeriveIden)]
enum EmbedOrigin {
    Table,
    EmbedId,
    Origin,
}

#[derive(DeriveIden)]
enum EmbedLoad {
    Table,
    EmbedId,
    Origin,
    Kind,
    Count,
    LastSeenAt,
}

const BALLOT_INDEX: &str = "ballot_embed";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [embed(), origin(), load()] {
            manager.create_table(table).await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("embed_partner")
                    .table(Embed::Table)
                    .col(Embed::PartnerId)
                    .col(Embed::CreatedAt)
                    .col(Embed::Id)
                    .take(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table(Ballot::Table)
                    .add_column(optional_reference(Ballot::EmbedId))
                    .take(),
            )
            .await?;
        // Most ballots come by no embed: they cost this index nothing.
        manager
            .create_index(
                Index::create()
                    .name(BALLOT_INDEX)
                    .table(Ballot::Table)
                    .col(Ballot::EmbedId)
                    .and_where(Expr::col(Ballot::EmbedId).is_not_null())
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name(BALLOT_INDEX)
                    .table(Ballot::Table)
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table(Ballot::Table)
                    .drop_column(Ballot::EmbedId)
                    .take(),
            )
            .await?;
        for table in [
            EmbedLoad::Table.into_iden(),
            EmbedOrigin::Table.into_iden(),
            Embed::Table.into_iden(),
        ] {
            manager
                .drop_table(Table::drop().table(table).take())
                .await?;
        }
        Ok(())
    }
}

fn embed() -> TableCreateStatement {
    Table::create()
        .table(Embed::Table)
        .col(id(Embed::Id))
        .col(reference(Embed::PollId))
        .col(reference(Embed::PartnerId))
        .col(one_of(Embed::Locale, &["nl", "en"]))
        .col(
            optional_text(Embed::AccentColor)
                .check(Expr::col(Embed::AccentColor).like("#______"))
                .take(),
        )
        .col(
            ColumnDef::new(Embed::SubjectKey)
                .blob()
                .null()
                .check(Expr::cust("length(subject_key) = 32"))
                .take(),
        )
        .col(count(Embed::Revision))
        .col(optional_reference(Embed::CreatedBy))
        .col(instant(Embed::CreatedAt))
        .col(optional_instant(Embed::RevokedAt))
        .foreign_key(
            ForeignKey::create()
                .from(Embed::Table, Embed::PollId)
                .to(Poll::Table, Poll::Id),
        )
        .foreign_key(
            ForeignKey::create()
                .from(Embed::Table, Embed::PartnerId)
                .to(Partner::Table, Partner::Id),
        )
        .foreign_key(
            ForeignKey::create()
                .from(Embed::Table, Embed::CreatedBy)
                .to(Account::Table, Account::Id),
        )
        .take()
}

fn origin() -> TableCreateStatement {
    Table::create()
        .table(EmbedOrigin::Table)
        .col(reference(EmbedOrigin::EmbedId))
        .col(text(EmbedOrigin::Origin))
        .primary_key(
            Index::create()
                .col(EmbedOrigin::EmbedId)
                .col(EmbedOrigin::Origin),
        )
        .foreign_key(
            ForeignKey::create()
                .from(EmbedOrigin::Table, EmbedOrigin::EmbedId)
                .to(Embed::Table, Embed::Id),
        )
        .take()
}

fn load() -> TableCreateStatement {
    Table::create()
        .table(EmbedLoad::Table)
        .col(reference(EmbedLoad::EmbedId))
        .col(text(EmbedLoad::Origin))
        .col(one_of(EmbedLoad::Kind, &["LOAD", "REFUSAL"]))
        .col(count(EmbedLoad::Count))
        .col(instant(EmbedLoad::LastSeenAt))
        .primary_key(
            Index::create()
                .col(EmbedLoad::EmbedId)
                .col(EmbedLoad::Origin)
                .col(EmbedLoad::Kind),
        )
        .foreign_key(
            ForeignKey::create()
                .from(EmbedLoad::Table, EmbedLoad::EmbedId)
                .to(Embed::Table, Embed::Id),
        )
        .take()
}
