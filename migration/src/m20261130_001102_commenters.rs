//! Adds to the energy of each story everyone but its author who has a visible comment under it, and
//! an index that leads from an account to its comments.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Comment {
    Table,
    AuthorId,
    SubjectId,
}

const COMMENTERS: &str = "(SELECT COUNT(DISTINCT comment.author_id) FROM comment \
    WHERE comment.subject_kind = 'STORY' AND comment.subject_id = story.id \
    AND comment.state = 'VISIBLE' AND comment.author_id <> story.author_id \
    AND comment.author_id NOT IN (SELECT erasure.account_id FROM erasure))";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_index(
                Index::create()
                    .name("comment_author")
                    .table(Comment::Table)
                    .col(Comment::AuthorId)
                    .col(Comment::SubjectId)
                    .take(),
            )
            .await?;
        add(manager, "+").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "-").await?;
        manager
            .drop_index(
                Index::drop()
                    .name("comment_author")
                    .table(Comment::Table)
                    .to_owned(),
            )
            .await
    }
}

async fn add(manager: &SchemaManager<'_>, sign: &str) -> Result<(), DbErr> {
    let text = format!("UPDATE story SET energy = energy {sign} {COMMENTERS}");
    manager.get_connection().execute_unprepared(&text).await?;
    Ok(())
}
