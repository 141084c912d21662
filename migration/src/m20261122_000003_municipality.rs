//! The municipalities of Overijssel.

use sea_orm_migration::prelude::*;

use crate::schema::text;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Municipality {
    Table,
    Code,
    Name,
}

/// The 25 municipalities of Overijssel with their CBS codes, as of 1 January 2026.
/// Source: CBS, Gebiedsindelingen 2026 (CC BY 4.0). "Hengelo (O.)" there is "Hengelo (O.)" here: only
/// a national list needs the addition.
const OVERIJSSEL: [(&str, &str); 25] = [
    ("GM0141", "Almelo"),
    ("GM0147", "Borne"),
    ("GM0148", "Dalfsen"),
    ("GM0150", "Deventer"),
    ("GM0153", "Enschede"),
    ("GM0158", "Haaksbergen"),
    ("GM0160", "Hardenberg"),
    ("GM0163", "Hellendoorn"),
    ("GM0164", "Hengelo (O.)"),
    ("GM0166", "Kampen"),
    ("GM0168", "Losser"),
    ("GM0173", "Oldenzaal"),
    ("GM0175", "Ommen"),
    ("GM0177", "Raalte"),
    ("GM0180", "Staphorst"),
    ("GM0183", "Tubbergen"),
    ("GM0189", "Wierden"),
    ("GM0193", "Zwolle"),
    ("GM1700", "Twenterand"),
    ("GM1708", "Steenwijkerland"),
    ("GM1735", "Hof van Twente"),
    ("GM1742", "Rijssen-Holten"),
    ("GM1773", "Olst-Wijhe"),
    ("GM1774", "Dinkelland"),
    ("GM1896", "Zwartewaterland"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table(Municipality::Table)
                    .col(text(Municipality::Code).primary_key())
                    .col(text(Municipality::Name).unique_key())
                    .take(),
            )
            .await?;
        let mut insert = Query::insert()
            .into_table(Municipality::Table)
            .columns([Municipality::Code, Municipality::Name])
            .take();
        for (code, name) in OVERIJSSEL {
            insert.values_panic([code.into(), name.into()]);
        }
        manager.execute(insert).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Municipality::Table).take())
            .await
    }
}
