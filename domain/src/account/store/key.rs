//! Queries on the keys that sign tokens.

use entity::signing_key::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, QueryOrder};

use crate::clock::Instant;

/// Every key in PKCS #8 as DER, the newest last.
pub(in crate::account) async fn signing_keys(
    connection: &impl ConnectionTrait,
) -> Result<Vec<Vec<u8>>, DbErr> {
    let rows = Entity::find()
        .order_by_asc(Column::Number)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| row.private_key).collect())
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
