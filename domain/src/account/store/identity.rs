//! Queries on who people are to other providers.

use entity::account_identity::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
};

use crate::{account::provider::Vouched, clock::Instant, id::AccountId};

/// The account of the person whom a provider vouches for.
pub(in crate::account) async fn account_of(
    connection: &impl ConnectionTrait,
    vouched: &Vouched,
) -> Result<Option<AccountId>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::AccountId)
        .filter(Column::Issuer.eq(&vouched.issuer))
        .filter(Column::Subject.eq(&vouched.subject))
        .into_tuple()
        .one(connection)
        .await
}

/// Binds the person whom a provider vouches for to an account; gives the account that they have
/// from then on, which is another where somebody was faster.
pub(in crate::account) async fn bind(
    connection: &impl ConnectionTrait,
    vouched: &Vouched,
    account: AccountId,
    at: Instant,
) -> Result<AccountId, DbErr> {
    let row = ActiveModel {
        issuer: Set(vouched.issuer.clone()),
        subject: Set(vouched.subject.clone()),
        account_id: Set(account),
        created_at: Set(at),
    };
    Entity::insert(row)
        .on_conflict_do_nothing()
        .exec_without_returning(connection)
        .await?;
    Ok(account_of(connection, vouched).await?.unwrap_or(account))
}
