//! Queries of moderators on accounts.

use entity::account;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::Expr};

use crate::id::AccountId;

/// Gives an account another display name, where it goes by `from` or that is not asked; `false`
/// where nothing changed.
pub(crate) async fn rename(
    connection: &impl ConnectionTrait,
    id: AccountId,
    from: Option<&str>,
    to: &str,
) -> Result<bool, DbErr> {
    let mut update = account::Entity::update_many()
        .col_expr(account::Column::DisplayName, Expr::value(to))
        .filter(account::Column::Id.eq(id))
        .filter(account::Column::DisplayName.ne(to));
    if let Some(from) = from {
        update = update.filter(account::Column::DisplayName.eq(from));
    }
    Ok(update.exec(connection).await?.rows_affected > 0)
}
