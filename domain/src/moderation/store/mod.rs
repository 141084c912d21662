//! Queries on cases, and on what hangs on them.

mod appeal;
mod record;
mod report;
mod template;

use entity::moderation_case::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{LockType, OnConflict},
};

use super::{
    Case, CaseFilter, CaseOrder, CaseState, ModerationRefusal, Subject,
    model::{Item, is_unread_alone},
};
use crate::{
    Error,
    clock::Instant,
    database::keyset,
    id::{AccountId, ModerationAppealId, ModerationCaseId},
    page::Window,
    random,
    screening::FindingCode,
};

pub(super) use appeal::{
    appeal, appeals, by_entry as appeal_against, contested, count_since as count_appeals_since,
    insert as insert_appeal, is_outcome, settle as settle_appeal,
};
pub(super) use record::{
    Statement, append, by_id as entry_by_id, by_ids as entries_by_ids, decisions, end, entries,
    figured, last_of, log, statements,
};
pub(super) use report::{
    count_visitors, has_reported, report, reports, settle as settle_reports, standing,
};
pub(super) use template::{set as set_template, templates};

/// The case of an item, made where there is none yet, locked until the transaction ends.
pub(super) async fn open(
    connection: &impl ConnectionTrait,
    item: &Item,
    now: Instant,
    due: Instant,
) -> Result<Option<Case>, Error<ModerationRefusal>> {
    let (kind, subject) = item.subject.split();
    let row = ActiveModel {
        id: Set(ModerationCaseId::new(now)),
        subject_kind: Set(kind),
        subject_id: Set(subject),
        secret: Set(random::bytes::<32>()?.to_vec()),
        snapshot: Set(item.text.clone()),
        author_id: Set(item.author),
        state: Set(CaseState::Open),
        priority: Set(0),
        version: Set(1),
        report_count: Set(0),
        account_report_count: Set(0),
        findings: Set("[]".to_owned()),
        appeal_id: Set(None),
        created_at: Set(now),
        opened_at: Set(now),
        changed_at: Set(now),
        due_at: Set(due),
        claimed_by: Set(None),
        claimed_until: Set(None),
    };
    // By the item, not by the id, which is always new.
    let same_item = OnConflict::columns([Column::SubjectId, Column::SubjectKind])
        .do_nothing()
        .to_owned();
    Entity::insert(row)
        .on_conflict(same_item)
        .try_insert()
        .exec_without_returning(connection)
        .await?;
    Ok(of_subject(connection, item.subject).await?)
}

/// The case of a subject, locked until the transaction ends; none where it has none.
pub(super) async fn of_subject(
    connection: &impl ConnectionTrait,
    subject: Subject,
) -> Result<Option<Case>, DbErr> {
    let (kind, id) = subject.split();
    let mut select = Entity::find()
        .filter(Column::SubjectId.eq(id))
        .filter(Column::SubjectKind.eq(kind));
    QueryTrait::query(&mut select).lock_with_tables(LockType::NoKeyUpdate, [Entity]);
    select.one(connection).await
}

/// The cases of these subjects, in no order.
pub(super) async fn of_subjects(
    connection: &impl ConnectionTrait,
    subjects: &[Subject],
) -> Result<Vec<Case>, DbErr> {
    let ids = subjects.iter().map(|subject| subject.split().1);
    Entity::find()
        .filter(Column::SubjectId.is_in(ids))
        .all(connection)
        .await
}

/// Opens a case that was decided again, with the item's text as it is now: what reports weighed
/// before that decision no longer counts.
pub(super) async fn reopen(
    connection: &impl ConnectionTrait,
    case: &Case,
    text: &str,
    now: Instant,
    due: Instant,
) -> Result<Case, DbErr> {
    let row = ActiveModel {
        id: Set(case.id),
        snapshot: Set(text.to_owned()),
        state: Set(CaseState::Open),
        // The row is locked since it was read.
        version: Set(case.version + 1),
        priority: Set(0),
        account_report_count: Set(0),
        findings: Set("[]".to_owned()),
        opened_at: Set(now),
        changed_at: Set(now),
        due_at: Set(due),
        ..Default::default()
    };
    row.update(connection).await
}

/// Keeps what the screening found in what waits, and its text as it is now; a text that was
/// reported, or is contested, stays as it was.
pub(super) async fn held(
    connection: &impl ConnectionTrait,
    case: &Case,
    text: &str,
    findings: &[FindingCode],
    now: Instant,
) -> Result<Case, DbErr> {
    let row = ActiveModel {
        id: Set(case.id),
        snapshot: if is_unread_alone(case) {
            Set(text.to_owned())
        } else {
            NotSet
        },
        findings: Set(serde_json::json!(findings).to_string()),
        version: Set(case.version + 1),
        changed_at: Set(now),
        ..Default::default()
    };
    row.update(connection).await
}

/// Gives a case to a moderator until then.
pub(super) async fn claim(
    connection: &impl ConnectionTrait,
    id: ModerationCaseId,
    by: AccountId,
    now: Instant,
    until: Instant,
) -> Result<Case, DbErr> {
    let row = ActiveModel {
        id: Set(id),
        claimed_by: Set(Some(by)),
        claimed_until: Set(Some(until)),
        changed_at: Set(now),
        ..Default::default()
    };
    row.update(connection).await
}

