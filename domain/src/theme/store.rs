//! Queries on themes.

use entity::{theme, theme_follow, theme_update};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, Order, PaginatorTrait,
    QueryFilter, QuerySelect, QueryTrait, Select, TryInsertResult,
    sea_query::Expr,
};

use super::{Theme, ThemeChange, ThemeFilter, ThemeOrder, ThemeStatus, ThemeUpdate};
use crate::{
    Actor,
    clock::Instant,
    database::{equal, keyset},
    id::{AccountId, ThemeId, ThemeUpdateId},
    page::Window,
    text,
};

/// Adds a theme; `false` where the slug is taken.
pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    theme: &Theme,
    by: Option<AccountId>,
) -> Result<bool, DbErr> {
    let row = theme::ActiveModel {
        id: Set(theme.id),
        slug: Set(theme.slug.clone()),
        title: Set(theme.title.clone()),
        title_key: Set(text::sort_key(&theme.title)),
        summary: Set(theme.summary.clone()),
        description: Set(theme.description.clone()),
        status: Set(theme.status),
        follower_count: Set(theme.follower_count),
        comment_count: Set(theme.comment_count),
        created_by: Set(by),
        created_at: Set(theme.created_at),
        updated_at: Set(theme.updated_at),
    };
    let inserted = theme::Entity::insert(row)
        .on_conflict_do_nothing_on([theme::Column::Slug])
        .exec_without_returning(connection)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1..)))
}

/// The theme with this id.
pub(crate) async fn by_id(
    connection: &impl ConnectionTrait,
    id: ThemeId,
) -> Result<Option<Theme>, DbErr> {
    let row = theme::Entity::find_by_id(id).one(connection).await?;
    Ok(row.map(Theme::from))
}

/// The theme with this id, locked until the transaction ends.
pub(super) async fn by_id_for_change(
    connection: &impl ConnectionTrait,
    id: ThemeId,
) -> Result<Option<Theme>, DbErr> {
    let row = theme::Entity::find_by_id(id)
        .lock_exclusive()
        .one(connection)
        .await?;
    Ok(row.map(Theme::from))
}

/// The theme with this slug.
pub(super) async fn by_slug(
    connection: &impl ConnectionTrait,
    slug: &str,
) -> Result<Option<Theme>, DbErr> {
    let row = theme::Entity::find()
        .filter(equal(theme::Column::Slug, slug))
        .one(connection)
        .await?;
    Ok(row.map(Theme::from))
}

/// Those of the themes that exist, in no order.
pub(crate) async fn by_ids(
    connection: &impl ConnectionTrait,
    ids: &[ThemeId],
) -> Result<Vec<Theme>, DbErr> {
    let rows = theme::Entity::find()
        .filter(theme::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(Theme::from).collect())
}

/// Those of the themes that exist; everyone may see them.
pub(crate) async fn seen(
    connection: &impl ConnectionTrait,
    ids: &[ThemeId],
) -> Result<Vec<ThemeId>, DbErr> {
    theme::Entity::find()
        .select_only()
        .column(theme::Column::Id)
        .filter(theme::Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(connection)
        .await
}

/// A page of themes, up to one row more than the window's limit.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filter: &ThemeFilter,
    order: ThemeOrder,
    window: &Window,
) -> Result<Vec<Theme>, DbErr> {
    let (column, direction) = match order {
        ThemeOrder::Newest => (theme::Column::CreatedAt, Order::Desc),
        ThemeOrder::MostFollowed => (theme::Column::FollowerCount, Order::Desc),
        ThemeOrder::Title => (theme::Column::TitleKey, Order::Asc),
    };
    let rows = keyset(
        matching(actor, filter),
        column,
        theme::Column::Id,
        &direction,
        window,
    )
    .all(connection)
    .await?;
    Ok(rows.into_iter().map(Theme::from).collect())
}

/// How many themes match.
pub(super) async fn count(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filter: &ThemeFilter,
) -> Result<u64, DbErr> {
    matching(actor, filter).count(connection).await
}

fn matching(actor: &Actor, filter: &ThemeFilter) -> Select<theme::Entity> {
    let mut condition = Condition::all();
    if let Some(status) = &filter.status {
        condition = condition.add(theme::Column::Status.is_in(status.iter().copied()));
    }
    if let Some(followed) = filter.followed {
        let mine = theme::Column::Id.in_subquery(
            theme_follow::Entity::find()
                .select_only()
                .column(theme_follow::Column::ThemeId)
                .filter(match actor.reader() {
                    Some(account) => theme_follow::Column::AccountId.eq(account),
                    None => Expr::value(false),
                })
                .into_query(),
        );
        condition = condition.add(if followed { mine } else { mine.not() });
    }
    theme::Entity::find().filter(condition)
}

/// Changes a theme's text.
pub(super) async fn update(
    connection: &impl ConnectionTrait,
    id: ThemeId,
    change: ThemeChange,
    at: Instant,
) -> Result<(), DbErr> {
    let mut row = theme::ActiveModel {
        id: Set(id),
        updated_at: Set(at),
        ..Default::default()
    };
    row.title_key = change
        .title
        .as_deref()
        .map_or(NotSet, |title| Set(text::sort_key(title)));
    row.title = change.title.map_or(NotSet, Set);
    row.summary = change.summary.map_or(NotSet, Set);
    row.description = change.description.map_or(NotSet, Set);
    row.update(connection).await?;
    Ok(())
}

