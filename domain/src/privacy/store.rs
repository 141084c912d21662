//! Queries over every table that names a person.

pub(super) mod retention;

use std::collections::BTreeMap;

use entity::{
    account,
    comment::{self, CommentState, SubjectKind},
    content_report, erasure, job, moderation_appeal, moderation_case, moderation_entry,
    moderation_statement, refresh_token, session, story, story_revision, theme, theme_follow,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, JsonValue,
    QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Alias, Expr, Query, SimpleExpr},
};
use serde_json::{Map, Value};

use super::{Fate, HOLDINGS, Holding, Receipt};
use crate::{
    clock::Instant,
    id::{AccountId, CommentId, ErasureId, StoryId},
    random,
};

/// What an author is called who was erased.
const NOBODY: &str = "Verwijderd account";
/// What stands where the title of an erased story stood.
const NO_TITLE: &str = "Verwijderd verhaal";

/// Returns the rows that a holding has of this account, of each the columns that may leave.
pub(super) async fn rows(
    connection: &impl ConnectionTrait,
    holding: &Holding,
    id: AccountId,
) -> Result<Vec<Map<String, Value>>, DbErr> {
    let query = Query::select()
        .columns(holding.leaves.iter().copied().map(Alias::new))
        .from(Alias::new(holding.table))
        .and_where(of_account(holding.column, holding.through, id))
        .take();
    let backend = connection.get_database_backend();
    let found = connection.query_all_raw(backend.build(&query)).await?;
    found
        .iter()
        .map(|row| match JsonValue::from_query_result(row, "")? {
            Value::Object(columns) => Ok(columns),
            _ => Err(DbErr::Type("a row is an object".to_owned())),
        })
        .collect()
}

/// The condition that `column` leads to this account, by way of the tables of `through`.
fn of_account(column: &str, through: &[(&str, &str)], id: AccountId) -> SimpleExpr {
    let column = Expr::col(Alias::new(column));
    match through {
        [] => column.eq(id.0),
        [(table, onward), rest @ ..] => column.in_subquery(
            Query::select()
                .column(Alias::new("id"))
                .from(Alias::new(*table))
                .and_where(of_account(onward, rest, id))
                .take(),
        ),
    }
}

/// The comments of this author, those that they took back left out.
pub(super) async fn comments(
    connection: &impl ConnectionTrait,
    author: AccountId,
) -> Result<Vec<CommentId>, DbErr> {
    comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .filter(comment::Column::AuthorId.eq(author))
        .filter(comment::Column::DeletedAt.is_null())
        .into_tuple()
        .all(connection)
        .await
}

/// The stories of this author.
pub(super) async fn stories(
    connection: &impl ConnectionTrait,
    author: AccountId,
) -> Result<Vec<StoryId>, DbErr> {
    story::Entity::find()
        .select_only()
        .column(story::Column::Id)
        .filter(story::Column::AuthorId.eq(author))
        .into_tuple()
        .all(connection)
        .await
}

/// Takes what an author wrote out of their stories and of the comments that they took back; gives
/// how many rows of which tables.
pub(super) async fn blank(
    connection: &impl ConnectionTrait,
    author: AccountId,
    tables: &mut BTreeMap<String, u64>,
) -> Result<(), DbErr> {
    let own = story::Entity::find()
        .select_only()
        .column(story::Column::Id)
        .filter(story::Column::AuthorId.eq(author))
        .into_query();
    let revisions = story_revision::Entity::update_many()
        .col_expr(story_revision::Column::Title, Expr::value(NO_TITLE))
        .col_expr(story_revision::Column::Summary, Expr::value(""))
        .col_expr(story_revision::Column::Body, Expr::value(""))
        .filter(story_revision::Column::StoryId.in_subquery(own))
        .exec(connection)
        .await?;
    tables.insert("story_revision".to_owned(), revisions.rows_affected);
    let stories = story::Entity::update_many()
        .col_expr(story::Column::Title, Expr::value(NO_TITLE))
        .col_expr(story::Column::Summary, Expr::value(""))
        .col_expr(story::Column::Body, Expr::value(""))
        .filter(story::Column::AuthorId.eq(author))
        .exec(connection)
        .await?;
    tables.insert("story".to_owned(), stories.rows_affected);
    let comments = comment::Entity::update_many()
        .col_expr(comment::Column::Body, Expr::value(""))
        .filter(comment::Column::AuthorId.eq(author))
        .exec(connection)
        .await?;
    tables.insert("comment".to_owned(), comments.rows_affected);
    let cases = moderation_case::Entity::update_many()
        .col_expr(moderation_case::Column::Snapshot, Expr::value(""))
        .filter(moderation_case::Column::AuthorId.eq(author))
        .exec(connection)
        .await?;
    tables.insert("moderation_case".to_owned(), cases.rows_affected);
    Ok(())
}

