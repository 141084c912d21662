//! Queries on failed attempts, and on the sessions that show who one was before.

use entity::{
    account,
    failed_attempt::{AccountMac, ActiveModel, Column, Entity},
    refresh_token, session,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, JoinType, QueryFilter,
    QuerySelect,
    sea_query::{Expr, OnConflict},
};

use crate::{
    clock::Instant,
    id::{AccountId, SessionId},
};

/// Failures of an account in some time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::account) struct Failures {
    /// Their number.
    pub(in crate::account) count: i64,
    /// The minute of the last one.
    pub(in crate::account) last: Option<Instant>,
}

/// A session that somebody shows a refresh token of; it may have ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::account) struct FormerSession {
    /// Its id.
    pub(in crate::account) id: SessionId,
    /// The account of its owner.
    pub(in crate::account) account: AccountId,
    /// The address of that account.
    pub(in crate::account) email: String,
}

/// Returns the failures since then.
pub(in crate::account) async fn failures(
    connection: &impl ConnectionTrait,
    account: &[u8],
    since: Instant,
) -> Result<Failures, DbErr> {
    let minutes: Vec<(Instant, i64)> = Entity::find()
        .select_only()
        .columns([Column::Minute, Column::Failures])
        .filter(Column::AccountMac.eq(AccountMac(account.to_vec())))
        .filter(Column::Minute.gt(since))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(Failures {
        count: minutes.iter().map(|(_, failures)| failures).sum(),
        last: minutes.into_iter().map(|(minute, _)| minute).max(),
    })
}

/// Counts a failure.
pub(in crate::account) async fn count_failure(
    connection: &impl ConnectionTrait,
    account: &[u8],
    minute: Instant,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        account_mac: Set(AccountMac(account.to_vec())),
        minute: Set(minute),
        failures: Set(1),
    };
    Entity::insert(row)
        .on_conflict(
            OnConflict::columns([Column::AccountMac, Column::Minute])
                .value(
                    Column::Failures,
                    Expr::col((Entity, Column::Failures)).add(1),
                )
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Forgets an account's failures.
pub(in crate::account) async fn forget_failures(
    connection: &impl ConnectionTrait,
    account: &[u8],
) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::AccountMac.eq(AccountMac(account.to_vec())))
        .exec(connection)
        .await?;
    Ok(())
}

/// Removes failures of before then; gives how many rows that were.
pub(crate) async fn prune_failures(
    connection: &impl ConnectionTrait,
    before: Instant,
) -> Result<u64, DbErr> {
    let pruned = Entity::delete_many()
        .filter(Column::Minute.lte(before))
        .exec(connection)
        .await?;
    Ok(pruned.rows_affected)
}

/// Returns the session that this token renews or did renew, ended or not.
pub(in crate::account) async fn former_session(
    connection: &impl ConnectionTrait,
    token_hash: &str,
) -> Result<Option<FormerSession>, DbErr> {
    let found: Option<(SessionId, AccountId, String)> = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .column(account::Column::Id)
        .column(account::Column::Email)
        .join(
            JoinType::InnerJoin,
            session::Entity::belongs_to(refresh_token::Entity)
                .from(session::Column::Id)
                .to(refresh_token::Column::SessionId)
                .into(),
        )
        .join(
            JoinType::InnerJoin,
            session::Entity::belongs_to(account::Entity)
                .from(session::Column::AccountId)
                .to(account::Column::Id)
                .into(),
        )
        .filter(refresh_token::Column::TokenHash.eq(token_hash))
        .into_tuple()
        .one(connection)
        .await?;
    Ok(found.map(|(id, account, email)| FormerSession { id, account, email }))
}
