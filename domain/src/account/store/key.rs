//! Queries on the keys that sign tokens.

use entity::signing_key::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
};

use crate::clock::Instant;

/// A key as it is kept.
pub(in crate::account) struct KeptKey {
    /// Counts from 1.
    pub(in crate::account) number: i32,
    /// PKCS #8 as DER.
    pub(in crate::account) der: Vec<u8>,
    /// When it was made.
    pub(in crate::account) created_at: Instant,
}

/// Every key, the newest last.
pub(in crate::account) async fn signing_keys(
    connection: &impl ConnectionTrait,
) -> Result<Vec<KeptKey>, DbErr> {
    let rows = Entity::find()
        .order_by_asc(Column::Number)
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| KeptKey {
            number: row.number,
            der: row.private_key,
            created_at: row.created_at,
        })
        .collect())
}

/// Adds key `number`; does nothing where there is one, so that processes that start at the same
/// time agree.
pub(in crate::account) async fn add_signing_key(
    connection: &impl ConnectionTrait,
    number: i32,
    der: Vec<u8>,
    at: Instant,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        number: Set(number),
        private_key: Set(der),
        created_at: Set(at),
    };
    Entity::insert(row)
        .on_conflict_do_nothing_on([Column::Number])
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Removes the keys up to `number`.
pub(in crate::account) async fn remove_signing_keys(
    connection: &impl ConnectionTrait,
    number: i32,
) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::Number.lte(number))
        .exec(connection)
        .await?;
    Ok(())
}
