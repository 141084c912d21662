//! Queries on what was kept long enough.

use entity::{account, account_use, job, mailed_link, refresh_token, registration, session};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, Func, OnConflict, SimpleExpr},
};

use super::erased;
use crate::{clock::Instant, id::AccountId, privacy::Terms, screening};

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

/// Whoever was last seen before `before` and was not warned.
pub(in crate::privacy) async fn unwarned(
    connection: &impl ConnectionTrait,
    before: Instant,
    most: u64,
) -> Result<Vec<(AccountId, Instant)>, DbErr> {
    accounts()
        .column_as(seen_at(), "seen_at")
        .filter(seen_at().lte(before))
        .filter(account_use::Column::WarnedAt.is_null())
        .filter(account::Column::EmailVerifiedAt.is_not_null())
        .limit(most)
        .into_tuple()
        .all(connection)
        .await
}

/// Notes that someone is warned; `false` where they were already, or were seen meanwhile.
pub(in crate::privacy) async fn note_warning(
    connection: &impl ConnectionTrait,
    account: AccountId,
    seen_at: Instant,
    now: Instant,
) -> Result<bool, DbErr> {
    let row = account_use::ActiveModel {
        account_id: Set(account),
        seen_at: Set(seen_at),
        warned_at: Set(Some(now)),
    };
    let as_found = Condition::all()
        .add(account_use::Column::WarnedAt.is_null())
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

/// Returns up to `most` accounts behind `after`, in id order, that were last seen so long ago that
/// they go, and were warned in time.
pub(in crate::privacy) async fn idle(
    connection: &impl ConnectionTrait,
    now: Instant,
    terms: Terms,
    after: Option<AccountId>,
    most: u64,
) -> Result<Vec<AccountId>, DbErr> {
    accounts_after(after)
        .filter(seen_at().lte(now - terms.account))
        .filter(account_use::Column::WarnedAt.lte(now - (terms.account - terms.warning)))
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
) -> Result<[(&'static str, u64); 5], DbErr> {
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
    let screened = screening::store::forget(connection, now - screening::MEMORY).await?;
    Ok([
        ("session", sessions.rows_affected),
        ("mailed link", links.rows_affected),
        ("registration", registrations.rows_affected),
        ("failed job", jobs.rows_affected),
        ("screening", screened),
    ])
}
