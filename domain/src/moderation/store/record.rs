//! The record of moderation: added to at its end, read in its order.

use std::collections::HashMap;

use entity::{moderation_actor, moderation_chain, moderation_entry};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    id::{AccountId, ModerationCaseId, ModerationChainId},
    moderation::{Decision, chain, model::Entry},
};

const END: ModerationChainId = ModerationChainId(Uuid::nil());

/// Adds an entry to the end of the record, where it gets its position and hashes. Whoever else
/// adds one waits until the transaction ends.
pub(in crate::moderation) async fn append(
    connection: &impl ConnectionTrait,
    mut entry: Entry,
    by: Option<AccountId>,
) -> Result<(), DbErr> {
    let first = moderation_chain::ActiveModel {
        id: Set(END),
        length: Set(0),
        hash: Set(String::new()),
    };
    moderation_chain::Entity::insert(first)
        .on_conflict_do_nothing()
        .exec_without_returning(connection)
        .await?;
    let length = moderation_chain::Column::Length;
    moderation_chain::Entity::update_many()
        .col_expr(length, Expr::col(length).add(1))
        .filter(moderation_chain::Column::Id.eq(END))
        .exec(connection)
        .await?;
    let end = moderation_chain::Entity::find_by_id(END)
        .one(connection)
        .await?
        .ok_or_else(|| DbErr::RecordNotFound("the end of the record".to_owned()))?;
    entry.position = end.length;
    entry.previous_hash = end.hash;
    entry.hash = chain::hash(&entry);
    let end = moderation_chain::ActiveModel {
        id: Set(END),
        hash: Set(entry.hash.clone()),
        ..Default::default()
    };
    end.update(connection).await?;
    let id = entry.id;
    moderation_entry::Entity::insert(entry.into_active_model().reset_all())
        .exec_without_returning(connection)
        .await?;
    if let Some(account) = by {
        let actor = moderation_actor::ActiveModel {
            entry_id: Set(id),
            account_id: Set(account),
        };
        moderation_actor::Entity::insert(actor)
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}

/// The decisions in each of the cases, oldest first.
pub(in crate::moderation) async fn decisions(
    connection: &impl ConnectionTrait,
    cases: &[ModerationCaseId],
) -> Result<HashMap<ModerationCaseId, Vec<Decision>>, DbErr> {
    let entries = moderation_entry::Entity::find()
        .filter(moderation_entry::Column::CaseId.is_in(cases.iter().copied()))
        .order_by_asc(moderation_entry::Column::Position)
        .all(connection)
        .await?;
    let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
    let actors: HashMap<_, _> = moderation_actor::Entity::find()
        .filter(moderation_actor::Column::EntryId.is_in(ids))
        .all(connection)
        .await?
        .into_iter()
        .map(|actor| (actor.entry_id, actor.account_id))
        .collect();
    let mut decisions: HashMap<_, Vec<Decision>> = HashMap::new();
    for entry in entries {
        let decided_by = actors.get(&entry.id).copied();
        let of_case = decisions.entry(entry.case_id).or_default();
        of_case.push(Decision { entry, decided_by });
    }
    Ok(decisions)
}

/// The next `limit` entries behind this position.
pub(in crate::moderation) async fn entries(
    connection: &impl ConnectionTrait,
    behind: i64,
    limit: u64,
) -> Result<Vec<Entry>, DbErr> {
    moderation_entry::Entity::find()
        .filter(moderation_entry::Column::Position.gt(behind))
        .order_by_asc(moderation_entry::Column::Position)
        .limit(limit)
        .all(connection)
        .await
}
