//! Queries on partners.

use entity::municipality::{Column, Entity, Model};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryOrder};

use super::Municipality;

/// Every municipality, by name.
pub(super) async fn municipalities(
    connection: &impl ConnectionTrait,
) -> Result<Vec<Municipality>, DbErr> {
    let rows = Entity::find()
        .order_by_asc(Column::Name)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(Municipality::from).collect())
}

/// Whether there is a municipality with this CBS code.
pub(crate) async fn municipality_exists(
    connection: &impl ConnectionTrait,
    code: &str,
) -> Result<bool, DbErr> {
    Ok(Entity::find_by_id(code.to_owned())
        .one(connection)
        .await?
        .is_some())
}

impl From<Model> for Municipality {
    fn from(row: Model) -> Self {
        Self {
            code: row.code,
            name: row.name,
        }
    }
}
