//! Queries on sessions and the tokens that renew them.

use entity::{refresh_token, session};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};

use super::super::DeviceSession;
use crate::{
    clock::Instant,
    id::{AccountId, SessionId},
};

/// How many sessions a list holds at most.
const LISTED: u64 = 100;

/// How the use of a refresh token went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::account) enum RefreshUse {
    /// There is no such token.
    Unknown,
    /// It was used before.
    Again(SessionId),
    /// It is used now; of many at once only one gets this.
    First(SessionId),
}

/// Adds a session.
pub(in crate::account) async fn open_session(
    connection: &impl ConnectionTrait,
    id: SessionId,
    account: AccountId,
    at: Instant,
    expires_at: Instant,
) -> Result<(), DbErr> {
    let row = session::ActiveModel {
        id: Set(id),
        account_id: Set(account),
        created_at: Set(at),
        last_seen_at: Set(at),
        expires_at: Set(expires_at),
        revoked_at: Set(None),
    };
    session::Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Lengthens a session and gives its account; `None` where it has ended.
pub(in crate::account) async fn renew_session(
    connection: &impl ConnectionTrait,
    id: SessionId,
    now: Instant,
    expires_at: Instant,
) -> Result<Option<AccountId>, DbErr> {
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
    if renewed.rows_affected == 0 {
        return Ok(None);
    }
    session::Entity::find_by_id(id)
        .select_only()
        .column(session::Column::AccountId)
        .into_tuple()
        .one(connection)
        .await
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
    current: SessionId,
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
            current: row.id == current,
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

/// Adds an unused token for a session.
pub(in crate::account) async fn add_refresh_token(
    connection: &impl ConnectionTrait,
    token_hash: &str,
    session: SessionId,
    at: Instant,
) -> Result<(), DbErr> {
    let row = refresh_token::ActiveModel {
        token_hash: Set(token_hash.to_owned()),
        session_id: Set(session),
        issued_at: Set(at),
        used_at: Set(None),
    };
    refresh_token::Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Uses a token.
pub(in crate::account) async fn use_refresh_token(
    connection: &impl ConnectionTrait,
    token_hash: &str,
    at: Instant,
) -> Result<RefreshUse, DbErr> {
    let row = refresh_token::ActiveModel {
        used_at: Set(Some(at)),
        ..Default::default()
    };
    let used = refresh_token::Entity::update_many()
        .set(row)
        .filter(refresh_token::Column::TokenHash.eq(token_hash))
        .filter(refresh_token::Column::UsedAt.is_null())
        .exec(connection)
        .await?;
    let session = session_of_token(connection, token_hash).await?;
    Ok(match session {
        None => RefreshUse::Unknown,
        Some(session) if used.rows_affected == 0 => RefreshUse::Again(session),
        Some(session) => RefreshUse::First(session),
    })
}

/// The session that a token renews or did renew.
pub(in crate::account) async fn session_of_token(
    connection: &impl ConnectionTrait,
    token_hash: &str,
) -> Result<Option<SessionId>, DbErr> {
    refresh_token::Entity::find_by_id(token_hash)
        .select_only()
        .column(refresh_token::Column::SessionId)
        .into_tuple()
        .one(connection)
        .await
}

/// Removes a session's tokens that were used before `before`.
pub(in crate::account) async fn prune_tokens(
    connection: &impl ConnectionTrait,
    session: SessionId,
    before: Instant,
) -> Result<(), DbErr> {
    refresh_token::Entity::delete_many()
        .filter(refresh_token::Column::SessionId.eq(session))
        .filter(refresh_token::Column::UsedAt.lt(before))
        .exec(connection)
        .await?;
    Ok(())
}
