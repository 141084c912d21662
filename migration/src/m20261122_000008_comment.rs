//! Comments on stories, themes and polls, and who supports them.

use sea_orm_migration::prelude::*;

use crate::schema::{
    count, id, instant, one_of, optional_instant, optional_reference, reference, text,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Account {
    Table,
    Id,
}

#[derive(DeriveIden)]
enum Comment {
    Table,
    Id,
    SubjectKind,
    SubjectId,
    ParentId,
    RootId,
    Depth,
    Body,
    Language,
    AuthorId,
    State,
    CreatedAt,
    EditedAt,
    DeletedAt,
    ReplyCount,
    SupportCount,
}

#[derive(DeriveIden)]
enum CommentSupport {
    Table,
    CommentId,
    AccountId,
    CreatedAt,
}

const SUBJECT_KINDS: [&str; 3] = ["STORY", "THEME", "POLL"];
const STATES: [&str; 4] = ["VISIBLE", "PENDING", "HIDDEN", "DELETED_BY_AUTHOR"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        comments(manager).await?;
        support(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            CommentSupport::Table.into_iden(),
            Comment::Table.into_iden(),
        ] {
            manager
                .drop_table(Table::drop().table(table).take())
                .await?;
        }
        Ok(())
    }
}

async fn comments(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(Comment::Table)
                .col(id(Comment::Id))
                .col(one_of(Comment::SubjectKind, &SUBJECT_KINDS))
                .col(reference(Comment::SubjectId))
                .col(optional_reference(Comment::ParentId))
                .col(reference(Comment::RootId))
                .col(
                    ColumnDef::new(Comment::Depth)
                        .integer()
                        .not_null()
                        .check(Expr::col(Comment::Depth).between(1, 3)),
                )
                .col(text(Comment::Body))
                .col(text(Comment::Language))
                .col(reference(Comment::AuthorId))
                .col(one_of(Comment::State, &STATES))
                .col(instant(Comment::CreatedAt))
                .col(optional_instant(Comment::EditedAt))
                .col(optional_instant(Comment::DeletedAt))
                .col(count(Comment::ReplyCount))
                .col(count(Comment::SupportCount))
                .foreign_key(
                    ForeignKey::create()
                        .from(Comment::Table, Comment::ParentId)
                        .to(Comment::Table, Comment::Id),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(Comment::Table, Comment::AuthorId)
                        .to(Account::Table, Account::Id),
                )
                .take(),
        )
        .await?;
    for (name, column) in [
        ("comment_roots_newest", Comment::CreatedAt),
        ("comment_roots_most_supported", Comment::SupportCount),
    ] {
        manager
            .create_index(
                Index::create()
                    .name(name)
                    .table(Comment::Table)
                    .col(Comment::SubjectId)
                    .col(Comment::SubjectKind)
                    .col(column)
                    .col(Comment::Id)
                    .and_where(Expr::col(Comment::ParentId).is_null())
                    .take(),
            )
            .await?;
    }
    manager
        .create_index(
            Index::create()
                .name("comment_replies_oldest")
                .table(Comment::Table)
                .col(Comment::ParentId)
                .col(Comment::CreatedAt)
                .col(Comment::Id)
                // Else SQLite would look for the roots of one subject among those of all.
                .and_where(Expr::col(Comment::ParentId).is_not_null())
                .take(),
        )
        .await
}

async fn support(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table(CommentSupport::Table)
                .col(reference(CommentSupport::CommentId))
                .col(reference(CommentSupport::AccountId))
                .col(instant(CommentSupport::CreatedAt))
                .primary_key(
                    Index::create()
                        .col(CommentSupport::CommentId)
                        .col(CommentSupport::AccountId),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(CommentSupport::Table, CommentSupport::CommentId)
                        .to(Comment::Table, Comment::Id),
                )
                .foreign_key(
                    ForeignKey::create()
                        .from(CommentSupport::Table, CommentSupport::AccountId)
                        .to(Account::Table, Account::Id),
                )
                .take(),
        )
        .await
}
