//! Queries on what screening remembers.

use entity::{account_contribution, recent_contribution, recent_text, screening_key};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use crate::{clock::Instant, id::AccountId};

pub(super) use entity::recent_contribution::ScreeningHash;

/// The key that hashes are made with, if there is one yet.
pub(super) async fn key(connection: &impl ConnectionTrait) -> Result<Option<Vec<u8>>, DbErr> {
    let row = screening_key::Entity::find().one(connection).await?;
    Ok(row.map(|row| row.secret))
}

/// Keeps the key; does nothing where there is one, so that processes that start at the same time
/// agree.
pub(super) async fn add_key(
    connection: &impl ConnectionTrait,
    secret: Vec<u8>,
    at: Instant,
) -> Result<(), DbErr> {
    let row = screening_key::ActiveModel {
        number: Set(1),
        secret: Set(secret),
        created_at: Set(at),
    };
    screening_key::Entity::insert(row)
        .on_conflict_do_nothing_on([screening_key::Column::Number])
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// How much an account has contributed ever.
pub(super) async fn contributions(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<i64, DbErr> {
    let row = account_contribution::Entity::find_by_id(account)
        .one(connection)
        .await?;
    Ok(row.map_or(0, |row| row.contributions))
}

/// How much came from the same person since then.
pub(super) async fn recent(
    connection: &impl ConnectionTrait,
    author: &ScreeningHash,
    since: Instant,
) -> Result<i64, DbErr> {
    let minutes: Vec<i64> = recent_contribution::Entity::find()
        .select_only()
        .column(recent_contribution::Column::Contributions)
        .filter(recent_contribution::Column::AuthorHash.eq(author.clone()))
        .filter(recent_contribution::Column::Minute.gt(since))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(minutes.into_iter().sum())
}

/// Whether the text came in after `since`.
pub(super) async fn seen(
    connection: &impl ConnectionTrait,
    text: &ScreeningHash,
    since: Instant,
) -> Result<bool, DbErr> {
    let row = recent_text::Entity::find_by_id(text.clone())
        .one(connection)
        .await?;
    Ok(row.is_some_and(|row| row.seen_at > since))
}

/// Counts contributions of accounts, each account once and in the order of their ids, so that two
/// who count never wait for each other.
pub(crate) async fn count(
    connection: &impl ConnectionTrait,
    accounts: impl IntoIterator<Item = (AccountId, i64)>,
) -> Result<(), DbErr> {
    use account_contribution::{ActiveModel, Column, Entity};
    let rows: Vec<ActiveModel> = accounts
        .into_iter()
        .map(|(account, contributions)| ActiveModel {
            account_id: Set(account),
            contributions: Set(contributions),
        })
        .collect();
    // Few enough for one statement of SQLite.
    for rows in rows.chunks(1_000) {
        Entity::insert_many(rows.to_vec())
            .on_conflict(
                OnConflict::column(Column::AccountId)
                    .value(
                        Column::Contributions,
                        Expr::col((Entity, Column::Contributions))
                            .add(Expr::col((excluded(), Column::Contributions))),
                    )
                    .to_owned(),
            )
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}

/// Counts a contribution of a person in a minute.
pub(super) async fn count_recent(
    connection: &impl ConnectionTrait,
    author: ScreeningHash,
    minute: Instant,
) -> Result<(), DbErr> {
    use recent_contribution::{ActiveModel, Column, Entity};
    let row = ActiveModel {
        author_hash: Set(author),
        minute: Set(minute),
        contributions: Set(1),
    };
    Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Column::AuthorHash, Column::Minute])
                .value(
                    Column::Contributions,
                    Expr::col((Entity, Column::Contributions)).add(1),
                )
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Notes that a text came in.
pub(super) async fn note_text(
    connection: &impl ConnectionTrait,
    text: ScreeningHash,
    minute: Instant,
) -> Result<(), DbErr> {
    use recent_text::{ActiveModel, Column, Entity};
    let row = ActiveModel {
        text_hash: Set(text),
        seen_at: Set(minute),
    };
    Entity::insert(row)
        .on_conflict(
            OnConflict::column(Column::TextHash)
                .update_column(Column::SeenAt)
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Forgets what came in before `before`; gives how many rows that were.
pub(crate) async fn forget(
    connection: &impl ConnectionTrait,
    before: Instant,
) -> Result<u64, DbErr> {
    let contributions = recent_contribution::Entity::delete_many()
        .filter(recent_contribution::Column::Minute.lte(before))
        .exec(connection)
        .await?;
    let texts = recent_text::Entity::delete_many()
        .filter(recent_text::Column::SeenAt.lte(before))
        .exec(connection)
        .await?;
    Ok(contributions.rows_affected + texts.rows_affected)
}

fn excluded() -> sea_orm::sea_query::Alias {
    sea_orm::sea_query::Alias::new("excluded")
}
