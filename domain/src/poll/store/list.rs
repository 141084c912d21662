//! Lists of polls, and what they are about.

use std::collections::HashMap;

use entity::{partner_member, poll, poll_run, poll_theme, theme};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef, sea_query::Expr,
};

use super::{
    super::{Poll, PollFilter, PollOrder, PollStatus},
    poll::{all, select, visible},
};
use crate::{
    Actor,
    clock::Instant,
    database::keyset,
    id::{AccountId, PollId, ThemeId},
    page::Window,
    theme::Theme,
};

/// A page of the polls that the actor may know of, up to one row more than the window's limit.
pub(in crate::poll) async fn list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filter: &PollFilter,
    order: PollOrder,
    window: &Window,
    now: Instant,
) -> Result<Vec<Poll>, DbErr> {
    let matching = select().filter(matching(actor, filter, now));
    let id = poll::Column::Id;
    let page = match order {
        PollOrder::Newest => {
            let column = poll::Column::CreatedAt;
            keyset(matching, column, id, &Order::Desc, window)
        }
        PollOrder::MostVoters => keyset(
            matching.join(JoinType::InnerJoin, present_run()),
            poll_run::Column::VoterCount,
            id,
            &Order::Desc,
            window,
        ),
        PollOrder::Title => keyset(matching, poll::Column::TitleKey, id, &Order::Asc, window),
    };
    all(connection, page, now).await
}

/// How many polls match of those that the actor may know of.
pub(in crate::poll) async fn count(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filter: &PollFilter,
    now: Instant,
) -> Result<u64, DbErr> {
    poll::Entity::find()
        .filter(matching(actor, filter, now))
        .count(connection)
        .await
}

fn present_run() -> RelationDef {
    poll::Entity::belongs_to(poll_run::Entity)
        .from((poll::Column::Id, poll::Column::Run))
        .to((poll_run::Column::PollId, poll_run::Column::Run))
        .into()
}

fn matching(actor: &Actor, filter: &PollFilter, now: Instant) -> Condition {
    let mut condition = visible(actor);
    if let Some(statuses) = &filter.status {
        let any = statuses
            .iter()
            .fold(Condition::any().add(Expr::value(false)), |any, status| {
                any.add(stands(*status, now))
            });
        condition = condition.add(any);
    }
    if let Some(themes) = &filter.themes {
        condition = condition.add(
            poll::Column::Id.in_subquery(
                poll_theme::Entity::find()
                    .select_only()
                    .column(poll_theme::Column::PollId)
                    .filter(poll_theme::Column::ThemeId.is_in(themes.iter().copied()))
                    .into_query(),
            ),
        );
    }
    if let Some(partner) = filter.partner {
        condition = condition.add(poll::Column::PartnerId.eq(partner));
    }
    condition
}

/// That [`PollTimes::status`] of a row is this at `now`.
fn stands(status: PollStatus, now: Instant) -> Condition {
    let past = |column: poll::Column| {
        Condition::all()
            .add(column.is_not_null())
            .add(column.lte(now))
    };
    let ended = Condition::any()
        .add(past(poll::Column::ClosesAt))
        .add(past(poll::Column::ClosedEarlyAt));
    let cancelled = past(poll::Column::CancelledAt);
    let kept = Condition::all().add(cancelled.clone().not());
    let archived = past(poll::Column::ArchivedAt);
    let planned = kept
        .clone()
        .add(archived.clone().not())
        .add(poll::Column::OpensAt.is_not_null());
    let running = planned.clone().add(ended.clone().not());
    let opened = poll::Column::OpensAt.lte(now);
    let paused = past(poll::Column::PausedAt);
    let published = past(poll::Column::ResultsPublishedAt);
    match status {
        PollStatus::Cancelled => cancelled,
        PollStatus::Archived => kept.add(archived),
        PollStatus::Draft => kept
            .add(archived.not())
            .add(poll::Column::OpensAt.is_null()),
        PollStatus::Scheduled => running.add(poll::Column::OpensAt.gt(now)),
        PollStatus::Open => running.add(opened).add(paused.not()),
        PollStatus::Paused => running.add(opened).add(paused),
        PollStatus::Closed => planned.add(ended).add(published.not()),
        PollStatus::ResultsPublished => planned.add(ended).add(published),
    }
}

/// How many polls about each theme the actor may know of; a theme without any is absent.
pub(in crate::poll) async fn count_by_theme(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    themes: &[ThemeId],
) -> Result<HashMap<ThemeId, i64>, DbErr> {
    let counts: Vec<(ThemeId, i64)> = poll_theme::Entity::find()
        .select_only()
        .column(poll_theme::Column::ThemeId)
        .column_as(poll_theme::Column::PollId.count(), "polls")
        .join(JoinType::InnerJoin, its_poll())
        .filter(poll_theme::Column::ThemeId.is_in(themes.iter().copied()))
        .filter(visible(actor))
        .group_by(poll_theme::Column::ThemeId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(counts.into_iter().collect())
}

/// Those of the polls that are in the name of a partner that the account works for.
pub(in crate::poll) async fn of_own_partner(
    connection: &impl ConnectionTrait,
    account: AccountId,
    polls: &[PollId],
) -> Result<Vec<PollId>, DbErr> {
    let partners = partner_member::Entity::find()
        .select_only()
        .column(partner_member::Column::PartnerId)
        .filter(partner_member::Column::AccountId.eq(account))
        .into_query();
    poll::Entity::find()
        .select_only()
        .column(poll::Column::Id)
        .filter(poll::Column::Id.is_in(polls.iter().copied()))
        .filter(poll::Column::PartnerId.in_subquery(partners))
        .into_tuple()
        .all(connection)
        .await
}

/// What each poll is about that the actor may know of, by title.
pub(in crate::poll) async fn themes(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    polls: &[PollId],
) -> Result<Vec<(PollId, Theme)>, DbErr> {
    let theme: RelationDef = poll_theme::Entity::belongs_to(theme::Entity)
        .from(poll_theme::Column::ThemeId)
        .to(theme::Column::Id)
        .into();
    let rows = poll_theme::Entity::find()
        .select_also(theme::Entity)
        .join(JoinType::InnerJoin, theme)
        .join(JoinType::InnerJoin, its_poll())
        .filter(visible(actor))
        .filter(poll_theme::Column::PollId.is_in(polls.iter().copied()))
        .order_by(theme::Column::TitleKey, Order::Asc)
        .order_by(theme::Column::Id, Order::Asc)
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(link, theme)| Some((link.poll_id, Theme::from(theme?))))
        .collect())
}

fn its_poll() -> RelationDef {
    poll_theme::Entity::belongs_to(poll::Entity)
        .from(poll_theme::Column::PollId)
        .to(poll::Column::Id)
        .into()
}
