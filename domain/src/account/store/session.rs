//! Queries on sessions and the tokens that renew them.

use chrono::TimeDelta;
use entity::{account_use, refresh_token, session};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, OnConflict},
};

use super::super::DeviceSession;
use crate::{
    clock::Instant,
    id::{AccountId, SessionId},
};

/// How many sessions a list holds at most.
const LISTED: u64 = 100;

/// A session that has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::account) struct OpenSession {
    /// Whose it is.
    pub(in crate::account) account: AccountId,
    /// When they signed in.
    pub(in crate::account) created_at: Instant,
    /// When it ends if its tokens are not renewed.
    pub(in crate::account) expires_at: Instant,
    /// Whether a second factor was shown.
    pub(in crate::account) second_factor: bool,
}

/// Adds a session.
pub(in crate::account) async fn open_session(
    connection: &impl ConnectionTrait,
    id: SessionId,
    session: OpenSession,
) -> Result<(), DbErr> {
    session::Entity::insert(row(id, session))
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// As [`open_session`]; a session that was there before stays as it is.
pub(in crate::account) async fn open_session_once(
    connection: &impl ConnectionTrait,
    id: SessionId,
    session: OpenSession,
) -> Result<(), DbErr> {
    session::Entity::insert(row(id, session))
        .on_conflict_do_nothing()
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

fn row(id: SessionId, session: OpenSession) -> session::ActiveModel {
    session::ActiveModel {
        id: Set(id),
        account_id: Set(session.account),
        created_at: Set(session.created_at),
        last_seen_at: Set(session.created_at),
        expires_at: Set(session.expires_at),
        revoked_at: Set(None),
        second_factor: Set(session.second_factor),
    }
}

/// Whether there is such a session, ended or not.
pub(in crate::account) async fn any_session(
    connection: &impl ConnectionTrait,
    id: SessionId,
) -> Result<bool, DbErr> {
    let found: Option<SessionId> = session::Entity::find_by_id(id)
        .select_only()
        .column(session::Column::Id)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(found.is_some())
}

/// The session, if it has not ended at `now`.
pub(in crate::account) async fn session(
    connection: &impl ConnectionTrait,
    id: SessionId,
    now: Instant,
) -> Result<Option<OpenSession>, DbErr> {
    let row = session::Entity::find_by_id(id)
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .one(connection)
        .await?;
    Ok(row.map(|row| OpenSession {
        account: row.account_id,
        created_at: row.created_at,
        expires_at: row.expires_at,
        second_factor: row.second_factor,
    }))
}

/// Notes that a person was here, once a day at most; a warning given before is void.
pub(in crate::account) async fn note_sight(
    connection: &impl ConnectionTrait,
    account: AccountId,
    now: Instant,
) -> Result<(), DbErr> {
    let row = account_use::ActiveModel {
        account_id: Set(account),
        seen_at: Set(now),
        warned_at: Set(None),
        erasable_at: Set(None),
    };
    let longer_ago =
        Expr::col((account_use::Entity, account_use::Column::SeenAt)).lte(now - TimeDelta::days(1));
    account_use::Entity::insert(row)
        .on_conflict(
            OnConflict::column(account_use::Column::AccountId)
                .update_columns([
                    account_use::Column::SeenAt,
                    account_use::Column::WarnedAt,
                    account_use::Column::ErasableAt,
                ])
                .action_and_where(longer_ago)
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Moves the end of a session; `false` where it has ended.
pub(in crate::account) async fn renew_session(
    connection: &impl ConnectionTrait,
    id: SessionId,
    now: Instant,
    expires_at: Instant,
) -> Result<bool, DbErr> {
    let row = session::ActiveModel {
        last_seen_at: Set(now),
        expires_at: Set(expires_at),
        ..Default::default()
    };
    let renewed = session::Entity::update_many()
        .set(row)
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .exec(connection)
        .await?;
    Ok(renewed.rows_affected > 0)
}

/// Notes that a second factor was shown in a session.
pub(in crate::account) async fn note_second_factor(
    connection: &impl ConnectionTrait,
    id: SessionId,
) -> Result<(), DbErr> {
    let row = session::ActiveModel {
        second_factor: Set(true),
        ..Default::default()
    };
    session::Entity::update_many()
        .set(row)
        .filter(session::Column::Id.eq(id))
        .exec(connection)
        .await?;
    Ok(())
}

/// Ends a session; ending it twice is the same as once.
pub(in crate::account) async fn end_session(
    connection: &impl ConnectionTrait,
    id: SessionId,
    at: Instant,
) -> Result<(), DbErr> {
    let row = session::ActiveModel {
        revoked_at: Set(Some(at)),
        ..Default::default()
    };
    session::Entity::update_many()
        .set(row)
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::RevokedAt.is_null())
        .exec(connection)
        .await?;
    Ok(())
}

/// Ends every session of an account.
pub(in crate::account) async fn end_sessions(
    connection: &impl ConnectionTrait,
    account: AccountId,
    at: Instant,
) -> Result<(), DbErr> {
    let row = session::ActiveModel {
        revoked_at: Set(Some(at)),
        ..Default::default()
    };
    session::Entity::update_many()
        .set(row)
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::RevokedAt.is_null())
        .exec(connection)
        .await?;
    Ok(())
}

/// Ends a session of this account; `false` where it has no such session.
pub(in crate::account) async fn end_own_session(
    connection: &impl ConnectionTrait,
    account: AccountId,
    id: SessionId,
    at: Instant,
) -> Result<bool, DbErr> {
    let own = session::Entity::find_by_id(id)
        .filter(session::Column::AccountId.eq(account))
        .one(connection)
        .await?;
    if own.is_none() {
        return Ok(false);
    }
    end_session(connection, id, at).await?;
    Ok(true)
}

/// An account's open sessions, the last seen first, at most 100.
pub(in crate::account) async fn sessions(
    connection: &impl ConnectionTrait,
    account: AccountId,
    current: Option<SessionId>,
    now: Instant,
) -> Result<Vec<DeviceSession>, DbErr> {
    let rows = session::Entity::find()
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::LastSeenAt)
        .order_by_desc(session::Column::Id)
        .limit(LISTED)
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| DeviceSession {
            id: row.id,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            current: Some(row.id) == current,
        })
        .collect())
}

/// Removes an account's sessions that expired before `before`, with their tokens.
pub(in crate::account) async fn prune_sessions(
    connection: &impl ConnectionTrait,
    account: AccountId,
    before: Instant,
) -> Result<(), DbErr> {
    let expired = session::Column::AccountId
        .eq(account)
        .and(session::Column::ExpiresAt.lte(before));
    refresh_token::Entity::delete_many()
        .filter(
            refresh_token::Column::SessionId.in_subquery(
                session::Entity::find()
                    .select_only()
                    .column(session::Column::Id)
                    .filter(expired.clone())
                    .into_query(),
            ),
        )
        .exec(connection)
        .await?;
    session::Entity::delete_many()
        .filter(expired)
        .exec(connection)
        .await?;
    Ok(())
}
