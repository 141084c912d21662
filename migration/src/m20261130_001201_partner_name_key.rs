//! Sorts partners by their names, not by their slugs.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DatabaseBackend, Statement, prelude::Uuid},
};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Well below what an entry of an index holds (2,704 bytes in PostgreSQL).
const BYTES: usize = 1_000;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let backend = connection.get_database_backend();
        // Compared byte by byte, whatever the database's own order of letters is.
        let (collation, value, id) = match backend {
            DatabaseBackend::Postgres => ("COLLATE \"C\"", "$1", "$2"),
            _ => ("", "?", "?"),
        };
        connection
            .execute_unprepared(&format!(
                "ALTER TABLE partner ADD COLUMN name_key text {collation} NOT NULL DEFAULT ''"
            ))
            .await?;
        let rows = connection
            .query_all_raw(Statement::from_string(
                backend,
                "SELECT id, name FROM partner",
            ))
            .await?;
        for row in rows {
            let (key, name): (Uuid, String) = (row.try_get("", "id")?, row.try_get("", "name")?);
            let update = format!("UPDATE partner SET name_key = {value} WHERE id = {id}");
            let values = [sort_key(&name).into(), key.into()];
            connection
                .execute_raw(Statement::from_sql_and_values(backend, update, values))
                .await?;
        }
        connection
            .execute_unprepared("CREATE INDEX partner_name_key ON partner (name_key, id)")
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for statement in [
            "DROP INDEX partner_name_key",
            "ALTER TABLE partner DROP COLUMN name_key",
        ] {
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

/// The domain's sort key of a name, as it was when this was written.
fn sort_key(name: &str) -> String {
    let mut key = String::new();
    let plain = name.nfkd().flat_map(char::to_lowercase);
    for character in plain.filter(|one| !is_combining_mark(*one) && !is_invisible(*one)) {
        if character.is_alphanumeric() {
            key.push(character);
        } else if !key.is_empty() && !key.ends_with(' ') {
            key.push(' ');
        }
    }
    let key = if key.is_empty() { name } else { &key };
    let mut end = key.len().min(BYTES);
    while !key.is_char_boundary(end) {
        end -= 1;
    }
    key.get(..end).unwrap_or_default().trim().to_owned()
}

/// Returns true for what names hold and nobody sees: soft hyphens, joiners, variation selectors.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}'
    )
}
