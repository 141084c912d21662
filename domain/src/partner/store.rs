//! Queries on partners.

use std::collections::{HashMap, HashSet};

use entity::{municipality, partner, partner_member};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, TryInsertResult, sea_query::OnConflict,
};

use super::{Municipality, Partner, PartnerMember, PartnerRole};
use crate::{
    Actor, account,
    clock::Instant,
    database::{equal, keyset},
    id::{AccountId, PartnerId},
    page::Window,
    text,
};

/// Every municipality, by name.
pub(super) async fn municipalities(
    connection: &impl ConnectionTrait,
) -> Result<Vec<Municipality>, DbErr> {
    let rows = municipality::Entity::find()
        .order_by_asc(municipality::Column::Name)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(Municipality::from).collect())
}

/// Whether there is a municipality with this CBS code.
pub(crate) async fn municipality_exists(
    connection: &impl ConnectionTrait,
    code: &str,
) -> Result<bool, DbErr> {
    Ok(municipality::Entity::find_by_id(code.to_owned())
        .one(connection)
        .await?
        .is_some())
}

/// Adds a partner; `false` where the slug is taken.
pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    partner: &Partner,
    by: Option<AccountId>,
) -> Result<bool, DbErr> {
    let row = partner::ActiveModel {
        id: Set(partner.id),
        slug: Set(partner.slug.clone()),
        name: Set(partner.name.clone()),
        name_key: Set(text::sort_key(&partner.name)),
        kind: Set(partner.kind),
        website: Set(partner.website.clone()),
        municipality_code: Set(partner.municipality.clone()),
        created_by: Set(by),
        created_at: Set(partner.created_at),
    };
    let inserted = partner::Entity::insert(row)
        .on_conflict_do_nothing_on([partner::Column::Slug])
        .exec_without_returning(connection)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1..)))
}

/// The partner with this id, locked until the transaction ends.
pub(super) async fn by_id_for_change(
    connection: &impl ConnectionTrait,
    id: PartnerId,
) -> Result<Option<Partner>, DbErr> {
    let row = partner::Entity::find_by_id(id)
        .lock_exclusive()
        .one(connection)
        .await?;
    Ok(row.map(Partner::from))
}

/// The partner with this slug.
pub(super) async fn by_slug(
    connection: &impl ConnectionTrait,
    slug: &str,
) -> Result<Option<Partner>, DbErr> {
    let row = partner::Entity::find()
        .filter(equal(partner::Column::Slug, slug))
        .one(connection)
        .await?;
    Ok(row.map(Partner::from))
}

/// Those of the partners that exist, in no order.
pub(crate) async fn by_ids(
    connection: &impl ConnectionTrait,
    ids: &[PartnerId],
) -> Result<Vec<Partner>, DbErr> {
    let rows = partner::Entity::find()
        .filter(partner::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(Partner::from).collect())
}

/// A page of partners by name, up to one row more than the window's limit.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    window: &Window,
) -> Result<Vec<Partner>, DbErr> {
    let rows = keyset(
        partner::Entity::find(),
        partner::Column::NameKey,
        partner::Column::Id,
        &Order::Asc,
        window,
    )
    .all(connection)
    .await?;
    Ok(rows.into_iter().map(Partner::from).collect())
}

/// How many partners there are.
pub(super) async fn count(connection: &impl ConnectionTrait) -> Result<u64, DbErr> {
    partner::Entity::find().count(connection).await
}

/// What the actor is at the partner.
pub(crate) async fn role_of(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    partner: PartnerId,
) -> Result<Option<PartnerRole>, DbErr> {
    match actor.account() {
        Some(account) => role_at(connection, partner, account).await,
        None => Ok(None),
    }
}

/// What someone is at the partner.
pub(super) async fn role_at(
    connection: &impl ConnectionTrait,
    partner: PartnerId,
    account: AccountId,
) -> Result<Option<PartnerRole>, DbErr> {
    let row = partner_member::Entity::find_by_id((partner, account))
        .one(connection)
        .await?;
    Ok(row.map(|row| row.role))
}

