//! Changing stories and their reactions.

use entity::{story, story_reaction, story_revision, story_theme};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, TryInsertResult,
    sea_query::Expr,
};

use crate::{
    clock::Instant,
    id::{AccountId, StoryId, StoryRevisionId, ThemeId},
    story::{Moderation, ReactionKind, Story, StoryChange, StoryDraft, WithdrawalDraft},
};

/// Adds a story, in version 1, without its themes; `false` where the slug is taken.
pub(in crate::story) async fn insert(
    connection: &impl ConnectionTrait,
    id: StoryId,
    slug: &str,
    draft: &StoryDraft,
    author: AccountId,
    at: Instant,
) -> Result<bool, DbErr> {
    let row = story::ActiveModel {
        id: Set(id),
        slug: Set(slug.to_owned()),
        kind: Set(draft.kind),
        title: Set(draft.title.clone()),
        summary: Set(draft.summary.clone()),
        body: Set(draft.body.clone()),
        language: Set(draft.language.clone()),
        author_id: Set(author),
        partner_id: Set(draft.partner),
        municipality_code: Set(draft.municipality_code.clone()),
        moderation: Set(Moderation::None),
        version: Set(1),
        created_at: Set(at),
        updated_at: Set(at),
        ..Default::default()
    };
    let inserted = story::Entity::insert(row)
        .on_conflict_do_nothing_on([story::Column::Slug])
        .exec_without_returning(connection)
        .await?;
    Ok(matches!(inserted, TryInsertResult::Inserted(1..)))
}

