//! Reading stories; each list and each single story holds what its actor may see.

use std::collections::HashMap;

use entity::{story, story_reaction, story_theme, theme};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, Order,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::SelectStatement,
};

use super::row::{Row, heads, wholes};
use crate::{
    Actor,
    clock::Instant,
    database::{equal, keyset},
    id::{AccountId, StoryId, ThemeId},
    page::Window,
    story::{Lifecycle, Moderation, ReactionKind, Story, StoryFilter, model::Rank},
    theme::Theme,
};

/// The story with this id, if `actor` may see it at `now`.
pub(crate) async fn by_id(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: StoryId,
    now: Instant,
) -> Result<Option<Story>, DbErr> {
    one(connection, actor, story::Column::Id.eq(id), now).await
}

/// The story with this id, if `actor` may see it at `now`, locked until the transaction ends.
pub(crate) async fn by_id_for_change(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: StoryId,
    now: Instant,
) -> Result<Option<Story>, DbErr> {
    // By a statement of its own: PostgreSQL locks no row that is joined from the left.
    story::Entity::find_by_id(id)
        .select_only()
        .column(story::Column::Id)
        .lock_exclusive()
        .into_tuple::<StoryId>()
        .one(connection)
        .await?;
    by_id(connection, actor, id, now).await
}

/// The story with this slug, if `actor` may see it at `now`.
pub(in crate::story) async fn by_slug(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    slug: &str,
    now: Instant,
) -> Result<Option<Story>, DbErr> {
    one(connection, actor, equal(story::Column::Slug, slug), now).await
}

async fn one(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    which: sea_orm::sea_query::SimpleExpr,
    now: Instant,
) -> Result<Option<Story>, DbErr> {
    let row = wholes()
        .filter(which)
        .filter(visible(actor, now))
        .into_model::<Row>()
        .one(connection)
        .await?;
    Ok(row.map(|row| row.at(now)))
}

/// Those of the stories that `actor` may see at `now`, with their bodies, in no order.
pub(in crate::story) async fn by_ids(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[StoryId],
    now: Instant,
) -> Result<Vec<Story>, DbErr> {
    let rows = wholes()
        .filter(story::Column::Id.is_in(ids.iter().copied()))
        .filter(visible(actor, now))
        .into_model::<Row>()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| row.at(now)).collect())
}

/// Those of the stories that `actor` may see at `now`, each with whether the public does.
pub(crate) async fn seen(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[StoryId],
    now: Instant,
) -> Result<Vec<(StoryId, bool)>, DbErr> {
    let rows = story::Entity::find()
        .select_only()
        .column(story::Column::Id)
        .expr_as(public(now), "is_public")
        .filter(story::Column::Id.is_in(ids.iter().copied()))
        .filter(visible(actor, now))
        .into_tuple()
        .all(connection)
        .await?;
    // Unknown where an instant is missing that would have to have come.
    Ok(rows
        .into_iter()
        .map(|(id, is_public): (StoryId, Option<bool>)| (id, is_public.unwrap_or(false)))
        .collect())
}

/// The bodies of those of the stories that `actor` may see at `now`.
pub(in crate::story) async fn bodies(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[StoryId],
    now: Instant,
) -> Result<HashMap<StoryId, String>, DbErr> {
    let rows: Vec<(StoryId, String)> = story::Entity::find()
        .select_only()
        .column(story::Column::Id)
        .column(story::Column::Body)
        .filter(story::Column::Id.is_in(ids.iter().copied()))
        .filter(visible(actor, now))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

/// A page of stories, up to one row more than the window's limit.
pub(in crate::story) async fn list(
    connection: &impl ConnectionTrait,
    filter: &StoryFilter,
    rank: Rank,
    window: &Window,
    now: Instant,
) -> Result<Vec<Story>, DbErr> {
    let column = match rank {
        Rank::Published => story::Column::PublishedAt,
        Rank::Made => story::Column::CreatedAt,
        Rank::Energy => story::Column::Energy,
        Rank::Comments => story::Column::CommentCount,
    };
    page(
        connection,
        heads().filter(matching(filter, now)),
        column,
        window,
        now,
    )
    .await
}

/// How many stories match.
pub(in crate::story) async fn count(
    connection: &impl ConnectionTrait,
    filter: &StoryFilter,
    now: Instant,
) -> Result<u64, DbErr> {
    story::Entity::find()
        .filter(matching(filter, now))
        .count(connection)
        .await
}

/// A page of an account's stories that `actor` may see, the last made first, up to one row more
/// than the window's limit.
pub(in crate::story) async fn list_by_author(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    author: AccountId,
    window: &Window,
    now: Instant,
) -> Result<Vec<Story>, DbErr> {
    let select = heads()
        .filter(story::Column::AuthorId.eq(author))
        .filter(visible(actor, now));
    page(connection, select, story::Column::CreatedAt, window, now).await
}

/// How many of an account's stories `actor` may see.
pub(in crate::story) async fn count_by_author(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    author: AccountId,
    now: Instant,
) -> Result<u64, DbErr> {
    story::Entity::find()
        .filter(story::Column::AuthorId.eq(author))
        .filter(visible(actor, now))
        .count(connection)
        .await
}

async fn page(
    connection: &impl ConnectionTrait,
    select: Select<story::Entity>,
    column: story::Column,
    window: &Window,
    now: Instant,
) -> Result<Vec<Story>, DbErr> {
    let rows = keyset(select, column, story::Column::Id, &Order::Desc, window)
        .into_model::<Row>()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| row.at(now)).collect())
}

