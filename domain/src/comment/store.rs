//! Queries on comments.

mod list;
mod visible;

use std::collections::HashMap;

use entity::{
    account,
    comment::{self, SubjectKind},
    comment_support,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, JoinType,
    QueryFilter, QuerySelect, QueryTrait, RelationDef, Select, TryInsertResult,
    sea_query::{Expr, LockType},
};
use uuid::Uuid;

use super::{Comment, CommentState, Subject, SubjectId, policy};
use crate::{
    Actor,
    account::Profile,
    clock::Instant,
    id::{AccountId, CommentId, PollId, StoryId, ThemeId},
    poll, story, theme,
};

pub(super) use list::{count_replies, count_roots, first_replies, replies, roots};
pub(super) use visible::add_visible;

/// A comment with its author's name, before it is known what its reader may see.
#[derive(FromQueryResult)]
struct Row {
    id: CommentId,
    subject_kind: SubjectKind,
    subject_id: Uuid,
    parent_id: Option<CommentId>,
    root_id: CommentId,
    depth: i32,
    body: String,
    language: String,
    author_id: AccountId,
    display_name: String,
    state: CommentState,
    created_at: Instant,
    edited_at: Option<Instant>,
    deleted_at: Option<Instant>,
    reply_count: i64,
    support_count: i64,
}

/// Adds a comment.
pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    comment: &Comment,
    body: &str,
) -> Result<(), DbErr> {
    let (subject_kind, subject_id) = split(comment.subject.id);
    let row = comment::ActiveModel {
        id: Set(comment.id),
        subject_kind: Set(subject_kind),
        subject_id: Set(subject_id),
        parent_id: Set(comment.parent),
        root_id: Set(comment.root),
        depth: Set(comment.depth),
        body: Set(body.to_owned()),
        language: Set(comment.language.clone()),
        author_id: Set(comment.author_id),
        state: Set(comment.state),
        created_at: Set(comment.created_at),
        edited_at: Set(comment.edited_at),
        deleted_at: Set(comment.deleted_at),
        reply_count: Set(comment.reply_count),
        support_count: Set(comment.support_count),
    };
    comment::Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Those of the comments that exist and `actor` may see at `now`, in no order.
pub(crate) async fn by_ids(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[CommentId],
    now: Instant,
) -> Result<Vec<Comment>, DbErr> {
    let rows = rows()
        .filter(comment::Column::Id.is_in(ids.iter().copied()))
        .into_model::<Row>()
        .all(connection)
        .await?;
    shown(connection, actor, rows, now).await
}

/// The comment with this id, if `actor` may see it at `now`, locked until the transaction ends.
pub(super) async fn by_id_for_change(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: CommentId,
    now: Instant,
) -> Result<Option<Comment>, DbErr> {
    let mut select = rows().filter(comment::Column::Id.eq(id));
    // Only the comment: not its author's account, and no keys, so that replies may refer to it.
    QueryTrait::query(&mut select).lock_with_tables(LockType::NoKeyUpdate, [comment::Entity]);
    let row = select.into_model::<Row>().one(connection).await?;
    let mut comments = shown(connection, actor, row.into_iter().collect(), now).await?;
    Ok(comments.pop())
}

/// Every comment with its author's name.
fn rows() -> Select<comment::Entity> {
    use comment::Column;
    let author: RelationDef = comment::Entity::belongs_to(account::Entity)
        .from(Column::AuthorId)
        .to(account::Column::Id)
        .into();
    comment::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::SubjectKind,
            Column::SubjectId,
            Column::ParentId,
            Column::RootId,
            Column::Depth,
            Column::Body,
            Column::Language,
            Column::AuthorId,
            Column::State,
            Column::CreatedAt,
            Column::EditedAt,
            Column::DeletedAt,
            Column::ReplyCount,
            Column::SupportCount,
        ])
        .column(account::Column::DisplayName)
        .join(JoinType::InnerJoin, author)
}

/// Those of the rows that `actor` may see, as they may see them.
async fn shown(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    rows: Vec<Row>,
    now: Instant,
) -> Result<Vec<Comment>, DbErr> {
    let ids: Vec<SubjectId> = rows.iter().map(Row::subject).collect();
    let subjects = subjects(connection, actor, &ids, now).await?;
    Ok(rows
        .into_iter()
        .filter(|row| policy::may_see(actor, row.state, row.author_id))
        .filter_map(|row| {
            let subject = subjects.get(&row.subject())?;
            Some(row.under(*subject, actor))
        })
        .collect())
}

/// Those of the subjects that exist and `actor` may see at `now`; one statement a kind.
async fn subjects(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[SubjectId],
    now: Instant,
) -> Result<HashMap<SubjectId, Subject>, DbErr> {
    let (mut stories, mut themes, mut polls) = (Vec::new(), Vec::new(), Vec::new());
    for id in ids {
        match id {
            SubjectId::Story(id) => stories.push(*id),
            SubjectId::Theme(id) => themes.push(*id),
            SubjectId::Poll(id) => polls.push(*id),
        }
    }
    let mut subjects = Vec::new();
    if !stories.is_empty() {
        let seen = story::store::seen(connection, actor, &stories, now).await?;
        subjects.extend(seen.into_iter().map(Subject::of_story));
    }
    if !themes.is_empty() {
        let seen = theme::store::seen(connection, &themes).await?;
        subjects.extend(seen.into_iter().map(Subject::of_theme));
    }
    if !polls.is_empty() {
        let seen = poll::store::seen(connection, actor, &polls).await?;
        subjects.extend(seen.into_iter().map(Subject::of_poll));
    }
    Ok(subjects
        .into_iter()
        .map(|subject| (subject.id, subject))
        .collect())
}

