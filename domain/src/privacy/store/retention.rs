//! Queries on what was kept long enough.

use entity::{account, account_use, job, mailed_link, refresh_token, registration, session};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, Func, OnConflict, SimpleExpr},
};

use super::erased;
use crate::{
    account::{
        FAILURES_COUNT,
        store::{has_address, prune_failures},
    },
    clock::Instant,
    id::AccountId,
    job::MAIL_LINK,
    privacy::Terms,
    screening,
};

/// When someone was last seen; who never signed in, when their account was made.
fn seen_at() -> SimpleExpr {
    Func::coalesce([
        Expr::col((account_use::Entity, account_use::Column::SeenAt)),
        Expr::col((account::Entity, account::Column::CreatedAt)),
    ])
    .into()
}

/// Accounts of people who were not erased, with when they were seen.
fn accounts() -> Select<account::Entity> {
    account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .join(
            sea_orm::JoinType::LeftJoin,
            account::Entity::belongs_to(account_use::Entity)
                .from(account::Column::Id)
                .to(account_use::Column::AccountId)
                .into(),
        )
        .filter(account::Column::Id.not_in_subquery(erased().into_query()))
        .order_by_asc(account::Column::Id)
}

/// The condition that a warning is due: none was queued since its owner was seen, or none that was
/// queued by `again` was handed over.
fn needs_warning(again: Instant) -> Condition {
    let column = |column| Expr::col((account_use::Entity, column));
    let undelivered = Condition::all()
        .add(column(account_use::Column::ErasableAt).is_null())
        .add(column(account_use::Column::WarnedAt).lte(again));
    Condition::any()
        .add(column(account_use::Column::WarnedAt).is_null())
        .add(undelivered)
}

/// Whoever was last seen before `before` and has to be warned, if a mail can reach them: nobody is
/// erased for being away who was not warned.
pub(in crate::privacy) async fn unwarned(
    connection: &impl ConnectionTrait,
    before: Instant,
    again: Instant,
    most: u64,
) -> Result<Vec<(AccountId, Instant)>, DbErr> {
    accounts()
        .column_as(seen_at(), "seen_at")
        .filter(seen_at().lte(before))
        .filter(needs_warning(again))
        .filter(account::Column::EmailVerifiedAt.is_not_null())
        .filter(has_address())
        .limit(most)
        .into_tuple()
        .all(connection)
        .await
}

/// Notes that a warning is queued; `false` if one was already, or its owner was seen meanwhile.
pub(in crate::privacy) async fn note_warning(
    connection: &impl ConnectionTrait,
    account: AccountId,
    seen_at: Instant,
    again: Instant,
    now: Instant,
) -> Result<bool, DbErr> {
    let row = account_use::ActiveModel {
        account_id: Set(account),
        seen_at: Set(seen_at),
        warned_at: Set(Some(now)),
        erasable_at: Set(None),
    };
    let as_found = Condition::all()
        .add(needs_warning(again))
        .add(Expr::col((account_use::Entity, account_use::Column::SeenAt)).eq(seen_at));
    let noted = account_use::Entity::insert(row)
        .on_conflict(
            OnConflict::column(account_use::Column::AccountId)
                .update_column(account_use::Column::WarnedAt)
                .action_cond_where(as_found)
                .to_owned(),
        )
        .exec_without_returning(connection)
        .await?;
    Ok(noted > 0)
}

/// Returns true if a warning was queued since its owner was last seen.
pub(in crate::privacy) async fn is_warned(
    connection: &impl ConnectionTrait,
    account: AccountId,
) -> Result<bool, DbErr> {
    let row = account_use::Entity::find_by_id(account)
        .one(connection)
        .await?;
    Ok(row.is_some_and(|row| row.warned_at.is_some()))
}