/// Adds an entry to a theme's log and moves the theme to its status.
pub(super) async fn post_update(
    connection: &impl ConnectionTrait,
    theme: ThemeId,
    entry: &ThemeUpdate,
    by: Option<AccountId>,
) -> Result<(), DbErr> {
    let row = theme_update::ActiveModel {
        id: Set(entry.id),
        theme_id: Set(theme),
        title: Set(entry.title.clone()),
        body: Set(entry.body.clone()),
        status_before: Set(entry.status_before),
        status_after: Set(entry.status_after),
        created_by: Set(by),
        created_at: Set(entry.created_at),
    };
    theme_update::Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    set_status(connection, theme, entry.status_after, entry.created_at).await
}

async fn set_status(
    connection: &impl ConnectionTrait,
    id: ThemeId,
    status: ThemeStatus,
    at: Instant,
) -> Result<(), DbErr> {
    let row = theme::ActiveModel {
        id: Set(id),
        status: Set(status),
        updated_at: Set(at),
        ..Default::default()
    };
    row.update(connection).await?;
    Ok(())
}

/// A page of a theme's log, newest first, up to one row more than the window's limit.
pub(super) async fn updates(
    connection: &impl ConnectionTrait,
    theme: ThemeId,
    window: &Window,
) -> Result<Vec<ThemeUpdate>, DbErr> {
    let rows = keyset(
        theme_update::Entity::find().filter(theme_update::Column::ThemeId.eq(theme)),
        theme_update::Column::CreatedAt,
        theme_update::Column::Id,
        &Order::Desc,
        window,
    )
    .all(connection)
    .await?;
    Ok(rows.into_iter().map(ThemeUpdate::from).collect())
}

/// Those of the entries that exist, in no order.
pub(super) async fn updates_by_ids(
    connection: &impl ConnectionTrait,
    ids: &[ThemeUpdateId],
) -> Result<Vec<ThemeUpdate>, DbErr> {
    let rows = theme_update::Entity::find()
        .filter(theme_update::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(ThemeUpdate::from).collect())
}

/// How many entries a theme's log has.
pub(super) async fn count_updates(
    connection: &impl ConnectionTrait,
    theme: ThemeId,
) -> Result<u64, DbErr> {
    theme_update::Entity::find()
        .filter(theme_update::Column::ThemeId.eq(theme))
        .count(connection)
        .await
}

/// Makes an account follow a theme; following twice is the same as once.
pub(crate) async fn follow(
    connection: &impl ConnectionTrait,
    theme: ThemeId,
    account: AccountId,
    at: Instant,
) -> Result<(), DbErr> {
    let row = theme_follow::ActiveModel {
        theme_id: Set(theme),
        account_id: Set(account),
        created_at: Set(at),
    };
    let inserted = theme_follow::Entity::insert(row)
        .on_conflict_do_nothing()
        .exec_without_returning(connection)
        .await?;
    if matches!(inserted, TryInsertResult::Inserted(1..)) {
        add_followers(connection, theme, 1).await?;
    }
    Ok(())
}

/// Ends an account's following of a theme; ending what is not there changes nothing.
pub(super) async fn unfollow(
    connection: &impl ConnectionTrait,
    theme: ThemeId,
    account: AccountId,
) -> Result<(), DbErr> {
    let deleted = theme_follow::Entity::delete_by_id((theme, account))
        .exec(connection)
        .await?;
    if deleted.rows_affected > 0 {
        add_followers(connection, theme, -1).await?;
    }
    Ok(())
}

async fn add_followers(
    connection: &impl ConnectionTrait,
    theme: ThemeId,
    change: i64,
) -> Result<(), DbErr> {
    add(connection, theme, theme::Column::FollowerCount, change).await
}

/// Adds to a theme's count of visible comments.
pub(crate) async fn add_comments(
    connection: &impl ConnectionTrait,
    theme: ThemeId,
    change: i64,
) -> Result<(), DbErr> {
    add(connection, theme, theme::Column::CommentCount, change).await
}

async fn add(
    connection: &impl ConnectionTrait,
    theme: ThemeId,
    column: theme::Column,
    change: i64,
) -> Result<(), DbErr> {
    theme::Entity::update_many()
        .col_expr(column, Expr::col(column).add(change))
        .filter(theme::Column::Id.eq(theme))
        .exec(connection)
        .await?;
    Ok(())
}

/// Those of the themes that an account follows.
pub(super) async fn followed(
    connection: &impl ConnectionTrait,
    account: AccountId,
    themes: &[ThemeId],
) -> Result<Vec<ThemeId>, DbErr> {
    theme_follow::Entity::find()
        .select_only()
        .column(theme_follow::Column::ThemeId)
        .filter(theme_follow::Column::AccountId.eq(account))
        .filter(theme_follow::Column::ThemeId.is_in(themes.iter().copied()))
        .into_tuple()
        .all(connection)
        .await
}

impl From<theme::Model> for Theme {
    fn from(row: theme::Model) -> Self {
        Self {
            id: row.id,
            slug: row.slug,
            title: row.title,
            summary: row.summary,
            description: row.description,
            status: row.status,
            follower_count: row.follower_count,
            comment_count: row.comment_count,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<theme_update::Model> for ThemeUpdate {
    fn from(row: theme_update::Model) -> Self {
        Self {
            id: row.id,
            title: row.title,
            body: row.body,
            status_before: row.status_before,
            status_after: row.status_after,
            created_at: row.created_at,
        }
    }
}