/// The subject with this id, if `actor` may see it at `now`.
pub(super) async fn subject(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: SubjectId,
    now: Instant,
) -> Result<Option<Subject>, DbErr> {
    Ok(subjects(connection, actor, &[id], now).await?.remove(&id))
}

/// Changes a comment's body.
pub(super) async fn set_body(
    connection: &impl ConnectionTrait,
    id: CommentId,
    body: &str,
    at: Instant,
) -> Result<(), DbErr> {
    let row = comment::ActiveModel {
        id: Set(id),
        body: Set(body.to_owned()),
        edited_at: Set(Some(at)),
        ..Default::default()
    };
    row.update(connection).await?;
    Ok(())
}

/// Sets what of a comment can be seen.
pub(super) async fn set_state(
    connection: &impl ConnectionTrait,
    id: CommentId,
    state: CommentState,
) -> Result<(), DbErr> {
    let row = comment::ActiveModel {
        id: Set(id),
        state: Set(state),
        ..Default::default()
    };
    row.update(connection).await?;
    Ok(())
}

/// Makes a placeholder of a comment: what its author takes back is kept nowhere.
pub(super) async fn delete(
    connection: &impl ConnectionTrait,
    id: CommentId,
    at: Instant,
) -> Result<(), DbErr> {
    let row = comment::ActiveModel {
        id: Set(id),
        body: Set(String::new()),
        state: Set(CommentState::DeletedByAuthor),
        deleted_at: Set(Some(at)),
        ..Default::default()
    };
    row.update(connection).await?;
    Ok(())
}

/// Makes an account support a comment; supporting twice is the same as once.
pub(super) async fn support(
    connection: &impl ConnectionTrait,
    comment: CommentId,
    account: AccountId,
    at: Instant,
) -> Result<(), DbErr> {
    let row = comment_support::ActiveModel {
        comment_id: Set(comment),
        account_id: Set(account),
        created_at: Set(at),
    };
    let inserted = comment_support::Entity::insert(row)
        .on_conflict_do_nothing()
        .exec_without_returning(connection)
        .await?;
    if matches!(inserted, TryInsertResult::Inserted(1..)) {
        add(connection, comment, comment::Column::SupportCount, 1).await?;
    }
    Ok(())
}

/// Ends an account's support of a comment; ending what is not there changes nothing.
pub(super) async fn unsupport(
    connection: &impl ConnectionTrait,
    comment: CommentId,
    account: AccountId,
) -> Result<(), DbErr> {
    let deleted = comment_support::Entity::delete_by_id((comment, account))
        .exec(connection)
        .await?;
    if deleted.rows_affected > 0 {
        add(connection, comment, comment::Column::SupportCount, -1).await?;
    }
    Ok(())
}

async fn add(
    connection: &impl ConnectionTrait,
    comment: CommentId,
    column: comment::Column,
    change: i64,
) -> Result<(), DbErr> {
    comment::Entity::update_many()
        .col_expr(column, Expr::col(column).add(change))
        .filter(comment::Column::Id.eq(comment))
        .exec(connection)
        .await?;
    Ok(())
}

/// Those of the comments that an account supports.
pub(super) async fn supported(
    connection: &impl ConnectionTrait,
    account: AccountId,
    comments: &[CommentId],
) -> Result<Vec<CommentId>, DbErr> {
    comment_support::Entity::find()
        .select_only()
        .column(comment_support::Column::CommentId)
        .filter(comment_support::Column::AccountId.eq(account))
        .filter(comment_support::Column::CommentId.is_in(comments.iter().copied()))
        .into_tuple()
        .all(connection)
        .await
}

fn split(subject: SubjectId) -> (SubjectKind, Uuid) {
    match subject {
        SubjectId::Story(id) => (SubjectKind::Story, id.0),
        SubjectId::Theme(id) => (SubjectKind::Theme, id.0),
        SubjectId::Poll(id) => (SubjectKind::Poll, id.0),
    }
}

impl Row {
    fn subject(&self) -> SubjectId {
        match self.subject_kind {
            SubjectKind::Story => SubjectId::Story(StoryId(self.subject_id)),
            SubjectKind::Theme => SubjectId::Theme(ThemeId(self.subject_id)),
            SubjectKind::Poll => SubjectId::Poll(PollId(self.subject_id)),
        }
    }

    fn under(self, subject: Subject, actor: &Actor) -> Comment {
        let readable = policy::may_read(actor, self.state, self.author_id);
        Comment {
            id: self.id,
            subject,
            parent: self.parent_id,
            depth: self.depth,
            body: readable.then_some(self.body),
            language: self.language,
            author: readable.then_some(Profile {
                id: self.author_id,
                display_name: self.display_name,
            }),
            state: self.state,
            created_at: self.created_at,
            edited_at: self.edited_at,
            deleted_at: self.deleted_at,
            reply_count: self.reply_count,
            support_count: self.support_count,
            root: self.root_id,
            author_id: self.author_id,
        }
    }
}