/// Makes a story about exactly these themes.
pub(in crate::story) async fn set_themes(
    connection: &impl ConnectionTrait,
    story: StoryId,
    themes: &[ThemeId],
) -> Result<(), DbErr> {
    story_theme::Entity::delete_many()
        .filter(story_theme::Column::StoryId.eq(story))
        .exec(connection)
        .await?;
    let rows = themes.iter().map(|theme| story_theme::ActiveModel {
        story_id: Set(story),
        theme_id: Set(*theme),
    });
    if !themes.is_empty() {
        story_theme::Entity::insert_many(rows)
            .on_conflict_do_nothing()
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}

/// Changes what a story says, without its themes.
pub(in crate::story) async fn update(
    connection: &impl ConnectionTrait,
    id: StoryId,
    change: StoryChange,
    at: Instant,
) -> Result<(), DbErr> {
    let mut row = touched(id, at);
    row.kind = change.kind.map_or(NotSet, Set);
    row.title = change.title.map_or(NotSet, Set);
    row.summary = change.summary.map_or(NotSet, Set);
    row.body = change.body.map_or(NotSet, Set);
    row.language = change.language.map_or(NotSet, Set);
    row.municipality_code = change.municipality_code.map_or(NotSet, Set);
    row.update(connection).await?;
    Ok(())
}

/// Keeps what `story` says, and begins its next version.
pub(in crate::story) async fn begin_version(
    connection: &impl ConnectionTrait,
    story: &Story,
    by: Option<AccountId>,
    at: Instant,
) -> Result<(), DbErr> {
    let revision = story_revision::ActiveModel {
        id: Set(StoryRevisionId::new(at)),
        story_id: Set(story.id),
        number: Set(story.version),
        title: Set(story.title.clone()),
        summary: Set(story.summary.clone()),
        body: Set(story.body.clone().unwrap_or_default()),
        edited_at: Set(at),
        edited_by: Set(by),
    };
    story_revision::Entity::insert(revision)
        .exec_without_returning(connection)
        .await?;
    let mut row = touched(story.id, at);
    row.version = Set(story.version + 1);
    row.edited_at = Set(Some(at));
    row.update(connection).await?;
    Ok(())
}

/// Offers a story to the moderators.
pub(in crate::story) async fn submit(
    connection: &impl ConnectionTrait,
    id: StoryId,
    at: Instant,
) -> Result<(), DbErr> {
    let mut row = touched(id, at);
    row.submitted_at = Set(Some(at));
    row.moderation = Set(Moderation::Pending);
    row.update(connection).await?;
    Ok(())
}

/// Lets a story be seen from `published` on, as far as `moderation` allows.
pub(in crate::story) async fn publish(
    connection: &impl ConnectionTrait,
    id: StoryId,
    published: Instant,
    moderation: Moderation,
    at: Instant,
) -> Result<(), DbErr> {
    let mut row = touched(id, at);
    row.published_at = Set(Some(published));
    row.moderation = Set(moderation);
    row.update(connection).await?;
    Ok(())
}

/// Withdraws a story.
pub(in crate::story) async fn withdraw(
    connection: &impl ConnectionTrait,
    id: StoryId,
    draft: WithdrawalDraft,
    at: Instant,
) -> Result<(), DbErr> {
    let mut row = touched(id, at);
    row.withdrawn_at = Set(Some(at));
    row.withdrawal_reason = Set(Some(draft.reason));
    row.withdrawal_explanation = Set(draft.explanation);
    row.update(connection).await?;
    Ok(())
}

/// Sets what the moderators make of a story; their last statement stays where none is given.
pub(crate) async fn judge(
    connection: &impl ConnectionTrait,
    id: StoryId,
    moderation: Moderation,
    statement: Option<String>,
    at: Instant,
) -> Result<(), DbErr> {
    let mut row = touched(id, at);
    row.moderation = Set(moderation);
    row.moderation_statement = statement.map_or(NotSet, |statement| Set(Some(statement)));
    row.update(connection).await?;
    Ok(())
}

fn touched(id: StoryId, at: Instant) -> story::ActiveModel {
    story::ActiveModel {
        id: Set(id),
        updated_at: Set(at),
        ..Default::default()
    }
}

/// Adds an account's reaction to a story; adding it twice is the same as once.
pub(in crate::story) async fn add_reaction(
    connection: &impl ConnectionTrait,
    story: StoryId,
    account: AccountId,
    kind: ReactionKind,
    at: Instant,
) -> Result<(), DbErr> {
    let row = story_reaction::ActiveModel {
        story_id: Set(story),
        account_id: Set(account),
        kind: Set(kind),
        created_at: Set(at),
    };
    let inserted = story_reaction::Entity::insert(row)
        .on_conflict_do_nothing()
        .exec_without_returning(connection)
        .await?;
    if matches!(inserted, TryInsertResult::Inserted(1..)) {
        add_energy(connection, story, kind, 1).await?;
    }
    Ok(())
}

/// Takes an account's reaction to a story back; taking back what is not there changes nothing.
pub(in crate::story) async fn remove_reaction(
    connection: &impl ConnectionTrait,
    story: StoryId,
    account: AccountId,
    kind: ReactionKind,
) -> Result<(), DbErr> {
    let deleted = story_reaction::Entity::delete_by_id((story, account, kind))
        .exec(connection)
        .await?;
    if deleted.rows_affected > 0 {
        add_energy(connection, story, kind, -1).await?;
    }
    Ok(())
}

async fn add_energy(
    connection: &impl ConnectionTrait,
    story: StoryId,
    kind: ReactionKind,
    change: i64,
) -> Result<(), DbErr> {
    let column = match kind {
        ReactionKind::Love => story::Column::LoveCount,
        ReactionKind::Join => story::Column::JoinCount,
        ReactionKind::Share => story::Column::ShareCount,
    };
    add(connection, story, &[column, story::Column::Energy], change).await
}

/// Adds to a story's count of visible comments.
pub(crate) async fn add_comments(
    connection: &impl ConnectionTrait,
    story: StoryId,
    change: i64,
) -> Result<(), DbErr> {
    add(connection, story, &[story::Column::CommentCount], change).await
}

/// Adds to the energy of a story what someone's visible comments give it: nothing if it is theirs.
pub(crate) async fn add_commenter(
    connection: &impl ConnectionTrait,
    story: StoryId,
    commenter: AccountId,
    change: i64,
) -> Result<(), DbErr> {
    let column = story::Column::Energy;
    story::Entity::update_many()
        .col_expr(column, Expr::col(column).add(change))
        .filter(story::Column::Id.eq(story))
        .filter(story::Column::AuthorId.ne(commenter))
        .exec(connection)
        .await?;
    Ok(())
}

async fn add(
    connection: &impl ConnectionTrait,
    story: StoryId,
    columns: &[story::Column],
    change: i64,
) -> Result<(), DbErr> {
    let mut update = story::Entity::update_many().filter(story::Column::Id.eq(story));
    for column in columns {
        update = update.col_expr(*column, Expr::col(*column).add(change));
    }
    update.exec(connection).await?;
    Ok(())
}
