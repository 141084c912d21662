//! Counting the comments that can be seen.

use entity::{
    account,
    comment::{self, SubjectKind},
    erasure,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::LockType,
};

use super::super::{Comment, CommentState, SubjectId};
use crate::{
    id::{AccountId, StoryId},
    poll, story, theme,
};

/// Adds to what counts a comment of this place and author, once it is written: its parent's replies,
/// its subject's comments, and the energy of a story.
pub(in crate::comment) async fn add_visible(
    connection: &impl ConnectionTrait,
    comment: &Comment,
    change: i64,
) -> Result<(), DbErr> {
    if let Some(parent) = comment.parent {
        super::add(connection, parent, comment::Column::ReplyCount, change).await?;
    }
    match comment.subject.id {
        SubjectId::Story(id) => add_to_story(connection, comment, id, change).await,
        SubjectId::Theme(id) => theme::store::add_comments(connection, id, change).await,
        SubjectId::Poll(id) => poll::store::add_comments(connection, id, change).await,
    }
}

/// Adds a visible comment to what is counted of its story, or takes it away; the first of its author
/// gives energy, and the last that goes takes it back.
async fn add_to_story(
    connection: &impl ConnectionTrait,
    comment: &Comment,
    story: StoryId,
    change: i64,
) -> Result<(), DbErr> {
    let author = comment.author_id;
    // An erasure of the author waits for this transaction, or this for it: what an erased account
    // wrote gives no energy.
    account::Entity::find_by_id(author)
        .select_only()
        .column(account::Column::Id)
        .lock(LockType::KeyShare)
        .into_tuple::<AccountId>()
        .one(connection)
        .await?;
    // Each comment that comes or goes changes the story's row: behind this lock there is no other.
    story::store::add_comments(connection, story, change).await?;
    let is_erased = erasure::Entity::find()
        .filter(erasure::Column::AccountId.eq(author))
        .count(connection)
        .await?
        > 0;
    let visible = comment::Entity::find()
        .filter(comment::Column::AuthorId.eq(author))
        .filter(comment::Column::SubjectKind.eq(SubjectKind::Story))
        .filter(comment::Column::SubjectId.eq(story.0))
        .filter(comment::Column::State.eq(CommentState::Visible))
        .count(connection)
        .await?;
    if !is_erased && visible == u64::from(change > 0) {
        story::store::add_commenter(connection, story, author, change).await?;
    }
    Ok(())
}
