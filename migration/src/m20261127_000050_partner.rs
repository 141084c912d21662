//! Partners, who works for them, and which polls are theirs.

use sea_orm_migration::prelude::*;

use crate::schema::{id, instant, one_of, optional_reference, optional_text, reference, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Account {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Municipality {
    Table,
    Code,
}

#[derive(DeriveIden)]
enum Poll {
    Table,
    Id,
    PartnerId,
    CreatedAt,
}

#[derive(DeriveIden)]
enum Partner {
    Table,
    Id,
    Slug,
    Name,
    Kind,
    Website,
    MunicipalityCode,
    CreatedBy,
    CreatedAt,
}

#[derive(DeriveIden)]
enum PartnerMember {
    Table,
    PartnerId,
    AccountId,
    Role,
    CreatedAt,
}

const KINDS: [&str; 5] = [
    "MUNICIPALITY",
    "STUDENT_ASSOCIATION",
    "BUSINESS_ASSOCIATION",
    "WATER_BOARD",
    "OTHER",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(partner()).await?;
        manager.create_table(member()).await?;
        manager
            .create_index(
                Index::create()
                    .name("partner_member_account")
                    .table(PartnerMember::Table)
                    .col(PartnerMember::AccountId)
                    .take(),
            )
            .await?;
        // Without a foreign key: SQLite adds none to a table that is there.
        manager
            .alter_table(
                Table::alter()
                    .table(Poll::Table)
                    .add_column(optional_reference(Poll::PartnerId))
                    .take(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("poll_partner")
                    .table(Poll::Table)
                    .col(Poll::PartnerId)
                    .col(Poll::CreatedAt)
                    .col(Poll::Id)
                    .take(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("poll_partner")
                    .table(Poll::Table)
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table(Poll::Table)
                    .drop_column(Poll::PartnerId)
                    .take(),
            )
            .await?;
        for table in [PartnerMember::Table.into_iden(), Partner::Table.into_iden()] {
            manager
                .drop_table(Table::drop().table(table).take())
                .await?;
        }
        Ok(())
    }
}

fn partner() -> TableCreateStatement {
    Table::create()
        .table(Partner::Table)
        .col(id(Partner::Id))
        .col(text(Partner::Slug).unique_key())
        .col(text(Partner::Name))
        .col(one_of(Partner::Kind, &KINDS))
        .col(optional_text(Partner::Website))
        .col(optional_text(Partner::MunicipalityCode))
        .col(optional_reference(Partner::CreatedBy))
        .col(instant(Partner::CreatedAt))
        .foreign_key(
            ForeignKey::create()
                .from(Partner::Table, Partner::MunicipalityCode)
                .to(Municipality::Table, Municipality::Code),
        )
        .foreign_key(
            ForeignKey::create()
                .from(Partner::Table, Partner::CreatedBy)
                .to(Account::Table, Account::Id),
        )
        .take()
}

fn member() -> TableCreateStatement {
    Table::create()
        .table(PartnerMember::Table)
        .col(reference(PartnerMember::PartnerId))
        .col(reference(PartnerMember::AccountId))
        .col(one_of(PartnerMember::Role, &["EDITOR", "ADMIN"]))
        .col(instant(PartnerMember::CreatedAt))
        .primary_key(
            Index::create()
                .col(PartnerMember::PartnerId)
                .col(PartnerMember::AccountId),
        )
        .foreign_key(
            ForeignKey::create()
                .from(PartnerMember::Table, PartnerMember::PartnerId)
                .to(Partner::Table, Partner::Id),
        )
        .foreign_key(
            ForeignKey::create()
                .from(PartnerMember::Table, PartnerMember::AccountId)
                .to(Account::Table, Account::Id),
        )
        .take()
}
