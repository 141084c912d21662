//! Queries on second factors and the codes that stand in for them.

use entity::{
    recovery_code,
    second_factor::{ActiveModel, Column, Entity},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    sea_query::OnConflict,
};

use crate::{clock::Instant, id::AccountId};

/// An account's second factor.
pub(in crate::account) struct Factor {
    /// The secret that the authenticator has as well.
    pub(in crate::account) secret: Vec<u8>,
    /// Whether its owner showed to have it.
    pub(in crate::account) confirmed: bool,
}

/// The account's second factor, confirmed or not, locked until the transaction ends.
pub(in crate::account) async fn factor(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Option<Factor>, DbErr> {
    let row = Entity::find_by_id(account)
        .lock_exclusive()
        .one(connection)
        .await?;
    Ok(row.map(|row| Factor {
        secret: row.secret,
        confirmed: row.confirmed_at.is_some(),
    }))
}

/// Keeps a secret that its owner has yet to show to have, in place of one before.
pub(in crate::account) async fn enrol(
    connection: &impl ConnectionTrait,
    account: AccountId,
    secret: Vec<u8>,
    now: Instant,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        account_id: Set(account),
        secret: Set(secret),
        last_step: Set(0),
        enrolled_at: Set(now),
        confirmed_at: Set(None),
    };
    Entity::insert(row)
        .on_conflict(
            OnConflict::column(Column::AccountId)
                .update_columns([
                    Column::Secret,
                    Column::LastStep,
                    Column::EnrolledAt,
                    Column::ConfirmedAt,
                ])
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Takes the code of a step; `false` where that one or a later one was taken before.
pub(in crate::account) async fn take_step(
    connection: &impl ConnectionTrait,
    account: AccountId,
    step: i64,
) -> Result<bool, DbErr> {
    let row = ActiveModel {
        last_step: Set(step),
        ..Default::default()
    };
    let taken = Entity::update_many()
        .set(row)
        .filter(Column::AccountId.eq(account))
        .filter(Column::LastStep.lt(step))
        .exec(connection)
        .await?;
    Ok(taken.rows_affected > 0)
}

/// Notes that the owner showed to have the secret, and keeps these codes in place of those before.
pub(in crate::account) async fn confirm(
    connection: &impl ConnectionTrait,
    account: AccountId,
    code_hashes: &[String],
    now: Instant,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        confirmed_at: Set(Some(now)),
        ..Default::default()
    };
    Entity::update_many()
        .set(row)
        .filter(Column::AccountId.eq(account))
        .exec(connection)
        .await?;
    forget_codes(connection, account).await?;
    let rows = code_hashes.iter().map(|hash| recovery_code::ActiveModel {
        account_id: Set(account),
        code_hash: Set(hash.clone()),
    });
    recovery_code::Entity::insert_many(rows)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Takes a recovery code; `false` where there is no such code. Of many at once one gets it.
pub(in crate::account) async fn take_recovery_code(
    connection: &impl ConnectionTrait,
    account: AccountId,
    code_hash: &str,
) -> Result<bool, DbErr> {
    let deleted = recovery_code::Entity::delete_by_id((account, code_hash.to_owned()))
        .exec(connection)
        .await?;
    Ok(deleted.rows_affected > 0)
}

/// Removes an account's second factor and its codes.
pub(in crate::account) async fn remove_factor(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<(), DbErr> {
    forget_codes(connection, account).await?;
    Entity::delete_by_id(account).exec(connection).await?;
    Ok(())
}

async fn forget_codes(connection: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::AccountId.eq(account))
        .exec(connection)
        .await?;
    Ok(())
}
