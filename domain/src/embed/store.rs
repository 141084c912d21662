//! Queries on embeds.

use std::collections::{BTreeMap, HashMap, HashSet};

use entity::{embed, embed_load, embed_origin, partner_member, poll};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, JoinType, Order,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef,
    sea_query::{Expr, OnConflict},
};

use super::{
    Accent, Embed, Load, Shown,
    loads::{ByOrigin, REST},
    subject::SubjectKey,
};
use crate::{
    Actor,
    database::keyset,
    id::{AccountId, EmbedId, PartnerId},
    page::Window,
};

/// Adds an embed.
pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    embed: &Embed,
    by: Option<AccountId>,
) -> Result<(), DbErr> {
    let row = embed::ActiveModel {
        id: Set(embed.id),
        poll_id: Set(embed.poll),
        partner_id: Set(embed.partner),
        locale: Set(embed.locale),
        accent_color: Set(embed.accent.map(|accent| accent.to_string())),
        subject_key: Set(embed.subject_key.as_ref().map(SubjectKey::to_stored)),
        revision: Set(embed.revision),
        created_by: Set(by),
        created_at: Set(embed.created_at),
        revoked_at: Set(embed.revoked_at),
    };
    embed::Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    add_origins(connection, embed.id, &embed.origins).await
}

/// Overwrites what may change of an embed, and counts the change.
pub(super) async fn update(connection: &impl ConnectionTrait, embed: &Embed) -> Result<(), DbErr> {
    embed::Entity::update_many()
        .col_expr(embed::Column::Locale, Expr::value(embed.locale))
        .col_expr(
            embed::Column::AccentColor,
            Expr::value(embed.accent.map(|accent| accent.to_string())),
        )
        .col_expr(
            embed::Column::SubjectKey,
            Expr::value(embed.subject_key.as_ref().map(SubjectKey::to_stored)),
        )
        .col_expr(embed::Column::RevokedAt, Expr::value(embed.revoked_at))
        .col_expr(
            embed::Column::Revision,
            Expr::col(embed::Column::Revision).add(1),
        )
        .filter(embed::Column::Id.eq(embed.id))
        .exec(connection)
        .await?;
    embed_origin::Entity::delete_many()
        .filter(embed_origin::Column::EmbedId.eq(embed.id))
        .exec(connection)
        .await?;
    add_origins(connection, embed.id, &embed.origins).await
}

async fn add_origins(
    connection: &impl ConnectionTrait,
    embed: EmbedId,
    origins: &[String],
) -> Result<(), DbErr> {
    let rows = origins.iter().map(|origin| embed_origin::ActiveModel {
        embed_id: Set(embed),
        origin: Set(origin.clone()),
    });
    embed_origin::Entity::insert_many(rows)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// The embed, if the actor may see it, locked until the transaction ends.
pub(super) async fn by_id_for_change(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: EmbedId,
) -> Result<Option<Embed>, DbErr> {
    let rows = embed::Entity::find_by_id(id)
        .filter(visible(actor))
        .lock_exclusive()
        .all(connection)
        .await?;
    Ok(with_origins(connection, rows).await?.pop())
}

/// Those of the embeds that the actor may see, in no order.
pub(super) async fn by_ids(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[EmbedId],
) -> Result<Vec<Embed>, DbErr> {
    let rows = embed::Entity::find()
        .filter(embed::Column::Id.is_in(ids.iter().copied()))
        .filter(visible(actor))
        .all(connection)
        .await?;
    with_origins(connection, rows).await
}

/// Which of the embeds the actor may see.
pub(super) async fn seen(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[EmbedId],
) -> Result<Vec<EmbedId>, DbErr> {
    embed::Entity::find()
        .select_only()
        .column(embed::Column::Id)
        .filter(embed::Column::Id.is_in(ids.iter().copied()))
        .filter(visible(actor))
        .into_tuple()
        .all(connection)
        .await
}

/// A page of the partner's embeds, up to one row more than the window's limit.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    partner: PartnerId,
    window: &Window,
) -> Result<Vec<Embed>, DbErr> {
    let rows = keyset(
        embed::Entity::find().filter(embed::Column::PartnerId.eq(partner)),
        embed::Column::CreatedAt,
        embed::Column::Id,
        &Order::Desc,
        window,
    )
    .all(connection)
    .await?;
    with_origins(connection, rows).await
}

