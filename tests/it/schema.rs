//! Entities and migrations agree on the shape of the database, and migrations can be taken back.

use std::collections::{BTreeMap, BTreeSet};

use harness::{DatabaseKind, TestApp, on_both_databases};
use sea_orm::{
    ColumnTrait, ColumnType, ConnectionTrait, DatabaseBackend, EntityTrait, IdenStatic, Iterable,
    Statement,
};

/// A table's columns: name, kind of value, and whether it may be absent.
type Shape = BTreeMap<String, BTreeSet<String>>;

fn columns_of<E: EntityTrait>(_: E) -> (String, BTreeSet<String>)
where
    E::Column: Iterable,
{
    let columns = E::Column::iter()
        .map(|column| {
            let definition = column.def();
            let kind = match definition.get_column_type() {
                ColumnType::Uuid => "uuid",
                ColumnType::String(_) | ColumnType::Text => "text",
                ColumnType::BigInteger => "bigint",
                ColumnType::Integer => "integer",
                ColumnType::SmallInteger => "smallint",
                ColumnType::Boolean => "boolean",
                ColumnType::Double => "double",
                ColumnType::TimestampWithTimeZone => "instant",
                ColumnType::Binary(_) | ColumnType::VarBinary(_) | ColumnType::Blob => "bytes",
                other => panic!("say here what {other:?} is called in a database"),
            };
            described(column.as_str(), kind, definition.is_null())
        })
        .collect();
    (E::default().table_name().to_owned(), columns)
}

fn described(name: &str, kind: &str, nullable: bool) -> String {
    format!("{name} {kind}{}", if nullable { " or null" } else { "" })
}

/// The shape that the entities state, one line an entity.
fn entities() -> Shape {
    [
        columns_of(entity::account::Entity),
        columns_of(entity::account_block::Entity),
        columns_of(entity::account_role::Entity),
        columns_of(entity::ballot::Entity),
        columns_of(entity::ballot_event::Entity),
        columns_of(entity::comment::Entity),
        columns_of(entity::comment_support::Entity),
        columns_of(entity::content_report::Entity),
        columns_of(entity::email_verification::Entity),
        columns_of(entity::embed::Entity),
        columns_of(entity::embed_load::Entity),
        columns_of(entity::embed_origin::Entity),
        columns_of(entity::erasure::Entity),
        columns_of(entity::failed_attempt::Entity),
        columns_of(entity::hidden_name::Entity),
        columns_of(entity::job::Entity),
        columns_of(entity::join_code::Entity),
        columns_of(entity::account_identity::Entity),
        columns_of(entity::visitor_claim::Entity),
        columns_of(entity::account_contribution::Entity),
        columns_of(entity::recent_contribution::Entity),
        columns_of(entity::recent_text::Entity),
        columns_of(entity::screening_key::Entity),
        columns_of(entity::account_use::Entity),
        columns_of(entity::mailed_link::Entity),
        columns_of(entity::mark::Entity),
        columns_of(entity::moderation_actor::Entity),
        columns_of(entity::moderation_appeal::Entity),
        columns_of(entity::moderation_case::Entity),
        columns_of(entity::moderation_chain::Entity),
        columns_of(entity::moderation_entry::Entity),
        columns_of(entity::moderation_statement::Entity),
        columns_of(entity::moderation_template::Entity),
        columns_of(entity::municipality::Entity),
        columns_of(entity::partner::Entity),
        columns_of(entity::partner_member::Entity),
        columns_of(entity::poll::Entity),
        columns_of(entity::poll_edit::Entity),
        columns_of(entity::poll_import::Entity),
        columns_of(entity::poll_option::Entity),
        columns_of(entity::poll_run::Entity),
        columns_of(entity::poll_theme::Entity),
        columns_of(entity::poll_voter::Entity),
        columns_of(entity::question::Entity),
        columns_of(entity::question_run::Entity),
        columns_of(entity::recovery_code::Entity),
        columns_of(entity::refresh_token::Entity),
        columns_of(entity::reserved_name::Entity),
        columns_of(entity::room_presence::Entity),
        columns_of(entity::second_factor::Entity),
        columns_of(entity::session::Entity),
        columns_of(entity::signing_key::Entity),
        columns_of(entity::story::Entity),
        columns_of(entity::story_reaction::Entity),
        columns_of(entity::story_revision::Entity),
        columns_of(entity::story_series::Entity),
        columns_of(entity::story_series_entry::Entity),
        columns_of(entity::story_theme::Entity),
        columns_of(entity::tally::Entity),
        columns_of(entity::theme::Entity),
        columns_of(entity::theme_follow::Entity),
        columns_of(entity::theme_update::Entity),
        columns_of(entity::written_option::Entity),
    ]
    .into()
}

/// The shape that the migrations made.
async fn migrated(app: &TestApp) -> Shape {
    let query = match app.kind {
        DatabaseKind::Sqlite => {
            "SELECT t.name, c.name, lower(c.type), c.\"notnull\" = 0 AND c.pk = 0
             FROM sqlite_master t, pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'"
        }
        DatabaseKind::Postgres => {
            "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'YES'
             FROM information_schema.columns WHERE table_schema = 'public'"
        }
    };
    let backend = match app.kind {
        DatabaseKind::Sqlite => DatabaseBackend::Sqlite,
        DatabaseKind::Postgres => DatabaseBackend::Postgres,
    };
    let rows = app
        .database
        .read()
        .query_all_raw(Statement::from_string(backend, query))
        .await
        .expect("the catalogue can be read");
    let mut shape = Shape::new();
    for row in rows {
        let text = |index| row.try_get_by_index::<String>(index).expect("text");
        let (table, column, declared) = (text(0), text(1), text(2));
        if table == "seaql_migrations" {
            continue;
        }
        let kind = match declared.as_str() {
            "uuid" | "uuid_text" => "uuid",
            "text" | "varchar" | "character varying" => "text",
            "bigint" => "bigint",
            "integer" => "integer",
            "smallint" => "smallint",
            "boolean" => "boolean",
            "double" | "double precision" => "double",
            "timestamp with time zone" | "timestamp_with_timezone_text" => "instant",
            "bytea" | "blob" => "bytes",
            other => panic!("say here what {other} is called in an entity"),
        };
        let nullable = row.try_get_by_index::<bool>(3).expect("a flag");
        shape
            .entry(table)
            .or_default()
            .insert(described(&column, kind, nullable));
    }
    shape
}

on_both_databases! {
    async fn entities_and_migrated_tables_agree(app) {
        let (mut stated, made) = (entities(), migrated(app).await);
        if app.kind == DatabaseKind::Sqlite {
            // It declares whole numbers of every size alike.
            for columns in stated.values_mut() {
                *columns = columns.iter().map(|column| column.replace(" bigint", " integer")).collect();
            }
        }
        for table in stated.keys().chain(made.keys()).collect::<BTreeSet<_>>() {
            assert_eq!(stated.get(table), made.get(table), "entity (left) and table (right) {table}");
        }
    }

    async fn migrations_run_down_and_up_again(app) {
        let database = app.database.writer();
        migration::down(database).await.expect("down");
        assert!(!migration::pending(database).await.expect("pending").is_empty());
        migration::up(database).await.expect("up again");
        assert!(migration::pending(database).await.expect("pending").is_empty());
    }
}
