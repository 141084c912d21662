//! Queries on blocked accounts.

use entity::account_block::{ActiveModel, Column, Entity, Model};
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
    Ok(!blocks(connection, &[account], now).await?.is_empty())
}

/// Those of the accounts that are blocked at `now`, each with until when; none where that is for
/// good.
pub(crate) async fn blocks(
    connection: &impl ConnectionTrait,
    accounts: &[AccountId],
    now: Instant,
) -> Result<Vec<(AccountId, Option<Instant>)>, DbErr> {
    let holds = Condition::any()
        .add(Column::BlockedUntil.is_null())
        .add(Column::BlockedUntil.gt(now));
    let blocks = Entity::find()
        .filter(Column::AccountId.is_in(accounts.iter().copied()))
        .filter(holds)
        .all(connection)
        .await?;
    let until = |block: Model| (block.account_id, block.blocked_until);
    Ok(blocks.into_iter().map(until).collect())
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