/// What the actor is at those of the partners that they work for.
pub(super) async fn roles_of(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    partners: &[PartnerId],
) -> Result<HashMap<PartnerId, PartnerRole>, DbErr> {
    let Some(account) = actor.account() else {
        return Ok(HashMap::new());
    };
    let rows = partner_member::Entity::find()
        .filter(partner_member::Column::AccountId.eq(account))
        .filter(partner_member::Column::PartnerId.is_in(partners.iter().copied()))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.partner_id, row.role))
        .collect())
}

/// Whether an account works for any partner.
pub(crate) async fn is_member_of_any(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<bool, DbErr> {
    let found = partner_member::Entity::find()
        .filter(partner_member::Column::AccountId.eq(account))
        .count(connection)
        .await?;
    Ok(found > 0)
}

/// Returns those of the accounts that work for any partner.
pub(super) async fn who_work_for_any(
    connection: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<HashSet<AccountId>, DbErr> {
    let members: Vec<AccountId> = partner_member::Entity::find()
        .select_only()
        .column(partner_member::Column::AccountId)
        .distinct()
        .filter(partner_member::Column::AccountId.is_in(accounts.iter().copied()))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(members.into_iter().collect())
}

/// Returns what all partners are called.
pub(super) async fn names(connection: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    partner::Entity::find()
        .select_only()
        .column(partner::Column::Name)
        .into_tuple()
        .all(connection)
        .await
}

/// Who works for each of the partners, longest first.
pub(super) async fn members(
    connection: &impl ConnectionTrait,
    partners: &[PartnerId],
) -> Result<HashMap<PartnerId, Vec<PartnerMember>>, DbErr> {
    let rows = partner_member::Entity::find()
        .filter(partner_member::Column::PartnerId.is_in(partners.iter().copied()))
        .order_by_asc(partner_member::Column::CreatedAt)
        .order_by_asc(partner_member::Column::AccountId)
        .all(connection)
        .await?;
    let ids: Vec<AccountId> = rows.iter().map(|row| row.account_id).collect();
    let profiles: HashMap<AccountId, account::Profile> = account::store::profiles(connection, &ids)
        .await?
        .into_iter()
        .map(|profile| (profile.id, profile))
        .collect();
    let mut members: HashMap<PartnerId, Vec<PartnerMember>> = partners
        .iter()
        .map(|partner| (*partner, Vec::new()))
        .collect();
    for row in rows {
        if let Some(account) = profiles.get(&row.account_id) {
            members
                .entry(row.partner_id)
                .or_default()
                .push(PartnerMember {
                    account: account.clone(),
                    role: row.role,
                });
        }
    }
    Ok(members)
}

/// How many people work for the partner.
pub(super) async fn count_members(
    connection: &impl ConnectionTrait,
    partner: PartnerId,
) -> Result<u64, DbErr> {
    partner_member::Entity::find()
        .filter(partner_member::Column::PartnerId.eq(partner))
        .count(connection)
        .await
}

/// Gives someone a role at the partner, in the place of the one they may have.
pub(super) async fn set_member(
    connection: &impl ConnectionTrait,
    partner: PartnerId,
    account: AccountId,
    role: PartnerRole,
    at: Instant,
) -> Result<(), DbErr> {
    let row = partner_member::ActiveModel {
        partner_id: Set(partner),
        account_id: Set(account),
        role: Set(role),
        created_at: Set(at),
    };
    partner_member::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([
                partner_member::Column::PartnerId,
                partner_member::Column::AccountId,
            ])
            .update_column(partner_member::Column::Role)
            .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Takes someone from the partner; who is not there stays away.
pub(super) async fn remove_member(
    connection: &impl ConnectionTrait,
    partner: PartnerId,
    account: AccountId,
) -> Result<(), DbErr> {
    partner_member::Entity::delete_by_id((partner, account))
        .exec(connection)
        .await?;
    Ok(())
}

impl From<municipality::Model> for Municipality {
    fn from(row: municipality::Model) -> Self {
        Self {
            code: row.code,
            name: row.name,
        }
    }
}

impl From<partner::Model> for Partner {
    fn from(row: partner::Model) -> Self {
        Self {
            id: row.id,
            slug: row.slug,
            name: row.name,
            kind: row.kind,
            website: row.website,
            municipality: row.municipality_code,
            created_at: row.created_at,
        }
    }
}
