//! Queries on the requests for an account that wait for their address to be confirmed.

use entity::{
    account,
    registration::{ActiveModel, Column, Entity},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, Query},
};

use crate::{
    clock::Instant,
    id::{AccountId, RegistrationId},
};

pub(in crate::account) use entity::registration::Model as Registration;

/// Adds a registration that waits for its link; an account that is verified gets none.
pub(in crate::account) async fn add_registration(
    connection: &impl ConnectionTrait,
    registration: &Registration,
) -> Result<(), DbErr> {
    // One statement for every address, so that none takes more work than another.
    let unverified = Query::select()
        .exprs([
            Expr::value(registration.id),
            Expr::value(registration.account_id),
            Expr::value(registration.password_hash.clone()),
            Expr::value(registration.display_name.clone()),
            Expr::value(registration.locale),
            Expr::value(registration.visitor_id),
            Expr::value(registration.token_hash.clone()),
            Expr::value(registration.expires_at),
            Expr::value(registration.created_at),
        ])
        .from(account::Entity)
        .and_where(account::Column::Id.eq(registration.account_id))
        .and_where(account::Column::EmailVerifiedAt.is_null())
        .take();
    let insert = Query::insert()
        .into_table(Entity)
        .columns([
            Column::Id,
            Column::AccountId,
            Column::PasswordHash,
            Column::DisplayName,
            Column::Locale,
            Column::VisitorId,
            Column::TokenHash,
            Column::ExpiresAt,
            Column::CreatedAt,
        ])
        .select_from(unverified)
        .map_err(|fault| DbErr::Custom(fault.to_string()))?
        .take();
    let backend = connection.get_database_backend();
    connection.execute_raw(backend.build(&insert)).await?;
    Ok(())
}

/// The registration with this id, and how many wait beside it for the same address.
pub(in crate::account) async fn registration(
    connection: &impl ConnectionTrait,
    id: RegistrationId,
) -> Result<Option<(Registration, u64)>, DbErr> {
    let Some(found) = Entity::find_by_id(id).one(connection).await? else {
        return Ok(None);
    };
    let others = Entity::find()
        .filter(Column::AccountId.eq(found.account_id))
        .filter(Column::Id.ne(id))
        .count(connection)
        .await?;
    Ok(Some((found, others)))
}

/// The newest registration of an account.
pub(in crate::account) async fn newest_registration(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<Registration>, DbErr> {
    Entity::find()
        .filter(Column::AccountId.eq(account))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .one(connection)
        .await
}

/// Opens the link of a registration in place of its link before; `false` where it is gone.
pub(in crate::account) async fn open_registration(
    connection: &impl ConnectionTrait,
    id: RegistrationId,
    token_hash: &str,
    expires_at: Instant,
) -> Result<bool, DbErr> {
    let row = ActiveModel {
        token_hash: Set(Some(token_hash.to_owned())),
        expires_at: Set(expires_at),
        ..Default::default()
    };
    let opened = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(id))
        .exec(connection)
        .await?;
    Ok(opened.rows_affected > 0)
}

/// The registration whose link has this token and is open at `now`.
pub(in crate::account) async fn registration_of_link(
    connection: &impl ConnectionTrait,
    token_hash: &str,
    now: Instant,
) -> Result<Option<Registration>, DbErr> {
    Entity::find()
        .filter(Column::TokenHash.eq(token_hash))
        .filter(Column::ExpiresAt.gt(now))
        .one(connection)
        .await
}

/// Removes every registration of an account, whose links stop working; `false` where none waits.
pub(in crate::account) async fn forget_registrations(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<bool, DbErr> {
    let removed = Entity::delete_many()
        .filter(Column::AccountId.eq(account))
        .exec(connection)
        .await?;
    Ok(removed.rows_affected > 0)
}
