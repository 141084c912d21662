//! Queries on cases and reports.

mod record;

use std::collections::HashMap;

use entity::{
    content_report,
    moderation_case::{ActiveModel, Column, Entity},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, LockType, OnConflict},
};

use super::{
    Case, CaseFilter, CaseOrder, CaseState, Report,
    model::{Item, outcome},
};
use crate::{
    clock::Instant,
    database::keyset,
    id::{AccountId, ModerationCaseId},
    moderation::Action,
    page::Window,
};

pub(super) use record::{append, decisions, entries};

/// The case of an item, made where there is none yet, locked until the transaction ends.
pub(super) async fn open(
    connection: &impl ConnectionTrait,
    item: &Item,
    now: Instant,
    due: Instant,
) -> Result<Option<Case>, DbErr> {
    let (kind, subject) = item.subject.split();
    let row = ActiveModel {
        id: Set(ModerationCaseId::new(now)),
        subject_kind: Set(kind),
        subject_id: Set(subject),
        snapshot: Set(item.text.clone()),
        author_id: Set(item.author),
        state: Set(CaseState::Open),
        priority: Set(0),
        version: Set(1),
        report_count: Set(0),
        account_report_count: Set(0),
        created_at: Set(now),
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
    let mut select = Entity::find()
        .filter(Column::SubjectId.eq(subject))
        .filter(Column::SubjectKind.eq(kind));
    QueryTrait::query(&mut select).lock_with_tables(LockType::NoKeyUpdate, [Entity]);
    select.one(connection).await
}

/// Opens a case that was decided again, with the item's text as it is now: what reports weighed
/// before that decision no longer counts.
pub(super) async fn reopen(
    connection: &impl ConnectionTrait,
    case: Case,
    item: &Item,
    due: Instant,
) -> Result<Case, DbErr> {
    let row = ActiveModel {
        id: Set(case.id),
        snapshot: Set(item.text.clone()),
        state: Set(CaseState::Open),
        priority: Set(0),
        account_report_count: Set(0),
        due_at: Set(due),
        ..Default::default()
    };
    row.update(connection).await
}

/// Whether someone reported in this case before.
pub(super) async fn has_reported(
    connection: &impl ConnectionTrait,
    case: ModerationCaseId,
    reporter_key: &str,
) -> Result<bool, DbErr> {
    let found = content_report::Entity::find()
        .filter(content_report::Column::CaseId.eq(case))
        .filter(content_report::Column::ReporterKey.eq(reporter_key))
        .count(connection)
        .await?;
    Ok(found > 0)
}

/// Adds a report of this weight, and counts it in its case.
pub(super) async fn report(
    connection: &impl ConnectionTrait,
    report: &Report,
    weight: i64,
) -> Result<(), DbErr> {
    let row = content_report::ActiveModel {
        id: Set(report.id),
        case_id: Set(report.case_id),
        reporter_key: Set(report.reporter_key.clone()),
        account_id: Set(report.account_id),
        reason: Set(report.reason),
        explanation: Set(report.explanation.clone()),
        created_at: Set(report.created_at),
    };
    content_report::Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    let by_account = i64::from(report.account_id.is_some());
    let mut update = Entity::update_many().filter(Column::Id.eq(report.case_id));
    for (column, change) in [
        (Column::Version, 1),
        (Column::ReportCount, 1),
        (Column::AccountReportCount, by_account),
        (Column::Priority, weight),
    ] {
        update = update.col_expr(column, Expr::col(column).add(change));
    }
    update.exec(connection).await?;
    Ok(())
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

/// Gives a case to a moderator until then.
pub(super) async fn claim(
    connection: &impl ConnectionTrait,
    id: ModerationCaseId,
    by: AccountId,
    until: Instant,
) -> Result<Case, DbErr> {
    let row = ActiveModel {
        id: Set(id),
        claimed_by: Set(Some(by)),
        claimed_until: Set(Some(until)),
        ..Default::default()
    };
    row.update(connection).await
}

/// Sets what became of a case.
pub(super) async fn decide(
    connection: &impl ConnectionTrait,
    case: &Case,
    action: Action,
) -> Result<Case, DbErr> {
    let row = ActiveModel {
        id: Set(case.id),
        state: Set(outcome(action)),
        // The row is locked since it was read.
        version: Set(case.version + 1),
        claimed_by: Set(None),
        claimed_until: Set(None),
        ..Default::default()
    };
    row.update(connection).await
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
    window: &Window,
) -> Result<Vec<Case>, DbErr> {
    let (column, direction) = match order {
        CaseOrder::Priority => (Column::Priority, Order::Desc),
        CaseOrder::Oldest => (Column::CreatedAt, Order::Asc),
        CaseOrder::Newest => (Column::CreatedAt, Order::Desc),
    };
    let select = Entity::find().filter(held(filter));
    keyset(select, column, Column::Id, &direction, window)
        .all(connection)
        .await
}

/// How many cases the whole list holds.
pub(super) async fn count(
    connection: &impl ConnectionTrait,
    filter: &CaseFilter,
) -> Result<u64, DbErr> {
    Entity::find().filter(held(filter)).count(connection).await
}

/// How many cases are in each state that any is in.
pub(super) async fn count_by_state(
    connection: &impl ConnectionTrait,
) -> Result<Vec<(CaseState, i64)>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::State)
        .expr_as(Column::Id.count(), "cases")
        .group_by(Column::State)
        .order_by_asc(Column::State)
        .into_tuple()
        .all(connection)
        .await
}

fn held(filter: &CaseFilter) -> Condition {
    let states = filter.state.clone();
    let kinds = filter.kind.clone();
    Condition::all()
        .add_option(states.map(|states| Column::State.is_in(states)))
        .add_option(kinds.map(|kinds| Column::SubjectKind.is_in(kinds)))
}

/// The reports on each of the cases, oldest first.
pub(super) async fn reports(
    connection: &impl ConnectionTrait,
    cases: &[ModerationCaseId],
) -> Result<HashMap<ModerationCaseId, Vec<Report>>, DbErr> {
    let rows = content_report::Entity::find()
        .filter(content_report::Column::CaseId.is_in(cases.iter().copied()))
        .order_by_asc(content_report::Column::CreatedAt)
        .order_by_asc(content_report::Column::Id)
        .all(connection)
        .await?;
    let mut reports: HashMap<_, Vec<Report>> = HashMap::new();
    for row in rows {
        reports.entry(row.case_id).or_default().push(row);
    }
    Ok(reports)
}