/// How many embeds the partner has.
pub(super) async fn count(
    connection: &impl ConnectionTrait,
    partner: PartnerId,
) -> Result<u64, DbErr> {
    embed::Entity::find()
        .filter(embed::Column::PartnerId.eq(partner))
        .count(connection)
        .await
}

/// What a page needs of an embed that is not revoked.
pub(super) async fn shown(
    connection: &impl ConnectionTrait,
    id: EmbedId,
) -> Result<Option<Shown>, DbErr> {
    let its_poll: RelationDef = embed::Entity::belongs_to(poll::Entity)
        .from(embed::Column::PollId)
        .to(poll::Column::Id)
        .into();
    let found: Option<(embed::Model, Option<poll::Model>)> = embed::Entity::find_by_id(id)
        .filter(embed::Column::RevokedAt.is_null())
        .select_also(poll::Entity)
        .join(JoinType::InnerJoin, its_poll)
        .one(connection)
        .await?;
    let Some((row, Some(poll))) = found else {
        return Ok(None);
    };
    let embed = with_origins(connection, vec![row]).await?.pop();
    Ok(embed.map(|embed| Shown {
        id: embed.id,
        poll: embed.poll,
        poll_slug: poll.slug,
        partner: embed.partner,
        origins: embed.origins,
        locale: embed.locale,
        accent: embed.accent,
        revision: embed.revision,
        subject_key: embed.subject_key,
    }))
}

/// Those of the embeds that were not revoked, in no order.
pub(super) async fn shown_among(
    connection: &impl ConnectionTrait,
    ids: &[EmbedId],
) -> Result<Vec<EmbedId>, DbErr> {
    embed::Entity::find()
        .select_only()
        .column(embed::Column::Id)
        .filter(embed::Column::Id.is_in(ids.iter().copied()))
        .filter(embed::Column::RevokedAt.is_null())
        .into_tuple()
        .all(connection)
        .await
}

/// Where each embed was shown and refused, the most often first.
pub(super) async fn loads(
    connection: &impl ConnectionTrait,
    embeds: &[EmbedId],
) -> Result<Vec<(EmbedId, Load)>, DbErr> {
    let rows = embed_load::Entity::find()
        .filter(embed_load::Column::EmbedId.is_in(embeds.iter().copied()))
        .order_by_desc(embed_load::Column::Count)
        .order_by_asc(embed_load::Column::Origin)
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let load = Load {
                origin: Some(row.origin).filter(|origin| origin != REST),
                kind: row.kind,
                count: row.count,
                last_seen_at: row.last_seen_at,
            };
            (row.embed_id, load)
        })
        .collect())
}

/// Where these embeds may stand, and under which names loads are kept already; locked until the
/// transaction ends, in the order of their ids.
pub(super) async fn lock_for_loads(
    connection: &impl ConnectionTrait,
    embeds: &[EmbedId],
) -> Result<BTreeMap<EmbedId, (HashSet<String>, HashSet<String>)>, DbErr> {
    let rows: Vec<EmbedId> = embed::Entity::find()
        .select_only()
        .column(embed::Column::Id)
        .filter(embed::Column::Id.is_in(embeds.iter().copied()))
        .order_by_asc(embed::Column::Id)
        .lock_exclusive()
        .into_tuple()
        .all(connection)
        .await?;
    let mut found: BTreeMap<_, (HashSet<String>, HashSet<String>)> = rows
        .iter()
        .map(|id| (*id, (HashSet::new(), HashSet::new())))
        .collect();
    for (id, origin) in origins_of(connection, &rows).await? {
        if let Some((allowed, _)) = found.get_mut(&id) {
            allowed.insert(origin);
        }
    }
    let known: Vec<(EmbedId, String)> = embed_load::Entity::find()
        .select_only()
        .column(embed_load::Column::EmbedId)
        .column(embed_load::Column::Origin)
        .filter(embed_load::Column::EmbedId.is_in(rows.iter().copied()))
        .distinct()
        .into_tuple()
        .all(connection)
        .await?;
    for (id, origin) in known {
        if let Some((_, known)) = found.get_mut(&id) {
            known.insert(origin);
        }
    }
    Ok(found)
}

