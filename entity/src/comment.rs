//! Table `comment`.

use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::id::{AccountId, CommentId};

/// What kind of thing a comment stands under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum SubjectKind {
    /// A story.
    Story,
    /// A theme.
    Theme,
    /// A poll.
    Poll,
}

/// What of a comment can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Text",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum CommentState {
    /// All of it, by everyone who may see what it stands under.
    Visible,
    /// It awaits a moderator; only its author and moderators see it.
    Pending,
    /// A moderator removed it; a placeholder stays.
    Hidden,
    /// Its author deleted it; a placeholder stays.
    DeletedByAuthor,
}

/// A row of `comment`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comment")]
pub struct Model {
    /// Primary key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommentId,
    /// The kind of what it stands under.
    pub subject_kind: SubjectKind,
    /// The id of what it stands under, in the table of its kind.
    pub subject_id: Uuid,
    /// The comment that it replies to.
    pub parent_id: Option<CommentId>,
    /// The comment that its thread begins with; its own id where it begins one.
    pub root_id: CommentId,
    /// 1 for the first of a thread, 3 at most.
    pub depth: i32,
    /// Markdown; empty once its author deleted it.
    pub body: String,
    /// The language it is written in (BCP 47).
    pub language: String,
    /// Who wrote it.
    pub author_id: AccountId,
    /// What of it can be seen.
    pub state: CommentState,
    /// When it was posted.
    pub created_at: DateTimeUtc,
    /// When its author last changed it.
    pub edited_at: Option<DateTimeUtc>,
    /// When its author deleted it.
    pub deleted_at: Option<DateTimeUtc>,
    /// How many visible direct replies it has.
    pub reply_count: i64,
    /// How many accounts support it; equals the rows of `comment_support`.
    pub support_count: i64,
}

/// Relations are joined by hand where a query needs them.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
