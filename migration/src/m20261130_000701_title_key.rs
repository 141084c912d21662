//! Sorts themes and polls by their titles, not by their slugs, which never change.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DatabaseBackend, Statement, prelude::Uuid},
};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 2] = ["theme", "poll"];
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
        for table in TABLES {
            connection
                .execute_unprepared(&format!(
                    "ALTER TABLE {table} ADD COLUMN title_key text {collation} NOT NULL DEFAULT ''"
                ))
                .await?;
            let select = format!("SELECT id, title FROM {table}");
            let rows = connection
                .query_all_raw(Statement::from_string(backend, select))
                .await?;
            for row in rows {
                let (key, title): (Uuid, String) =
                    (row.try_get("", "id")?, row.try_get("", "title")?);
                let update = format!("UPDATE {table} SET title_key = {value} WHERE id = {id}");
                let values = [sort_key(&title).into(), key.into()];
                connection
                    .execute_raw(Statement::from_sql_and_values(backend, update, values))
                    .await?;
            }
            connection
                .execute_unprepared(&format!(
                    "CREATE INDEX {table}_title_key ON {table} (title_key, id)"
                ))
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for table in TABLES {
            for statement in [
                format!("DROP INDEX {table}_title_key"),
                format!("ALTER TABLE {table} DROP COLUMN title_key"),
            ] {
                connection.execute_unprepared(&statement).await?;
            }
        }
        Ok(())
    }
}

/// The domain's sort key of a title, as it was when this was written.
fn sort_key(title: &str) -> String {
    let mut key = String::new();
    let plain = title.nfkd().flat_map(char::to_lowercase);
    for character in plain.filter(|one| !is_combining_mark(*one) && !is_invisible(*one)) {
        if character.is_alphanumeric() {
            key.push(character);
        } else if !key.is_empty() && !key.ends_with(' ') {
            key.push(' ');
        }
    }
    let key = if key.is_empty() { title } else { &key };
    let mut end = key.len().min(BYTES);
    while !key.is_char_boundary(end) {
        end -= 1;
    }
    key.get(..end).unwrap_or_default().trim().to_owned()
}

/// Returns true for what titles hold and nobody sees: soft hyphens, joiners, variation selectors.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}'
    )
}
