//! Queries on the access that a session gives.

use std::collections::HashMap;

use entity::{account_role, session};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QuerySelect,
    RelationDef,
};

use crate::{
    Role,
    clock::Instant,
    id::{AccountId, SessionId},
};

/// The access that an open session gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::account) struct SessionAccess {
    /// The account of the session.
    pub(in crate::account) account: AccountId,
    /// When it ends if its tokens are not renewed.
    pub(in crate::account) expires_at: Instant,
    /// The roles that the account has now.
    pub(in crate::account) roles: Vec<Role>,
}

/// Those of the sessions that are open at `now`, in one statement.
pub(in crate::account) async fn session_access(
    connection: &impl ConnectionTrait,
    sessions: &[SessionId],
    now: Instant,
) -> Result<HashMap<SessionId, SessionAccess>, DbErr> {
    let its_roles: RelationDef = session::Entity::belongs_to(account_role::Entity)
        .from(session::Column::AccountId)
        .to(account_role::Column::AccountId)
        .into();
    let rows: Vec<(SessionId, AccountId, Instant, Option<Role>)> = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .column(session::Column::AccountId)
        .column(session::Column::ExpiresAt)
        .column(account_role::Column::Role)
        .join(JoinType::LeftJoin, its_roles)
        .filter(session::Column::Id.is_in(sessions.iter().copied()))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .into_tuple()
        .all(connection)
        .await?;
    let mut open = HashMap::new();
    for (id, account, expires_at, role) in rows {
        let access = open.entry(id).or_insert_with(|| SessionAccess {
            account,
            expires_at,
            roles: Vec::new(),
        });
        access.roles.extend(role);
    }
    Ok(open)
}
