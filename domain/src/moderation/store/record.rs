//! The record of moderation: added to at its end, read in its order.

use std::collections::HashMap;

use entity::{moderation_actor, moderation_chain, moderation_entry, moderation_statement};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    ExprTrait, IntoActiveModel, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    clock::Instant,
    database::keyset,
    id::{AccountId, ModerationCaseId, ModerationChainId, ModerationEntryId},
    moderation::{Decision, chain, model::Entry},
    page::Window,
};

const END: ModerationChainId = ModerationChainId(Uuid::nil());

/// What an author is told, with the salt of its hash.
#[derive(Debug)]
pub(in crate::moderation) struct Statement {
    pub(in crate::moderation) salt: String,
    pub(in crate::moderation) text: String,
}

/// What the record says of some days.
pub(in crate::moderation) struct Figured {
    /// Since when each case had waited, and when it was decided.
    pub(in crate::moderation) waits: Vec<(Instant, Instant)>,
    pub(in crate::moderation) reversed: u64,
}

/// Adds an entry to the end of the record, where it gets its position and hashes. Whoever else
/// adds one waits until the transaction ends.
pub(in crate::moderation) async fn append(
    connection: &impl ConnectionTrait,
    mut entry: Entry,
    statement: Option<Statement>,
    by: Option<AccountId>,
) -> Result<Entry, DbErr> {
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
    let (length, hash) = end(connection).await?;
    entry.position = length;
    entry.previous_hash = hash;
    entry.statement_hash = statement
        .as_ref()
        .map(|statement| chain::statement_hash(&statement.salt, &statement.text));
    entry.format = chain::FORMAT;
    entry.hash = chain::hash(&entry).unwrap_or_default();
    let end = moderation_chain::ActiveModel {
        id: Set(END),
        hash: Set(entry.hash.clone()),
        ..Default::default()
    };
    end.update(connection).await?;
    moderation_entry::Entity::insert(entry.clone().into_active_model().reset_all())
        .exec_without_returning(connection)
        .await?;
    if let Some(statement) = statement {
        let row = moderation_statement::ActiveModel {
            entry_id: Set(entry.id),
            salt: Set(statement.salt),
            text: Set(statement.text),
        };
        moderation_statement::Entity::insert(row)
            .exec_without_returning(connection)
            .await?;
    }
    if let Some(account) = by {
        let actor = moderation_actor::ActiveModel {
            entry_id: Set(entry.id),
            account_id: Set(account),
        };
        moderation_actor::Entity::insert(actor)
            .exec_without_returning(connection)
            .await?;
    }
    Ok(entry)
}

/// How many entries were ever added, and the hash of the last; empty where there was none.
pub(in crate::moderation) async fn end(
    connection: &impl ConnectionTrait,
) -> Result<(i64, String), DbErr> {
    let end = moderation_chain::Entity::find_by_id(END)
        .one(connection)
        .await?;
    Ok(end.map_or_else(Default::default, |end| (end.length, end.hash)))
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
        .filter(moderation_actor::Column::EntryId.is_in(ids.iter().copied()))
        .all(connection)
        .await?
        .into_iter()
        .map(|actor| (actor.entry_id, actor.account_id))
        .collect();
    let mut statements = statements(connection, &ids).await?;
    let mut decisions: HashMap<_, Vec<Decision>> = HashMap::new();
    for entry in entries {
        let of_case = decisions.entry(entry.case_id).or_default();
        of_case.push(Decision {
            decided_by: actors.get(&entry.id).copied(),
            statement: statements.remove(&entry.id).map(|told| told.text),
            entry,
        });
    }
    Ok(decisions)
}

/// What authors were told by these entries, as far as it is kept.
pub(in crate::moderation) async fn statements(
    connection: &impl ConnectionTrait,
    entries: &[ModerationEntryId],
) -> Result<HashMap<ModerationEntryId, Statement>, DbErr> {
    let rows = moderation_statement::Entity::find()
        .filter(moderation_statement::Column::EntryId.is_in(entries.iter().copied()))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let (salt, text) = (row.salt, row.text);
            (row.entry_id, Statement { salt, text })
        })
        .collect())
}

/// An entry; none where there is none.
pub(in crate::moderation) async fn by_id(
    connection: &impl ConnectionTrait,
    id: ModerationEntryId,
) -> Result<Option<Entry>, DbErr> {
    moderation_entry::Entity::find_by_id(id)
        .one(connection)
        .await
}

/// Those of the entries that exist, in no order.
pub(in crate::moderation) async fn by_ids(
    connection: &impl ConnectionTrait,
    ids: &[ModerationEntryId],
) -> Result<Vec<Entry>, DbErr> {
    moderation_entry::Entity::find()
        .filter(moderation_entry::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await
}

/// The last entry of a case; none where nothing was decided yet.
pub(in crate::moderation) async fn last_of(
    connection: &impl ConnectionTrait,
    case: ModerationCaseId,
) -> Result<Option<Entry>, DbErr> {
    moderation_entry::Entity::find()
        .filter(moderation_entry::Column::CaseId.eq(case))
        .order_by_desc(moderation_entry::Column::Position)
        .one(connection)
        .await
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

/// A page of the record, the newest entry first, up to one more than the window's limit.
pub(in crate::moderation) async fn log(
    connection: &impl ConnectionTrait,
    window: &Window,
) -> Result<Vec<Entry>, DbErr> {
    use moderation_entry::{Column, Entity};
    keyset(
        Entity::find(),
        Column::Position,
        Column::Id,
        &Order::Desc,
        window,
    )
    .all(connection)
    .await
}

/// What the record says of the time since an instant.
pub(in crate::moderation) async fn figured(
    connection: &impl ConnectionTrait,
    since: Instant,
) -> Result<Figured, DbErr> {
    use moderation_entry::{Column, Entity};
    let recent = Entity::find().filter(Column::CreatedAt.gte(since));
    let waits = recent
        .clone()
        .filter(Column::OpenedAt.is_not_null())
        .select_only()
        .columns([Column::OpenedAt, Column::CreatedAt])
        .into_tuple()
        .all(connection)
        .await?;
    let reversed = recent
        .filter(Column::IsReversal.eq(true))
        .count(connection)
        .await?;
    Ok(Figured { waits, reversed })
}
