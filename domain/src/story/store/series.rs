//! Series of stories and the order in them.

use std::collections::HashMap;

use entity::{story, story_series, story_series_entry};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr,
    EntityTrait, JoinType, Order, PaginatorTrait, QueryFilter, QuerySelect, TryInsertResult,
};

use super::{
    read::visible,
    row::{Row, heads},
};
use crate::{
    Actor,
    clock::Instant,
    database::{equal, keyset},
    id::{AccountId, StoryId, StorySeriesId},
    page::Window,
    story::{Story, StorySeries},
};

/// Adds a series; `false` where the slug is taken.
pub(in crate::story) async fn insert_series(
    connection: &impl ConnectionTrait,
    series: &StorySeries,
    by: Option<AccountId>,
) -> Result<bool, DbErr> {
    let row = story_series::ActiveModel {
        id: Set(series.id),
        slug: Set(series.slug.clone()),
        title: Set(series.title.clone()),
        intro: Set(series.intro.clone()),
        created_by: Set(by),
        created_at: Set(series.created_at),
        updated_at: Set(series.updated_at),
    };
    let inserted = story_series::Entity::insert(row)
        .on_conflict_do_nothing_on([story_series::Column::Slug])
        .exec_without_returning(connection)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1..)))
}

/// The series with this id, locked until the transaction ends.
pub(in crate::story) async fn series_by_id_for_change(
    connection: &impl ConnectionTrait,
    id: StorySeriesId,
) -> Result<Option<StorySeries>, DbErr> {
    let row = story_series::Entity::find_by_id(id)
        .lock_exclusive()
        .one(connection)
        .await?;
    Ok(row.map(StorySeries::from))
}

/// Those of the series that exist, in no order.
pub(in crate::story) async fn series_by_ids(
    connection: &impl ConnectionTrait,
    ids: &[StorySeriesId],
) -> Result<Vec<StorySeries>, DbErr> {
    let rows = story_series::Entity::find()
        .filter(story_series::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(StorySeries::from).collect())
}

/// The series with this slug.
pub(in crate::story) async fn series_by_slug(
    connection: &impl ConnectionTrait,
    slug: &str,
) -> Result<Option<StorySeries>, DbErr> {
    let row = story_series::Entity::find()
        .filter(equal(story_series::Column::Slug, slug))
        .one(connection)
        .await?;
    Ok(row.map(StorySeries::from))
}

/// A page of those of a series' stories that `actor` may see, in the series' order, up to one
/// row more than the window's limit.
pub(in crate::story) async fn series_stories(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    series: StorySeriesId,
    window: &Window,
    now: Instant,
) -> Result<Vec<Story>, DbErr> {
    let rows = keyset(
        heads().filter(inside(actor, series, now)),
        story_series_entry::Column::Position,
        story::Column::Id,
        &Order::Asc,
        window,
    )
    .into_model::<Row>()
    .all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| row.at(now)).collect())
}

/// How many of a series' stories `actor` may see.
pub(in crate::story) async fn count_series_stories(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    series: StorySeriesId,
    now: Instant,
) -> Result<u64, DbErr> {
    story::Entity::find()
        .join(
            JoinType::InnerJoin,
            story::Entity::belongs_to(story_series_entry::Entity)
                .from(story::Column::Id)
                .to(story_series_entry::Column::StoryId)
                .into(),
        )
        .filter(inside(actor, series, now))
        .count(connection)
        .await
}

fn inside(actor: &Actor, series: StorySeriesId, now: Instant) -> Condition {
    Condition::all()
        .add(story_series_entry::Column::SeriesId.eq(series))
        .add(visible(actor, now))
}

/// Those of the stories that exist, each with the series it stands in, if any.
pub(in crate::story) async fn places(
    connection: &impl ConnectionTrait,
    stories: &[StoryId],
) -> Result<HashMap<StoryId, Option<StorySeriesId>>, DbErr> {
    let rows: Vec<(StoryId, Option<StorySeriesId>)> = story::Entity::find()
        .select_only()
        .column(story::Column::Id)
        .column(story_series_entry::Column::SeriesId)
        .join(
            JoinType::LeftJoin,
            story::Entity::belongs_to(story_series_entry::Entity)
                .from(story::Column::Id)
                .to(story_series_entry::Column::StoryId)
                .into(),
        )
        .filter(story::Column::Id.is_in(stories.iter().copied()))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Puts exactly these stories in a series, in this order; the position of the first one that
/// stands in another series where there is one.
pub(in crate::story) async fn arrange(
    connection: &impl ConnectionTrait,
    series: StorySeriesId,
    stories: &[StoryId],
    at: Instant,
) -> Result<Option<usize>, DbErr> {
    story_series_entry::Entity::delete_many()
        .filter(story_series_entry::Column::SeriesId.eq(series))
        .exec(connection)
        .await?;
    for (position, (number, story)) in (1..).zip(stories).enumerate() {
        let row = story_series_entry::ActiveModel {
            story_id: Set(*story),
            series_id: Set(series),
            position: Set(number),
        };
        let inserted = story_series_entry::Entity::insert(row)
            .on_conflict_do_nothing_on([story_series_entry::Column::StoryId])
            .exec_without_returning(connection)
            .await?;
        if !matches!(inserted, TryInsertResult::Inserted(1..)) {
            return Ok(Some(position));
        }
    }
    let row = story_series::ActiveModel {
        id: Set(series),
        updated_at: Set(at),
        ..Default::default()
    };
    row.update(connection).await?;
    Ok(None)
}

impl From<story_series::Model> for StorySeries {
    fn from(row: story_series::Model) -> Self {
        Self {
            id: row.id,
            slug: row.slug,
            title: row.title,
            intro: row.intro,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
