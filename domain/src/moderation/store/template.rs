//! Queries on templates.

use entity::moderation_template::{Column, Entity};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryOrder, QuerySelect,
};

use crate::moderation::Template;

/// Templates of a platform at most; there are as many as moderators wrote.
const MOST: u64 = 1_000;

/// Every template, by action, reason and language.
pub(in crate::moderation) async fn templates(
    connection: &impl ConnectionTrait,
) -> Result<Vec<Template>, DbErr> {
    Entity::find()
        .order_by_asc(Column::Action)
        .order_by_asc(Column::ReasonCode)
        .order_by_asc(Column::Locale)
        .order_by_asc(Column::Id)
        .limit(MOST)
        .all(connection)
        .await
}

/// Adds a template, or changes the one with its id; `false` where that is not there.
pub(in crate::moderation) async fn set(
    connection: &impl ConnectionTrait,
    template: Template,
    is_new: bool,
) -> Result<bool, DbErr> {
    let found = is_new
        || Entity::find_by_id(template.id)
            .one(connection)
            .await?
            .is_some();
    let row = template.into_active_model().reset_all();
    if is_new {
        Entity::insert(row)
            .exec_without_returning(connection)
            .await?;
    } else if found {
        row.update(connection).await?;
    }
    Ok(found)
}