/// Adds loads to those that are kept.
pub(super) async fn add_loads(
    connection: &impl ConnectionTrait,
    embed: EmbedId,
    loads: &ByOrigin,
) -> Result<(), DbErr> {
    let rows = loads
        .iter()
        .map(|((origin, kind), seen)| embed_load::ActiveModel {
            embed_id: Set(embed),
            origin: Set(origin.clone()),
            kind: Set(*kind),
            count: Set(seen.count),
            last_seen_at: Set(seen.last),
        });
    let newest = "CASE WHEN excluded.last_seen_at > embed_load.last_seen_at \
                  THEN excluded.last_seen_at ELSE embed_load.last_seen_at END";
    embed_load::Entity::insert_many(rows)
        .on_conflict(
            OnConflict::columns([
                embed_load::Column::EmbedId,
                embed_load::Column::Origin,
                embed_load::Column::Kind,
            ])
            .value(
                embed_load::Column::Count,
                Expr::cust("embed_load.count + excluded.count"),
            )
            .value(embed_load::Column::LastSeenAt, Expr::cust(newest))
            .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// What [`super::policy::may_manage`] says of every row.
fn visible(actor: &Actor) -> Condition {
    if actor.is_editor() {
        return Condition::all();
    }
    let Some(account) = actor.account() else {
        return Condition::all().add(Expr::value(false));
    };
    let partners = partner_member::Entity::find()
        .select_only()
        .column(partner_member::Column::PartnerId)
        .filter(partner_member::Column::AccountId.eq(account))
        .into_query();
    Condition::all().add(embed::Column::PartnerId.in_subquery(partners))
}

async fn with_origins(
    connection: &impl ConnectionTrait,
    rows: Vec<embed::Model>,
) -> Result<Vec<Embed>, DbErr> {
    let ids: Vec<EmbedId> = rows.iter().map(|row| row.id).collect();
    let mut origins: HashMap<EmbedId, Vec<String>> = HashMap::new();
    for (id, origin) in origins_of(connection, &ids).await? {
        origins.entry(id).or_default().push(origin);
    }
    Ok(rows
        .into_iter()
        .map(|row| Embed {
            origins: origins.remove(&row.id).unwrap_or_default(),
            id: row.id,
            poll: row.poll_id,
            partner: row.partner_id,
            locale: row.locale,
            accent: row.accent_color.as_deref().and_then(Accent::stored),
            subject_key: row.subject_key.map(SubjectKey::stored),
            revision: row.revision,
            created_at: row.created_at,
            revoked_at: row.revoked_at,
        })
        .collect())
}

/// Where the embeds may stand, A to Z.
async fn origins_of(
    connection: &impl ConnectionTrait,
    embeds: &[EmbedId],
) -> Result<Vec<(EmbedId, String)>, DbErr> {
    if embeds.is_empty() {
        return Ok(Vec::new());
    }
    let rows = embed_origin::Entity::find()
        .filter(embed_origin::Column::EmbedId.is_in(embeds.iter().copied()))
        .order_by_asc(embed_origin::Column::Origin)
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.embed_id, row.origin))
        .collect())
}