/// Takes the words out of what a person said to moderators and was told by them; the record
/// itself holds none. Gives how many rows of which tables.
async fn unsay(
    connection: &impl ConnectionTrait,
    id: AccountId,
    tables: &mut BTreeMap<String, u64>,
) -> Result<(), DbErr> {
    let reports = content_report::Entity::update_many()
        .col_expr(
            content_report::Column::Explanation,
            Expr::value(None::<String>),
        )
        .filter(content_report::Column::AccountId.eq(id))
        .exec(connection)
        .await?;
    tables.insert("content_report".to_owned(), reports.rows_affected);
    let appeals = moderation_appeal::Entity::update_many()
        .col_expr(moderation_appeal::Column::Statement, Expr::value(""))
        .filter(moderation_appeal::Column::AccountId.eq(id))
        .exec(connection)
        .await?;
    tables.insert("moderation_appeal".to_owned(), appeals.rows_affected);
    let own = moderation_case::Entity::find()
        .select_only()
        .column(moderation_case::Column::Id)
        .filter(moderation_case::Column::AuthorId.eq(id))
        .into_query();
    let entries = moderation_entry::Entity::find()
        .select_only()
        .column(moderation_entry::Column::Id)
        .filter(moderation_entry::Column::CaseId.in_subquery(own))
        .into_query();
    let told = moderation_statement::Entity::delete_many()
        .filter(moderation_statement::Column::EntryId.in_subquery(entries))
        .exec(connection)
        .await?;
    tables.insert("moderation_statement".to_owned(), told.rows_affected);
    // The name that was reported.
    let profile = moderation_case::Entity::update_many()
        .col_expr(moderation_case::Column::Snapshot, Expr::value(NOBODY))
        .filter(moderation_case::Column::SubjectId.eq(id.0))
        .exec(connection)
        .await?;
    *tables.entry("moderation_case".to_owned()).or_default() += profile.rows_affected;
    Ok(())
}

/// Replaces the person of an account by nobody, and removes what is theirs alone; gives how many
/// rows of which tables. None where that was done before.
pub(super) async fn erase(
    connection: &impl ConnectionTrait,
    id: AccountId,
    now: Instant,
    mut tables: BTreeMap<String, u64>,
) -> Result<Option<BTreeMap<String, u64>>, DbErr> {
    let replaced = account::Entity::update_many()
        .col_expr(account::Column::Email, Expr::value(no_address()?))
        .col_expr(account::Column::ProviderEmail, Expr::value(None::<String>))
        .col_expr(account::Column::DisplayName, Expr::value(NOBODY))
        .col_expr(account::Column::PasswordHash, Expr::value(""))
        .col_expr(
            account::Column::EmailVerifiedAt,
            Expr::value(None::<Instant>),
        )
        .col_expr(account::Column::UpdatedAt, Expr::value(now))
        .filter(account::Column::Id.eq(id))
        .filter(account::Column::Id.not_in_subquery(erased().into_query()))
        .exec(connection)
        .await?;
    if replaced.rows_affected == 0 {
        return Ok(None);
    }
    tables.insert("account".to_owned(), replaced.rows_affected);
    unsay(connection, id, &mut tables).await?;
    let sessions = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::AccountId.eq(id))
        .into_query();
    let tokens = refresh_token::Entity::delete_many()
        .filter(refresh_token::Column::SessionId.in_subquery(sessions))
        .exec(connection)
        .await?;
    tables.insert("refresh_token".to_owned(), tokens.rows_affected);
    let followed = theme_follow::Entity::find()
        .select_only()
        .column(theme_follow::Column::ThemeId)
        .filter(theme_follow::Column::AccountId.eq(id))
        .into_query();
    let themes = theme::Entity::update_many()
        .col_expr(
            theme::Column::FollowerCount,
            Expr::col(theme::Column::FollowerCount).sub(1),
        )
        .filter(theme::Column::Id.in_subquery(followed))
        .exec(connection)
        .await?;
    tables.insert("theme".to_owned(), themes.rows_affected);
    // Nobody gives energy by a comment under nobody's name.
    let commented = comment::Entity::find()
        .select_only()
        .column(comment::Column::SubjectId)
        .filter(comment::Column::AuthorId.eq(id))
        .filter(comment::Column::SubjectKind.eq(SubjectKind::Story))
        .filter(comment::Column::State.eq(CommentState::Visible))
        .into_query();
    let stories = story::Entity::update_many()
        .col_expr(
            story::Column::Energy,
            Expr::col(story::Column::Energy).sub(1),
        )
        .filter(story::Column::Id.in_subquery(commented))
        .filter(story::Column::AuthorId.ne(id))
        .exec(connection)
        .await?;
    *tables.entry("story".to_owned()).or_default() += stories.rows_affected;
    let jobs = job::Entity::delete_many()
        .filter(job::Column::Payload.contains(id.0.to_string()))
        .exec(connection)
        .await?;
    tables.insert("job".to_owned(), jobs.rows_affected);
    let backend = connection.get_database_backend();
    for holding in HOLDINGS.iter().filter(|one| one.fate == Fate::Removed) {
        let statement = Query::delete()
            .from_table(Alias::new(holding.table))
            .and_where(Expr::col(Alias::new(holding.column)).eq(id.0))
            .take();
        let removed = connection.execute_raw(backend.build(&statement)).await?;
        tables.insert(holding.table.to_owned(), removed.rows_affected());
    }
    tables.retain(|_, rows| *rows > 0);
    Ok(Some(tables))
}

/// Returns the text in the place of an erased address: unguessable, and no address, so that nobody can
/// have registered it before.
fn no_address() -> Result<String, DbErr> {
    let token = random::token().map_err(|fault| DbErr::Custom(fault.to_string()))?;
    Ok(format!("erased:{token}"))
}

fn erased() -> sea_orm::Select<erasure::Entity> {
    erasure::Entity::find()
        .select_only()
        .column(erasure::Column::AccountId)
}

/// Keeps a receipt.
pub(super) async fn keep(
    connection: &impl ConnectionTrait,
    id: AccountId,
    receipt: &Receipt,
) -> Result<(), DbErr> {
    let tables: Map<String, Value> = receipt
        .tables
        .iter()
        .map(|(table, rows)| (table.clone(), Value::from(*rows)))
        .collect();
    let row = erasure::ActiveModel {
        id: Set(ErasureId::new(receipt.erased_at)),
        account_id: Set(id),
        erased_at: Set(receipt.erased_at),
        kept_contributions: Set(receipt.kept_contributions),
        tables: Set(Value::Object(tables).to_string()),
    };
    erasure::Entity::insert(row)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}