/// Notes that a mail server took the warning, which names this time; does nothing if its owner was
/// seen meanwhile.
pub(in crate::privacy) async fn note_handed_over(
    connection: &impl ConnectionTrait,
    account: AccountId,
    erasable_at: Instant,
) -> Result<(), DbErr> {
    account_use::Entity::update_many()
        .col_expr(account_use::Column::ErasableAt, Expr::value(erasable_at))
        .filter(account_use::Column::AccountId.eq(account))
        .filter(account_use::Column::WarnedAt.is_not_null())
        .exec(connection)
        .await?;
    Ok(())
}

/// Returns up to `most` accounts behind `after`, in id order, that were last seen so long ago that
/// they go, and whose warning was handed to a mail server and has run out.
pub(in crate::privacy) async fn idle(
    connection: &impl ConnectionTrait,
    now: Instant,
    terms: Terms,
    after: Option<AccountId>,
    most: u64,
) -> Result<Vec<AccountId>, DbErr> {
    accounts_after(after)
        .filter(seen_at().lte(now - terms.account))
        .filter(account_use::Column::ErasableAt.lte(now))
        .limit(most)
        .into_tuple()
        .all(connection)
        .await
}

/// Returns up to `most` accounts behind `after`, in id order, that were made before `before`, whose
/// address nobody verified and nobody registered since.
pub(in crate::privacy) async fn unverified(
    connection: &impl ConnectionTrait,
    before: Instant,
    after: Option<AccountId>,
    most: u64,
) -> Result<Vec<AccountId>, DbErr> {
    let waiting = registration::Entity::find()
        .select_only()
        .column(registration::Column::AccountId)
        .filter(registration::Column::CreatedAt.gt(before))
        .into_query();
    accounts_after(after)
        .filter(account::Column::EmailVerifiedAt.is_null())
        .filter(account::Column::UpdatedAt.lte(before))
        .filter(account::Column::Id.not_in_subquery(waiting))
        .limit(most)
        .into_tuple()
        .all(connection)
        .await
}

fn accounts_after(after: Option<AccountId>) -> Select<account::Entity> {
    match after {
        None => accounts(),
        Some(after) => accounts().filter(account::Column::Id.gt(after)),
    }
}

/// Removes what has ended long enough ago; gives how many of which kind.
pub(in crate::privacy) async fn remove(
    connection: &impl ConnectionTrait,
    now: Instant,
    terms: Terms,
) -> Result<[(&'static str, u64); 7], DbErr> {
    let ended = Condition::any()
        .add(session::Column::ExpiresAt.lte(now - terms.session))
        .add(session::Column::RevokedAt.lte(now - terms.session));
    let sessions = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(ended.clone())
        .into_query();
    refresh_token::Entity::delete_many()
        .filter(refresh_token::Column::SessionId.in_subquery(sessions))
        .exec(connection)
        .await?;
    let sessions = session::Entity::delete_many()
        .filter(ended)
        .exec(connection)
        .await?;
    let links = mailed_link::Entity::delete_many()
        .filter(mailed_link::Column::ExpiresAt.lte(now - terms.link))
        .exec(connection)
        .await?;
    let registrations = registration::Entity::delete_many()
        .filter(registration::Column::CreatedAt.lte(now - terms.unverified))
        .exec(connection)
        .await?;
    let jobs = job::Entity::delete_many()
        .filter(job::Column::FailedAt.lte(now - terms.job))
        .exec(connection)
        .await?;
    // A link that could not be mailed for so long is waited for by nobody.
    let unsent = job::Entity::delete_many()
        .filter(job::Column::Kind.eq(MAIL_LINK))
        .filter(job::Column::FailedAt.is_null())
        .filter(job::Column::CreatedAt.lte(now - terms.link))
        .exec(connection)
        .await?;
    let screened = screening::store::forget(connection, now - screening::MEMORY).await?;
    let failures = prune_failures(connection, now - FAILURES_COUNT).await?;
    Ok([
        ("failed attempt", failures),
        ("session", sessions.rows_affected),
        ("mailed link", links.rows_affected),
        ("registration", registrations.rows_affected),
        ("failed job", jobs.rows_affected),
        ("unsent link", unsent.rows_affected),
        ("screening", screened),
    ])
}
