//! Appeals against decisions of moderators, and the templates that statements are written from.

use sea_orm_migration::{prelude::*, sea_orm::prelude::Uuid};

use crate::schema::{id, instant, one_of, optional_reference, reference, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Account {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum ModerationCase {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum ModerationEntry {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum ModerationAppeal {
    Table,
    Id,
    EntryId,
    CaseId,
    AccountId,
    Statement,
    OutcomeId,
    CreatedAt,
}

#[derive(DeriveIden)]
enum ModerationTemplate {
    Table,
    Id,
    Action,
    ReasonCode,
    Locale,
    Text,
}

/// What stands in a template of an action before the reason, in Dutch and in English.
const OPENINGS: [(&str, &str, &str); 4] = [
    (
        "REQUEST_CHANGES",
        "We kunnen uw bijdrage nog niet plaatsen.",
        "We cannot publish your contribution yet.",
    ),
    (
        "REJECT",
        "We plaatsen uw bijdrage niet.",
        "We do not publish your contribution.",
    ),
    (
        "HIDE",
        "We hebben uw bijdrage verborgen.",
        "We have hidden your contribution.",
    ),
    (
        "BLOCK",
        "U kunt tijdelijk niet meedoen op JIJ&Overijssel.",
        "You cannot take part in JIJ&Overijssel for a while.",
    ),
];
/// What a template says of each reason, in Dutch and in English.
const REASONS: [(&str, &str, &str); 7] = [
    (
        "SPAM",
        "Er staat reclame in, of steeds hetzelfde.",
        "It is advertising, or the same over and over.",
    ),
    (
        "OFFENSIVE",
        "De toon kwetst of beledigt anderen. Zeg het gerust scherp, maar speel niet op de persoon.",
        "Its tone hurts or insults others. Be sharp, but do not make it personal.",
    ),
    (
        "PERSONAL_DATA",
        "Er staan gegevens in die naar een persoon leiden, zoals een telefoonnummer of adres.",
        "It tells what leads to a person, such as a telephone number or an address.",
    ),
    (
        "OFF_TOPIC",
        "Het gaat over iets anders dan het onderwerp.",
        "It is about something else than the subject.",
    ),
    (
        "ILLEGAL",
        "De inhoud is in strijd met de wet.",
        "Its content breaks the law.",
    ),
    (
        "DUPLICATE",
        "Hetzelfde staat al ergens anders op JIJ&Overijssel.",
        "The same stands elsewhere on JIJ&Overijssel already.",
    ),
    (
        "OTHER",
        "De reden leest u hieronder.",
        "You read the reason below.",
    ),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        appeals(manager).await?;
        templates(manager).await?;
        first_templates(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            ModerationTemplate::Table.into_iden(),
            ModerationAppeal::Table.into_iden(),
        ] {
            manager
                .drop_table(Table::drop().table(table).take())
                .await?;
        }
        Ok(())
    }
}

async fn appeals(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(ModerationAppeal::Table)
                .col(id(ModerationAppeal::Id))
                .col(reference(ModerationAppeal::EntryId).unique_key())
                .col(reference(ModerationAppeal::CaseId))
                .col(reference(ModerationAppeal::AccountId))
                .col(text(ModerationAppeal::Statement))
                .col(optional_reference(ModerationAppeal::OutcomeId))
                .col(instant(ModerationAppeal::CreatedAt))
                .foreign_key(
                    ForeignKey::create()
                        .from(ModerationAppeal::Table, ModerationAppeal::EntryId)
                        .to(ModerationEntry::Table, ModerationEntry::Id),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(ModerationAppeal::Table, ModerationAppeal::CaseId)
                        .to(ModerationCase::Table, ModerationCase::Id),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(ModerationAppeal::Table, ModerationAppeal::AccountId)
                        .to(Account::Table, Account::Id),
                )
                .take(),
        )
        .await?;
    for (name, column) in [
        ("moderation_appeal_case", ModerationAppeal::CaseId),
        ("moderation_appeal_created", ModerationAppeal::CreatedAt),
    ] {
        manager
            .create_index(
                Index::create()
                    .name(name)
                    .table(ModerationAppeal::Table)
                    .col(column)
                    .take(),
            )
            .await?;
    }
    Ok(())
}

async fn templates(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let actions = OPENINGS.map(|(action, _, _)| action);
    let reasons = REASONS.map(|(reason, _, _)| reason);
    manager
        .create_table(
            Table::create()
                .table(ModerationTemplate::Table)
                .col(id(ModerationTemplate::Id))
                .col(one_of(ModerationTemplate::Action, &actions))
                .col(one_of(ModerationTemplate::ReasonCode, &reasons))
                .col(one_of(ModerationTemplate::Locale, &["nl", "en"]))
                .col(text(ModerationTemplate::Text))
                .take(),
        )
        .await
}

/// The templates that a new platform begins with: one for each action, reason and language.
async fn first_templates(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut insert = Query::insert()
        .into_table(ModerationTemplate::Table)
        .columns([
            ModerationTemplate::Id,
            ModerationTemplate::Action,
            ModerationTemplate::ReasonCode,
            ModerationTemplate::Locale,
            ModerationTemplate::Text,
        ])
        .take();
    let mut number = 0_u128;
    for (action, dutch_opening, english_opening) in OPENINGS {
        for (reason, dutch, english) in REASONS {
            for (locale, opening, why) in [
                ("nl", dutch_opening, dutch),
                ("en", english_opening, english),
            ] {
                number += 1;
                insert.values_panic([
                    Uuid::from_u128(number).into(),
                    action.into(),
                    reason.into(),
                    locale.into(),
                    format!("{opening} {why}").into(),
                ]);
            }
        }
    }
    manager.execute(insert).await
}
