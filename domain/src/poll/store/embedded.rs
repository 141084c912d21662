//! Ballots that came by embeds.

use entity::ballot;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use crate::id::EmbedId;

/// How many ballots came by each embed that stand, over all runs; an embed without any is absent.
pub(crate) async fn count_by_embed(
    connection: &impl ConnectionTrait,
    embeds: &[EmbedId],
) -> Result<Vec<(EmbedId, i64)>, DbErr> {
    ballot::Entity::find()
        .select_only()
        .column(ballot::Column::EmbedId)
        .column_as(ballot::Column::Id.count(), "ballots")
        .filter(ballot::Column::EmbedId.is_in(embeds.iter().copied()))
        .filter(ballot::Column::RetractedAt.is_null())
        .group_by(ballot::Column::EmbedId)
        .into_tuple()
        .all(connection)
        .await
}
