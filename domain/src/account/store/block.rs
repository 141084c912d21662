//! Queries on blocked accounts.

use entity::account_block::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::OnConflict,
};

use crate::{clock::Instant, id::AccountId};

/// Whether the account is blocked at `now`.
pub(crate) async fn is_blocked(
    connection: &impl ConnectionTrait,
    account: AccountId,
    now: Instant,
) -> Result<bool, DbErr> {
    let block = Entity::find_by_id(account)
        .filter(
            Condition::any()
                .add(Column::BlockedUntil.is_null())
                .add(Column::BlockedUntil.gt(now)),
        )
        .one(connection)
        .await?;
    Ok(block.is_some())
}

/// Blocks an account in place of the block before, for good where there is no `until`.
pub(in crate::account) async fn block(
    connection: &impl ConnectionTrait,
    account: AccountId,
    now: Instant,
    until: Option<Instant>,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        account_id: Set(account),
        blocked_at: Set(now),
        blocked_until: Set(until),
    };
    Entity::insert(row)
        .on_conflict(
            OnConflict::column(Column::AccountId)
                .update_columns([Column::BlockedAt, Column::BlockedUntil])
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Lifts a block; lifting what is not there changes nothing.
pub(in crate::account) async fn unblock(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<(), DbErr> {
    Entity::delete_by_id(account).exec(connection).await?;
    Ok(())
}
