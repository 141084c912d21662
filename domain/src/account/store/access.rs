//! Queries on the access that a session gives.

use std::collections::HashMap;

use entity::{account_block, account_role, session};
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
    /// The block of the account, if it holds.
    pub(in crate::account) block: Option<Block>,
}

/// A block that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::account) struct Block {
    /// When it ends; none where it does not by itself.
    pub(in crate::account) until: Option<Instant>,
}

/// A row of [`session_access`]: of a session, one for each role of its account.
type Row = (
    SessionId,
    AccountId,
    Instant,
    Option<Role>,
    Option<Instant>,
    Option<Instant>,
);

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
    let its_block: RelationDef = session::Entity::belongs_to(account_block::Entity)
        .from(session::Column::AccountId)
        .to(account_block::Column::AccountId)
        .into();
    let rows: Vec<Row> = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .column(session::Column::AccountId)
        .column(session::Column::ExpiresAt)
        .column(account_role::Column::Role)
        .column(account_block::Column::BlockedAt)
        .column(account_block::Column::BlockedUntil)
        .join(JoinType::LeftJoin, its_roles)
        .join(JoinType::LeftJoin, its_block)
        .filter(session::Column::Id.is_in(sessions.iter().copied()))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .into_tuple()
        .all(connection)
        .await?;
    let mut open = HashMap::new();
    for (id, account, expires_at, role, blocked_at, until) in rows {
        let holds = blocked_at.is_some() && until.is_none_or(|until| until > now);
        let access = open.entry(id).or_insert_with(|| SessionAccess {
            account,
            expires_at,
            roles: Vec::new(),
            block: holds.then_some(Block { until }),
        });
        access.roles.extend(role);
    }
    Ok(open)
}