/// How many stories about each of the themes the public sees; a theme without one is absent.
pub(in crate::story) async fn counts_by_theme(
    connection: &impl ConnectionTrait,
    themes: &[ThemeId],
    now: Instant,
) -> Result<HashMap<ThemeId, i64>, DbErr> {
    let rows: Vec<(ThemeId, i64)> = story_theme::Entity::find()
        .select_only()
        .column(story_theme::Column::ThemeId)
        .column_as(story_theme::Column::StoryId.count(), "stories")
        .join(
            JoinType::InnerJoin,
            story_theme::Entity::belongs_to(story::Entity)
                .from(story_theme::Column::StoryId)
                .to(story::Column::Id)
                .into(),
        )
        .filter(story_theme::Column::ThemeId.is_in(themes.iter().copied()))
        .filter(public(now))
        .group_by(story_theme::Column::ThemeId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

/// A theme and a story about it.
#[derive(FromQueryResult)]
struct ThemeOfStory {
    story_id: StoryId,
    #[sea_orm(nested)]
    theme: theme::Model,
}

/// Returns the themes of each of the stories, by their titles.
pub(in crate::story) async fn themes(
    connection: &impl ConnectionTrait,
    stories: &[StoryId],
) -> Result<Vec<(StoryId, Theme)>, DbErr> {
    let rows = theme::Entity::find()
        .column(story_theme::Column::StoryId)
        .join(
            JoinType::InnerJoin,
            theme::Entity::belongs_to(story_theme::Entity)
                .from(theme::Column::Id)
                .to(story_theme::Column::ThemeId)
                .into(),
        )
        .filter(story_theme::Column::StoryId.is_in(stories.iter().copied()))
        .order_by_asc(theme::Column::TitleKey)
        .order_by_asc(theme::Column::Id)
        .into_model::<ThemeOfStory>()
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.story_id, row.theme.into()))
        .collect())
}

/// How an account reacts to each of the stories.
pub(in crate::story) async fn reactions(
    connection: &impl ConnectionTrait,
    account: AccountId,
    stories: &[StoryId],
) -> Result<Vec<(StoryId, ReactionKind)>, DbErr> {
    story_reaction::Entity::find()
        .select_only()
        .column(story_reaction::Column::StoryId)
        .column(story_reaction::Column::Kind)
        .filter(story_reaction::Column::AccountId.eq(account))
        .filter(story_reaction::Column::StoryId.is_in(stories.iter().copied()))
        .into_tuple()
        .all(connection)
        .await
}

/// What `actor` may see at `now`: staff all, everyone else what is public and what they wrote.
pub(super) fn visible(actor: &Actor, now: Instant) -> Condition {
    if actor.is_staff() {
        return Condition::all();
    }
    let seen = Condition::any().add(public(now));
    match actor.reader() {
        Some(account) => seen.add(story::Column::AuthorId.eq(account)),
        None => seen,
    }
}

fn public(now: Instant) -> Condition {
    at(Lifecycle::Published, now)
        .add(story::Column::Moderation.is_in([Moderation::None, Moderation::Approved]))
}

/// The rows whose lifecycle at `now` is this one; says the same as [`Lifecycle::at`].
fn at(lifecycle: Lifecycle, now: Instant) -> Condition {
    use story::Column::{ArchivedAt, PublishedAt, SubmittedAt, WithdrawnAt};
    let going = || {
        Condition::all()
            .add(ArchivedAt.is_null())
            .add(WithdrawnAt.is_null())
    };
    match lifecycle {
        Lifecycle::Draft => going()
            .add(PublishedAt.is_null())
            .add(SubmittedAt.is_null()),
        Lifecycle::Submitted => going()
            .add(PublishedAt.is_null())
            .add(SubmittedAt.is_not_null()),
        Lifecycle::Scheduled => going().add(PublishedAt.gt(now)),
        Lifecycle::Published => going().add(PublishedAt.lte(now)),
        Lifecycle::Withdrawn => Condition::all()
            .add(ArchivedAt.is_null())
            .add(WithdrawnAt.is_not_null()),
        Lifecycle::Archived => Condition::all().add(ArchivedAt.is_not_null()),
    }
}

fn matching(filter: &StoryFilter, now: Instant) -> Condition {
    let mut condition = if filter.is_for_staff() {
        Condition::all()
    } else {
        public(now)
    };
    if let Some(kinds) = &filter.kind {
        condition = condition.add(story::Column::Kind.is_in(kinds.iter().copied()));
    }
    if let Some(theme) = filter.theme {
        condition = condition.add(story::Column::Id.in_subquery(about(
            story_theme::Entity::find().filter(story_theme::Column::ThemeId.eq(theme)),
        )));
    }
    if let Some(slug) = &filter.theme_slug {
        let theme = theme::Entity::find()
            .select_only()
            .column(theme::Column::Id)
            .filter(equal(theme::Column::Slug, slug))
            .into_query();
        condition = condition.add(story::Column::Id.in_subquery(about(
            story_theme::Entity::find().filter(story_theme::Column::ThemeId.in_subquery(theme)),
        )));
    }
    if let Some(code) = &filter.municipality_code {
        condition = condition.add(equal(story::Column::MunicipalityCode, code));
    }
    if let Some(language) = &filter.language {
        condition = condition.add(equal(story::Column::Language, language));
    }
    if let Some(lifecycles) = &filter.lifecycle {
        let mut any = Condition::any().add(sea_orm::sea_query::Expr::value(false));
        for lifecycle in lifecycles {
            any = any.add(at(*lifecycle, now));
        }
        condition = condition.add(any);
    }
    if let Some(moderations) = &filter.moderation {
        condition = condition.add(story::Column::Moderation.is_in(moderations.iter().copied()));
    }
    condition
}

fn about(select: Select<story_theme::Entity>) -> SelectStatement {
    select
        .select_only()
        .column(story_theme::Column::StoryId)
        .into_query()
}
