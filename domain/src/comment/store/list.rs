//! Pages of comments: those that begin a thread, and the replies to one or to many.

use std::collections::HashMap;

use entity::comment::{self, CommentState};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, Order,
    PaginatorTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Alias, Asterisk, Expr, Func, Query, WindowStatement},
};

use super::{Row, rows, split};
use crate::{
    Actor,
    comment::{Comment, CommentOrder, Subject, Thread},
    database::keyset,
    id::CommentId,
    page::Window,
};

/// A page of the comments that begin a thread, up to one row more than the window's limit.
pub(in crate::comment) async fn roots(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    subject: Subject,
    order: CommentOrder,
    window: &Window,
) -> Result<Vec<Comment>, DbErr> {
    let (column, direction) = match order {
        CommentOrder::Newest => (comment::Column::CreatedAt, Order::Desc),
        CommentOrder::Oldest => (comment::Column::CreatedAt, Order::Asc),
        CommentOrder::MostSupported => (comment::Column::SupportCount, Order::Desc),
    };
    let select = rows().filter(begins_under(subject)).filter(seen_by(actor));
    let rows = keyset(select, column, comment::Column::Id, &direction, window)
        .into_model::<Row>()
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| row.under(subject, actor))
        .collect())
}

/// How many comments begin a thread.
pub(in crate::comment) async fn count_roots(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    subject: Subject,
) -> Result<u64, DbErr> {
    comment::Entity::find()
        .filter(begins_under(subject))
        .filter(seen_by(actor))
        .count(connection)
        .await
}

/// A page of the replies to one comment, oldest first, up to one row more than the window's limit.
pub(in crate::comment) async fn replies(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    thread: Thread,
    window: &Window,
) -> Result<Vec<Comment>, DbErr> {
    let select = rows()
        .filter(comment::Column::ParentId.eq(thread.parent))
        .filter(seen_by(actor));
    let rows = keyset(
        select,
        comment::Column::CreatedAt,
        comment::Column::Id,
        &Order::Asc,
        window,
    )
    .into_model::<Row>()
    .all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| row.under(thread.subject, actor))
        .collect())
}

/// The first `most` replies to each of many comments, oldest first, in one statement.
pub(in crate::comment) async fn first_replies(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    threads: &[Thread],
    most: u32,
) -> Result<HashMap<CommentId, Vec<Comment>>, DbErr> {
    let (numbered, place) = (Alias::new("numbered"), Alias::new("place"));
    let mut select = rows()
        .filter(comment::Column::ParentId.is_in(threads.iter().map(|thread| thread.parent)))
        .filter(seen_by(actor));
    QueryTrait::query(&mut select).expr_window_as(
        Func::cust("row_number"),
        WindowStatement::partition_by(comment::Column::ParentId.as_column_ref())
            .order_by(comment::Column::CreatedAt.as_column_ref(), Order::Asc)
            .order_by(comment::Column::Id.as_column_ref(), Order::Asc)
            .take(),
        place.clone(),
    );
    let first = Query::select()
        .column(Asterisk)
        .from_subquery(select.into_query(), numbered)
        .and_where(Expr::col(place.clone()).lte(most))
        .order_by(place, Order::Asc)
        .take();
    let subjects: HashMap<CommentId, Subject> = threads
        .iter()
        .map(|thread| (thread.parent, thread.subject))
        .collect();
    let mut replies: HashMap<CommentId, Vec<Comment>> = HashMap::new();
    for row in connection.query_all(&first).await? {
        let row = Row::from_query_result(&row, "")?;
        let found = row
            .parent_id
            .and_then(|parent| Some((parent, *subjects.get(&parent)?)));
        if let Some((parent, subject)) = found {
            replies
                .entry(parent)
                .or_default()
                .push(row.under(subject, actor));
        }
    }
    Ok(replies)
}

/// How many replies each of many comments has; none where there is none.
pub(in crate::comment) async fn count_replies(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    threads: &[Thread],
) -> Result<HashMap<CommentId, u64>, DbErr> {
    let counts: Vec<(CommentId, i64)> = comment::Entity::find()
        .select_only()
        .column(comment::Column::ParentId)
        .column_as(comment::Column::Id.count(), "count")
        .filter(comment::Column::ParentId.is_in(threads.iter().map(|thread| thread.parent)))
        .filter(seen_by(actor))
        .group_by(comment::Column::ParentId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(counts
        .into_iter()
        .map(|(parent, count)| (parent, u64::try_from(count).unwrap_or(0)))
        .collect())
}

fn begins_under(subject: Subject) -> Condition {
    let (kind, id) = split(subject.id);
    Condition::all()
        .add(comment::Column::SubjectId.eq(id))
        .add(comment::Column::SubjectKind.eq(kind))
        .add(comment::Column::ParentId.is_null())
}

/// [`policy::may_see`](crate::comment::policy::may_see) as a condition.
fn seen_by(actor: &Actor) -> Condition {
    if actor.is_moderator() {
        return Condition::all();
    }
    let judged = comment::Column::State.ne(CommentState::Pending);
    Condition::any()
        .add(judged)
        .add_option(actor.reader().map(|me| comment::Column::AuthorId.eq(me)))
}
