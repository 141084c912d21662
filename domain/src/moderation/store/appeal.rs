//! Queries on appeals.

use entity::{
    moderation_actor,
    moderation_appeal::{ActiveModel, Column, Entity},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    IntoActiveModel, JoinType, PaginatorTrait, QueryFilter, QuerySelect,
};

use crate::{
    clock::Instant,
    id::{AccountId, ModerationAppealId, ModerationCaseId, ModerationEntryId},
    moderation::Appeal,
};

/// Adds an appeal.
pub(in crate::moderation) async fn insert(
    connection: &impl ConnectionTrait,
    appeal: Appeal,
) -> Result<(), DbErr> {
    Entity::insert(appeal.into_active_model().reset_all())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// The appeal against an entry; none where there is none.
pub(in crate::moderation) async fn by_entry(
    connection: &impl ConnectionTrait,
    entry: ModerationEntryId,
) -> Result<Option<Appeal>, DbErr> {
    Entity::find()
        .filter(Column::EntryId.eq(entry))
        .one(connection)
        .await
}

/// Whether an entry decided on an appeal.
pub(in crate::moderation) async fn is_outcome(
    connection: &impl ConnectionTrait,
    entry: ModerationEntryId,
) -> Result<bool, DbErr> {
    let found = Entity::find()
        .filter(Column::OutcomeId.eq(entry))
        .count(connection)
        .await?;
    Ok(found > 0)
}

/// An appeal, and who made the decision that it is against.
pub(in crate::moderation) async fn appeal(
    connection: &impl ConnectionTrait,
    id: ModerationAppealId,
) -> Result<Option<(Appeal, Option<AccountId>)>, DbErr> {
    let Some(appeal) = Entity::find_by_id(id).one(connection).await? else {
        return Ok(None);
    };
    let actor = moderation_actor::Entity::find_by_id(appeal.entry_id)
        .one(connection)
        .await?;
    Ok(Some((appeal, actor.map(|actor| actor.account_id))))
}

/// These appeals, each with who made the decision that it is against; without those of whom that
/// is not known any more.
pub(in crate::moderation) async fn contested(
    connection: &impl ConnectionTrait,
    ids: &[ModerationAppealId],
) -> Result<Vec<(ModerationAppealId, AccountId)>, DbErr> {
    let decided = Entity::belongs_to(moderation_actor::Entity)
        .from(Column::EntryId)
        .to(moderation_actor::Column::EntryId);
    Entity::find()
        .select_only()
        .column(Column::Id)
        .column(moderation_actor::Column::AccountId)
        .join(JoinType::InnerJoin, decided.into())
        .filter(Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(connection)
        .await
}

/// The appeals in these cases, in no order.
pub(in crate::moderation) async fn appeals(
    connection: &impl ConnectionTrait,
    cases: &[ModerationCaseId],
) -> Result<Vec<Appeal>, DbErr> {
    Entity::find()
        .filter(Column::CaseId.is_in(cases.iter().copied()))
        .all(connection)
        .await
}

/// Keeps which entry decided on an appeal.
pub(in crate::moderation) async fn settle(
    connection: &impl ConnectionTrait,
    id: ModerationAppealId,
    outcome: ModerationEntryId,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(id),
        outcome_id: Set(Some(outcome)),
        ..Default::default()
    };
    row.update(connection).await?;
    Ok(())
}

/// How many appeals were made since an instant.
pub(in crate::moderation) async fn count_since(
    connection: &impl ConnectionTrait,
    since: Instant,
) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::CreatedAt.gte(since))
        .count(connection)
        .await
}
