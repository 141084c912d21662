//! Queries on who people are to other providers.

use std::collections::HashMap;

use entity::{
    account,
    account_identity::{ActiveModel, Column, Entity},
    account_role, stated_role,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType,
    QueryFilter, QuerySelect, QueryTrait, Select, sea_query::UnionType,
};

use crate::{
    Role, Roles,
    account::provider::{STATED_ROLES_LIFE, Vouched},
    clock::Instant,
    id::AccountId,
};

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

/// Returns true if the provider stated this address of another person before: an address is given
/// to successors.
pub(in crate::account) async fn is_known_address(
    connection: &impl ConnectionTrait,
    issuer: &str,
    email: &str,
) -> Result<bool, DbErr> {
    let its = Condition::any()
        .add(account::Column::ProviderEmail.eq(email))
        .add(account::Column::Email.eq(email));
    let known: Option<AccountId> = Entity::find()
        .select_only()
        .column(Column::AccountId)
        .join(
            JoinType::InnerJoin,
            Entity::belongs_to(account::Entity)
                .from(Column::AccountId)
                .to(account::Column::Id)
                .into(),
        )
        .filter(Column::Issuer.eq(issuer))
        .filter(its)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(known.is_some())
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

/// Notes the roles that the provider states of a person now, in place of those it stated before.
pub(in crate::account) async fn note_stated_roles(
    connection: &impl ConnectionTrait,
    vouched: &Vouched,
    account: AccountId,
) -> Result<(), DbErr> {
    stated_role::Entity::delete_many()
        .filter(stated_role::Column::Issuer.eq(&vouched.issuer))
        .filter(stated_role::Column::Subject.eq(&vouched.subject))
        .exec(connection)
        .await?;
    let roles = vouched.roles.iter().filter(|role| *role != Role::Resident);
    let rows: Vec<_> = roles
        .map(|role| stated_role::ActiveModel {
            issuer: Set(vouched.issuer.clone()),
            subject: Set(vouched.subject.clone()),
            role: Set(role),
            account_id: Set(account),
            stated_at: Set(vouched.issued_at),
        })
        .collect();
    if !rows.is_empty() {
        stated_role::Entity::insert_many(rows)
            .on_conflict_do_nothing()
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}

/// The account's roles as others see them: those that were granted here, and those that a provider
/// stated within [`STATED_ROLES_LIFE`]. What the account's own sessions may do is
/// [`roles`](super::roles) alone, and what their tokens state.
pub(crate) async fn known_roles(
    connection: &impl ConnectionTrait,
    id: AccountId,
    now: Instant,
) -> Result<Roles, DbErr> {
    let mut known = known_roles_of(connection, &[id], now).await?;
    Ok(known.remove(&id).unwrap_or_default())
}

/// As [`known_roles`], of those of the accounts that have any.
pub(crate) async fn known_roles_of(
    connection: &impl ConnectionTrait,
    ids: &[AccountId],
    now: Instant,
) -> Result<HashMap<AccountId, Roles>, DbErr> {
    let stated = stated_roles(now)
        .column(stated_role::Column::AccountId)
        .column(stated_role::Column::Role)
        .filter(stated_role::Column::AccountId.is_in(ids.iter().copied()));
    let mut rows = account_role::Entity::find()
        .select_only()
        .column(account_role::Column::AccountId)
        .column(account_role::Column::Role)
        .filter(account_role::Column::AccountId.is_in(ids.iter().copied()));
    QuerySelect::query(&mut rows).union(UnionType::Distinct, stated.into_query());
    let rows: Vec<(AccountId, Role)> = rows.into_tuple().all(connection).await?;
    let mut roles: HashMap<AccountId, Vec<Role>> = HashMap::new();
    for (account, role) in rows {
        roles.entry(account).or_default().push(role);
    }
    Ok(roles
        .into_iter()
        .map(|(account, roles)| (account, Roles::new(roles)))
        .collect())
}

/// The accounts that judge what others submit, by a role that was granted here or stated by a
/// provider within [`STATED_ROLES_LIFE`]; each once, in no order.
pub(crate) async fn moderators(
    connection: &impl ConnectionTrait,
    now: Instant,
) -> Result<Vec<AccountId>, DbErr> {
    const JUDGES: [Role; 2] = [Role::Moderator, Role::Admin];
    let stated = stated_roles(now)
        .column(stated_role::Column::AccountId)
        .filter(stated_role::Column::Role.is_in(JUDGES));
    let mut moderators = account_role::Entity::find()
        .select_only()
        .column(account_role::Column::AccountId)
        .filter(account_role::Column::Role.is_in(JUDGES));
    QuerySelect::query(&mut moderators).union(UnionType::Distinct, stated.into_query());
    moderators.into_tuple().all(connection).await
}

/// The roles that providers stated recently enough, no column selected yet.
fn stated_roles(now: Instant) -> Select<stated_role::Entity> {
    stated_role::Entity::find()
        .select_only()
        .filter(stated_role::Column::StatedAt.gt(now - STATED_ROLES_LIFE))
}
