//! Queries on who was a visitor before they asked for an account.

use entity::visitor_claim::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, sea_query::OnConflict};

use crate::{
    clock::Instant,
    id::{AccountId, VisitorId},
};

/// Notes who asked for the account; nobody else's asking counts any more.
pub(in crate::account) async fn note_claim(
    connection: &impl ConnectionTrait,
    account: AccountId,
    visitor: Option<VisitorId>,
    at: Instant,
) -> Result<(), DbErr> {
    let Some(visitor) = visitor else {
        Entity::delete_by_id(account).exec(connection).await?;
        return Ok(());
    };
    let row = ActiveModel {
        account_id: Set(account),
        visitor_id: Set(visitor),
        created_at: Set(at),
    };
    Entity::insert(row)
        .on_conflict(
            OnConflict::column(Column::AccountId)
                .update_columns([Column::VisitorId, Column::CreatedAt])
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Takes the visitor who asked for the account, so that they are found once.
pub(in crate::account) async fn take_claim(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<VisitorId>, DbErr> {
    let found = Entity::find_by_id(account).one(connection).await?;
    let Some(found) = found else {
        return Ok(None);
    };
    Entity::delete_by_id(account).exec(connection).await?;
    Ok(Some(found.visitor_id))
}
