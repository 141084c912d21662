//! Queries on the secrets of polls, which lead from a voter to their ballots.

use entity::poll;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};

use super::super::voter::VoterSecret;
use crate::{clock::Instant, id::PollId};

/// The condition that a poll has a secret, and was over by `before`. A draft was never open.
fn is_due(before: Instant) -> Condition {
    let over = Condition::any()
        .add(poll::Column::ClosesAt.lte(before))
        .add(poll::Column::ClosedEarlyAt.lte(before))
        .add(poll::Column::CancelledAt.lte(before))
        .add(poll::Column::ArchivedAt.lte(before));
    Condition::all()
        .add(poll::Column::BallotsAnonymizedAt.is_null())
        .add(poll::Column::OpensAt.is_not_null())
        .add(over)
}

/// Returns the polls that have a secret and were over by `before`, in id order.
pub(in crate::poll) async fn due(
    connection: &impl ConnectionTrait,
    before: Instant,
) -> Result<Vec<PollId>, DbErr> {
    poll::Entity::find()
        .select_only()
        .column(poll::Column::Id)
        .filter(is_due(before))
        .order_by_asc(poll::Column::Id)
        .into_tuple()
        .all(connection)
        .await
}

/// Destroys the secret of a poll if it is still due; returns true if it was.
pub(in crate::poll) async fn destroy(
    connection: &impl ConnectionTrait,
    id: PollId,
    before: Instant,
    now: Instant,
) -> Result<bool, DbErr> {
    let destroyed = set(id, None, Some(now)).filter(is_due(before));
    Ok(destroyed.exec(connection).await?.rows_affected > 0)
}

/// Gives a poll whose secret is destroyed a new one. The caller holds the poll's lock.
pub(in crate::poll) async fn renew(
    connection: &impl ConnectionTrait,
    id: PollId,
    secret: &VoterSecret,
) -> Result<(), DbErr> {
    set(id, Some(secret), None).exec(connection).await?;
    Ok(())
}

fn set(
    id: PollId,
    secret: Option<&VoterSecret>,
    anonymized: Option<Instant>,
) -> sea_orm::UpdateMany<poll::Entity> {
    poll::Entity::update_many()
        .col_expr(
            poll::Column::VoterSecret,
            Expr::value(VoterSecret::to_stored(secret)),
        )
        .col_expr(poll::Column::BallotsAnonymizedAt, Expr::value(anonymized))
        .filter(poll::Column::Id.eq(id))
}
