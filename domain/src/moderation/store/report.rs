//! Queries on reports.

use std::collections::{BTreeSet, HashMap};

use entity::{
    content_report::{ActiveModel, Column, Entity},
    moderation_case::{self, Column as Of},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};

use crate::{
    clock::Instant,
    id::{AccountId, ModerationCaseId},
    moderation::{Case, Report},
};

/// Returns true if someone reported the same text in this case before.
pub(in crate::moderation) async fn has_reported(
    connection: &impl ConnectionTrait,
    case: ModerationCaseId,
    reporter_key: &str,
) -> Result<bool, DbErr> {
    let found = Entity::find()
        .filter(Column::CaseId.eq(case))
        .filter(Column::ReporterKey.eq(reporter_key))
        .count(connection)
        .await?;
    Ok(found > 0)
}

/// Returns how many visitors reported in a case since it was opened.
pub(in crate::moderation) async fn count_visitors(
    connection: &impl ConnectionTrait,
    case: &Case,
) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::CaseId.eq(case.id))
        .filter(Column::AccountId.is_null())
        .filter(Column::CreatedAt.gte(case.opened_at))
        .count(connection)
        .await
}

/// How many of an account's reports were judged, and how many of them the moderators saw the
/// same way.
pub(in crate::moderation) async fn standing(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<(u64, u64), DbErr> {
    let judged = Entity::find()
        .filter(Column::AccountId.eq(account))
        .filter(Column::Upheld.is_not_null());
    let upheld = judged.clone().filter(Column::Upheld.eq(true));
    Ok((
        upheld.count(connection).await?,
        judged.count(connection).await?,
    ))
}

/// Adds a report of this weight, and counts it in its case.
pub(in crate::moderation) async fn report(
    connection: &impl ConnectionTrait,
    report: &Report,
    weight: i64,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(report.id),
        case_id: Set(report.case_id),
        reporter_key: Set(report.reporter_key.clone()),
        account_id: Set(report.account_id),
        reason: Set(report.reason),
        explanation: Set(report.explanation.clone()),
        upheld: Set(None),
        created_at: Set(report.created_at),
    };
    Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    let by_account = i64::from(report.account_id.is_some());
    let mut update = moderation_case::Entity::update_many()
        .col_expr(Of::ChangedAt, Expr::value(report.created_at))
        .filter(Of::Id.eq(report.case_id));
    for (column, change) in [
        (Of::Version, 1),
        (Of::ReportCount, 1),
        (Of::AccountReportCount, by_account),
        (Of::Priority, weight),
    ] {
        update = update.col_expr(column, Expr::col(column).add(change));
    }
    update.exec(connection).await?;
    Ok(())
}

/// Says of the reports on a case whether the moderators saw it so: of those that were not judged
/// yet, or of all that came after `since`. Returns the accounts whose reports they are.
pub(in crate::moderation) async fn settle(
    connection: &impl ConnectionTrait,
    case: ModerationCaseId,
    since: Instant,
    upheld: bool,
) -> Result<BTreeSet<AccountId>, DbErr> {
    let settled = Column::CaseId
        .eq(case)
        .and(Column::CreatedAt.gte(since).or(Column::Upheld.is_null()));
    let accounts: Vec<AccountId> = Entity::find()
        .select_only()
        .column(Column::AccountId)
        .filter(settled.clone())
        .filter(Column::AccountId.is_not_null())
        .into_tuple()
        .all(connection)
        .await?;
    Entity::update_many()
        .col_expr(Column::Upheld, Expr::value(upheld))
        .filter(settled)
        .exec(connection)
        .await?;
    Ok(accounts.into_iter().collect())
}

/// The reports on each of the cases, oldest first.
pub(in crate::moderation) async fn reports(
    connection: &impl ConnectionTrait,
    cases: &[ModerationCaseId],
) -> Result<HashMap<ModerationCaseId, Vec<Report>>, DbErr> {
    let rows = Entity::find()
        .filter(Column::CaseId.is_in(cases.iter().copied()))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?;
    let mut reports: HashMap<_, Vec<Report>> = HashMap::new();
    for row in rows {
        reports.entry(row.case_id).or_default().push(row);
    }
    Ok(reports)
}
