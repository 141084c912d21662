//! Queries on mailed links.

use entity::mailed_link::{ActiveModel, Column, Entity, Purpose};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
};

use crate::{clock::Instant, id::AccountId};

/// Opens a link for an account in place of the one before of the same purpose.
pub(in crate::account) async fn open_mailed_link(
    connection: &impl ConnectionTrait,
    account: AccountId,
    purpose: Purpose,
    token_hash: &str,
    expires_at: Instant,
) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::AccountId.eq(account))
        .filter(Column::Purpose.eq(purpose))
        .exec(connection)
        .await?;
    let row = ActiveModel {
        token_hash: Set(token_hash.to_owned()),
        account_id: Set(account),
        purpose: Set(purpose),
        expires_at: Set(expires_at),
    };
    Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Whose link of this purpose this is; `None` where no such link is open at `now`.
pub(in crate::account) async fn linked_account(
    connection: &impl ConnectionTrait,
    purpose: Purpose,
    token_hash: &str,
    now: Instant,
) -> Result<Option<AccountId>, DbErr> {
    Entity::find_by_id(token_hash)
        .select_only()
        .column(Column::AccountId)
        .filter(Column::Purpose.eq(purpose))
        .filter(Column::ExpiresAt.gt(now))
        .into_tuple()
        .one(connection)
        .await
}

/// Takes a link, so that it is not good again; of many at once only one gets `true`.
pub(in crate::account) async fn take_mailed_link(
    connection: &impl ConnectionTrait,
    token_hash: &str,
) -> Result<bool, DbErr> {
    let deleted = Entity::delete_by_id(token_hash).exec(connection).await?;
    Ok(deleted.rows_affected > 0)
}

/// Closes all links of an account.
pub(in crate::account) async fn close_mailed_links(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::AccountId.eq(account))
        .exec(connection)
        .await?;
    Ok(())
}
