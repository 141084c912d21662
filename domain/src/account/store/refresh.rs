//! Queries on the tokens that renew a session.

use entity::refresh_token::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
};

use crate::{clock::Instant, id::SessionId};

/// How the use of a refresh token went.
pub(in crate::account) enum RefreshUse {
    /// There is no such token.
    Unknown,
    /// It was used before, or voided.
    Again(KnownToken),
    /// It is used now; of many at once only one gets this.
    First(SessionId),
}

/// What is kept of a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::account) struct KnownToken {
    /// Its SHA-256.
    pub(in crate::account) hash: String,
    /// The session that it renews.
    pub(in crate::account) session: SessionId,
    /// When it was used.
    pub(in crate::account) used_at: Option<Instant>,
    /// When the access token that was given out with it was first used.
    pub(in crate::account) access_used_at: Option<Instant>,
    /// The token that was given for it.
    pub(in crate::account) replaced_by: Option<String>,
    /// When its second use was forgiven.
    pub(in crate::account) forgiven_at: Option<Instant>,
    /// When it was taken for one that never arrived.
    pub(in crate::account) voided_at: Option<Instant>,
}

/// A refresh token to be.
pub(in crate::account) struct NewToken<'a> {
    /// Its SHA-256.
    pub(in crate::account) hash: &'a str,
    /// The session that it renews.
    pub(in crate::account) session: SessionId,
    /// The name of the access token that goes out with it.
    pub(in crate::account) access_id: &'a str,
    /// The token that it replaces; none at a sign-in.
    pub(in crate::account) replaces: Option<&'a str>,
}

/// Adds an unused token, and notes at the one that it replaces that it does.
pub(in crate::account) async fn add_refresh_token(
    connection: &impl ConnectionTrait,
    token: NewToken<'_>,
    at: Instant,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        token_hash: Set(token.hash.to_owned()),
        session_id: Set(token.session),
        issued_at: Set(at),
        used_at: Set(None),
        access_id: Set(Some(token.access_id.to_owned())),
        // After a sign-in no answer is repeated, so that nobody asks whether it was used.
        access_used_at: Set(token.replaces.is_none().then_some(at)),
        replaced_by: Set(None),
        forgiven_at: Set(None),
        voided_at: Set(None),
    };
    Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    if let Some(replaced) = token.replaces {
        let row = ActiveModel {
            replaced_by: Set(Some(token.hash.to_owned())),
            ..Default::default()
        };
        Entity::update_many()
            .set(row)
            .filter(Column::TokenHash.eq(replaced))
            .exec(connection)
            .await?;
    }
    Ok(())
}

/// Uses a token.
pub(in crate::account) async fn use_refresh_token(
    connection: &impl ConnectionTrait,
    token_hash: &str,
    at: Instant,
) -> Result<RefreshUse, DbErr> {
    let row = ActiveModel {
        used_at: Set(Some(at)),
        ..Default::default()
    };
    let used = Entity::update_many()
        .set(row)
        .filter(Column::TokenHash.eq(token_hash))
        .filter(Column::UsedAt.is_null())
        .filter(Column::VoidedAt.is_null())
        .exec(connection)
        .await?;
    Ok(match refresh_token(connection, token_hash).await? {
        None => RefreshUse::Unknown,
        Some(token) if used.rows_affected == 0 => RefreshUse::Again(token),
        Some(token) => RefreshUse::First(token.session),
    })
}

/// What is kept of a token, locked until the transaction ends.
pub(in crate::account) async fn refresh_token(
    connection: &impl ConnectionTrait,
    token_hash: &str,
) -> Result<Option<KnownToken>, DbErr> {
    let row = Entity::find_by_id(token_hash)
        .lock_exclusive()
        .one(connection)
        .await?;
    Ok(row.map(KnownToken::from))
}

/// Voids a token whose access token was never used, and notes at the one that it replaced that
/// this was forgiven; `false` where either was used meanwhile.
pub(in crate::account) async fn forgive(
    connection: &impl ConnectionTrait,
    token_hash: &str,
    lost_hash: &str,
    now: Instant,
) -> Result<bool, DbErr> {
    let row = ActiveModel {
        voided_at: Set(Some(now)),
        ..Default::default()
    };
    let voided = Entity::update_many()
        .set(row)
        .filter(Column::TokenHash.eq(lost_hash))
        .filter(Column::UsedAt.is_null())
        .filter(Column::AccessUsedAt.is_null())
        .exec(connection)
        .await?;
    if voided.rows_affected == 0 {
        return Ok(false);
    }
    let row = ActiveModel {
        forgiven_at: Set(Some(now)),
        ..Default::default()
    };
    Entity::update_many()
        .set(row)
        .filter(Column::TokenHash.eq(token_hash))
        .exec(connection)
        .await?;
    Ok(true)
}

/// Whether the access token with this name was used before; `None` where it does not work,
/// because the answer that held it counts as lost.
pub(in crate::account) async fn access_used(
    connection: &impl ConnectionTrait,
    access_id: &str,
) -> Result<Option<bool>, DbErr> {
    let row = Entity::find()
        .filter(Column::AccessId.eq(access_id))
        .one(connection)
        .await?;
    Ok(row
        .filter(|row| row.voided_at.is_none())
        .map(|row| row.access_used_at.is_some()))
}

/// Notes the first use of the access token with this name; `false` where it was voided.
pub(in crate::account) async fn note_access_use(
    connection: &impl ConnectionTrait,
    access_id: &str,
    now: Instant,
) -> Result<bool, DbErr> {
    let row = ActiveModel {
        access_used_at: Set(Some(now)),
        ..Default::default()
    };
    Entity::update_many()
        .set(row)
        .filter(Column::AccessId.eq(access_id))
        .filter(Column::AccessUsedAt.is_null())
        .filter(Column::VoidedAt.is_null())
        .exec(connection)
        .await?;
    Ok(access_used(connection, access_id).await?.is_some())
}

/// The session that a token renews or did renew.
pub(in crate::account) async fn session_of_token(
    connection: &impl ConnectionTrait,
    token_hash: &str,
) -> Result<Option<SessionId>, DbErr> {
    Entity::find_by_id(token_hash)
        .select_only()
        .column(Column::SessionId)
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
    Entity::delete_many()
        .filter(Column::SessionId.eq(session))
        .filter(Column::UsedAt.lt(before))
        .exec(connection)
        .await?;
    Ok(())
}

impl From<Model> for KnownToken {
    fn from(row: Model) -> Self {
        Self {
            hash: row.token_hash,
            session: row.session_id,
            used_at: row.used_at,
            access_used_at: row.access_used_at,
            replaced_by: row.replaced_by,
            forgiven_at: row.forgiven_at,
            voided_at: row.voided_at,
        }
    }
}
