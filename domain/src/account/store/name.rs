//! Queries on names that may not be used.

use entity::{hidden_name, reserved_name};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter,
};

use crate::{
    clock::Instant,
    id::AccountId,
    screening::{self, runs},
};

/// Reserves what a partner is called; doing so twice is the same as once.
pub(crate) async fn reserve_name(
    connection: &impl ConnectionTrait,
    name: &str,
    at: Instant,
) -> Result<(), DbErr> {
    let several_words = name.split_whitespace().count() > 1;
    let rows: Vec<_> = screening::keys(name)
        .into_iter()
        .map(|name_key| reserved_name::ActiveModel {
            name_key: Set(name_key),
            several_words: Set(several_words),
            created_at: Set(at),
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    reserved_name::Entity::insert_many(rows)
        .on_conflict_do_nothing()
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Returns true if a name looks like that of a partner, or holds one of several words.
pub(in crate::account) async fn is_reserved_name(
    connection: &impl ConnectionTrait,
    name: &str,
) -> Result<bool, DbErr> {
    use reserved_name::Column;
    let runs = runs(name);
    let whole = runs.iter().filter(|run| run.is_whole).map(|run| &run.key);
    let within = Condition::all()
        .add(Column::SeveralWords.eq(true))
        .add(Column::NameKey.is_in(runs.iter().map(|run| &run.key)));
    let found = reserved_name::Entity::find()
        .filter(
            Condition::any()
                .add(Column::NameKey.is_in(whole))
                .add(within),
        )
        .count(connection)
        .await?;
    Ok(found > 0)
}

/// Notes that moderators hid a name of this account.
pub(crate) async fn note_hidden_name(
    connection: &impl ConnectionTrait,
    id: AccountId,
    name: &str,
    at: Instant,
) -> Result<(), DbErr> {
    let rows: Vec<_> = screening::keys(name)
        .into_iter()
        .map(|name_key| hidden_name::ActiveModel {
            account_id: Set(id),
            name_key: Set(name_key),
            created_at: Set(at),
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    hidden_name::Entity::insert_many(rows)
        .on_conflict_do_nothing()
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Forgets that moderators hid a name of this account.
pub(crate) async fn forget_hidden_name(
    connection: &impl ConnectionTrait,
    id: AccountId,
    name: &str,
) -> Result<(), DbErr> {
    hidden_name::Entity::delete_many()
        .filter(hidden_name::Column::AccountId.eq(id))
        .filter(hidden_name::Column::NameKey.is_in(screening::keys(name)))
        .exec(connection)
        .await?;
    Ok(())
}

/// Returns true if moderators hid this name of this account.
pub(in crate::account) async fn is_hidden_name(
    connection: &impl ConnectionTrait,
    id: AccountId,
    name: &str,
) -> Result<bool, DbErr> {
    let found = hidden_name::Entity::find()
        .filter(hidden_name::Column::AccountId.eq(id))
        .filter(hidden_name::Column::NameKey.is_in(screening::keys(name)))
        .count(connection)
        .await?;
    Ok(found > 0)
}