/// Sets what became of a case; whatever it waited for, it waits no longer.
pub(super) async fn close(
    connection: &impl ConnectionTrait,
    case: &Case,
    state: CaseState,
    now: Instant,
) -> Result<Case, DbErr> {
    let row = ActiveModel {
        id: Set(case.id),
        state: Set(state),
        // The row is locked since it was read.
        version: Set(case.version + 1),
        appeal_id: Set(None),
        claimed_by: Set(None),
        claimed_until: Set(None),
        changed_at: Set(now),
        ..Default::default()
    };
    row.update(connection).await
}

/// Opens a case again for an appeal, with the text that was decided on.
pub(super) async fn contest(
    connection: &impl ConnectionTrait,
    case: &Case,
    appeal: ModerationAppealId,
    now: Instant,
    due: Instant,
) -> Result<Case, DbErr> {
    let row = ActiveModel {
        id: Set(case.id),
        state: Set(CaseState::Open),
        version: Set(case.version + 1),
        appeal_id: Set(Some(appeal)),
        opened_at: Set(now),
        changed_at: Set(now),
        due_at: Set(due),
        ..Default::default()
    };
    row.update(connection).await
}

/// The cases that changed at or after an instant, those that changed first first, at most
/// `limit`.
pub(super) async fn changed_since(
    connection: &impl ConnectionTrait,
    since: Instant,
    limit: u64,
) -> Result<Vec<Case>, DbErr> {
    Entity::find()
        .filter(Column::ChangedAt.gte(since))
        .order_by_asc(Column::ChangedAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(connection)
        .await
}

/// Those of the cases that exist, locked in the order of their ids until the transaction ends, so
/// that two who decide the same cases wait for each other at the first.
pub(super) async fn for_change(
    connection: &impl ConnectionTrait,
    ids: &[ModerationCaseId],
) -> Result<Vec<Case>, DbErr> {
    let mut select = Entity::find()
        .filter(Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(Column::Id);
    QueryTrait::query(&mut select).lock_with_tables(LockType::NoKeyUpdate, [Entity]);
    select.all(connection).await
}

/// Those of the cases that exist, in no order.
pub(super) async fn by_ids(
    connection: &impl ConnectionTrait,
    ids: &[ModerationCaseId],
) -> Result<Vec<Case>, DbErr> {
    Entity::find()
        .filter(Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await
}

/// A page of the cases, up to one row more than the window's limit.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    filter: &CaseFilter,
    order: CaseOrder,
    now: Instant,
    window: &Window,
) -> Result<Vec<Case>, DbErr> {
    let (column, direction) = match order {
        CaseOrder::Priority => (Column::Priority, Order::Desc),
        CaseOrder::Oldest => (Column::CreatedAt, Order::Asc),
        CaseOrder::Newest => (Column::CreatedAt, Order::Desc),
        CaseOrder::Due => (Column::DueAt, Order::Asc),
    };
    let select = Entity::find().filter(listed(filter, now));
    keyset(select, column, Column::Id, &direction, window)
        .all(connection)
        .await
}

/// How many cases the whole list holds.
pub(super) async fn count(
    connection: &impl ConnectionTrait,
    filter: &CaseFilter,
    now: Instant,
) -> Result<u64, DbErr> {
    Entity::find()
        .filter(listed(filter, now))
        .count(connection)
        .await
}

/// How many cases wait, and how many of them beyond their deadline.
pub(super) async fn count_waiting(
    connection: &impl ConnectionTrait,
    now: Instant,
) -> Result<(u64, u64), DbErr> {
    let open = Entity::find().filter(Column::State.eq(CaseState::Open));
    let overdue = open.clone().filter(Column::DueAt.lt(now));
    Ok((
        open.count(connection).await?,
        overdue.count(connection).await?,
    ))
}

/// How many cases are in each state that any is in.
pub(super) async fn count_by_state(
    connection: &impl ConnectionTrait,
) -> Result<Vec<(CaseState, i64)>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::State)
        .expr_as(Column::State.count(), "cases")
        .group_by(Column::State)
        .order_by_asc(Column::State)
        .into_tuple()
        .all(connection)
        .await
}

fn listed(filter: &CaseFilter, now: Instant) -> Condition {
    let late = || {
        Condition::all()
            .add(Column::State.eq(CaseState::Open))
            .add(Column::DueAt.lt(now))
    };
    let claimed = |by| {
        Condition::all()
            .add(Column::ClaimedBy.eq(by))
            .add(Column::ClaimedUntil.gt(now))
    };
    Condition::all()
        .add_option(
            filter
                .state
                .clone()
                .map(|states| Column::State.is_in(states)),
        )
        .add_option(
            filter
                .kind
                .clone()
                .map(|kinds| Column::SubjectKind.is_in(kinds)),
        )
        .add_option(
            filter
                .overdue
                .map(|wanted| if wanted { late() } else { late().not() }),
        )
        .add_option(filter.appealed.map(|wanted| {
            if wanted {
                Column::AppealId.is_not_null()
            } else {
                Column::AppealId.is_null()
            }
        }))
        .add_option(filter.claimed_by.map(claimed))
        .add_option(
            filter
                .least_priority
                .map(|least| Column::Priority.gte(least)),
        )
}
