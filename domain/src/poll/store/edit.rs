//! Changes of polls, and the log of what was reworded.

use std::collections::HashSet;

use entity::{poll, poll_edit, poll_option, poll_theme, poll_voter, question};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
};

use super::super::{OptionWording, PollChange, PollTimes, QuestionWording};
use crate::{
    clock::Instant,
    id::{AccountId, OptionId, PollEditId, PollId, QuestionId, ThemeId},
    text,
};

pub(in crate::poll) use entity::poll_edit::PollField;

/// A text that changed in a poll that had ballots.
#[derive(Debug, Clone)]
pub(in crate::poll) struct Edit {
    pub question: Option<QuestionId>,
    pub option: Option<OptionId>,
    pub field: PollField,
    pub before: String,
    pub after: String,
}

/// Whether anyone ever voted in the poll, in any run.
pub(in crate::poll) async fn has_ballots(
    connection: &impl ConnectionTrait,
    poll: PollId,
) -> Result<bool, DbErr> {
    let one: Option<i32> = poll_voter::Entity::find()
        .select_only()
        .column(poll_voter::Column::Run)
        .filter(poll_voter::Column::PollId.eq(poll))
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(one.is_some())
}

/// Changes a poll's own columns; questions, wording and themes are written apart.
pub(in crate::poll) async fn update(
    connection: &impl ConnectionTrait,
    id: PollId,
    change: &PollChange,
    at: Instant,
) -> Result<(), DbErr> {
    let mut row = poll::ActiveModel {
        id: Set(id),
        updated_at: Set(at),
        ..Default::default()
    };
    row.title = change.title.clone().map_or(NotSet, Set);
    row.title_key = change
        .title
        .as_deref()
        .map_or(NotSet, |title| Set(text::sort_key(title)));
    row.description = change.description.clone().map_or(NotSet, Set);
    row.results_visibility = change.results_visibility.map_or(NotSet, Set);
    row.vote_change = change.vote_change.map_or(NotSet, Set);
    row.eligibility = change.eligibility.map_or(NotSet, Set);
    row.new_voters_per_network = change.new_voters_per_network.map_or(NotSet, Set);
    row.opens_at = change.opens_at.map_or(NotSet, Set);
    row.closes_at = change.closes_at.map_or(NotSet, Set);
    row.update(connection).await?;
    Ok(())
}

/// Sets when a poll opens, closes and so on.
pub(in crate::poll) async fn set_times(
    connection: &impl ConnectionTrait,
    id: PollId,
    times: PollTimes,
    at: Instant,
) -> Result<(), DbErr> {
    let row = poll::ActiveModel {
        id: Set(id),
        opens_at: Set(times.opens_at),
        closes_at: Set(times.closes_at),
        closed_early_at: Set(times.closed_early_at),
        paused_at: Set(times.paused_at),
        cancelled_at: Set(times.cancelled_at),
        results_published_at: Set(times.results_published_at),
        archived_at: Set(times.archived_at),
        updated_at: Set(at),
        ..Default::default()
    };
    row.update(connection).await?;
    Ok(())
}

/// What a poll is about.
pub(in crate::poll) async fn theme_ids(
    connection: &impl ConnectionTrait,
    poll: PollId,
) -> Result<HashSet<ThemeId>, DbErr> {
    let ids: Vec<ThemeId> = poll_theme::Entity::find()
        .select_only()
        .column(poll_theme::Column::ThemeId)
        .filter(poll_theme::Column::PollId.eq(poll))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().collect())
}

/// Makes a poll be about these themes and no others.
pub(in crate::poll) async fn set_themes(
    connection: &impl ConnectionTrait,
    poll: PollId,
    themes: &[ThemeId],
) -> Result<(), DbErr> {
    poll_theme::Entity::delete_many()
        .filter(poll_theme::Column::PollId.eq(poll))
        .exec(connection)
        .await?;
    if themes.is_empty() {
        return Ok(());
    }
    let rows = themes.iter().map(|theme| poll_theme::ActiveModel {
        poll_id: Set(poll),
        theme_id: Set(*theme),
    });
    poll_theme::Entity::insert_many(rows)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Rewords a question; its options are written apart.
pub(in crate::poll) async fn reword_question(
    connection: &impl ConnectionTrait,
    wording: &QuestionWording,
) -> Result<(), DbErr> {
    if wording.prompt.is_none() && wording.description.is_none() {
        return Ok(());
    }
    let row = question::ActiveModel {
        id: Set(wording.question),
        prompt: wording.prompt.clone().map_or(NotSet, Set),
        description: wording.description.clone().map_or(NotSet, Set),
        ..Default::default()
    };
    row.update(connection).await?;
    Ok(())
}

/// Rewords an option.
pub(in crate::poll) async fn reword_option(
    connection: &impl ConnectionTrait,
    wording: &OptionWording,
) -> Result<(), DbErr> {
    if wording.label.is_none() && wording.description.is_none() {
        return Ok(());
    }
    let row = poll_option::ActiveModel {
        id: Set(wording.option),
        label: wording.label.clone().map_or(NotSet, Set),
        description: wording.description.clone().map_or(NotSet, Set),
        ..Default::default()
    };
    row.update(connection).await?;
    Ok(())
}

/// Adds to the log of what was reworded.
pub(in crate::poll) async fn add_edits(
    connection: &impl ConnectionTrait,
    poll: PollId,
    edits: Vec<Edit>,
    by: Option<AccountId>,
    at: Instant,
) -> Result<(), DbErr> {
    if edits.is_empty() {
        return Ok(());
    }
    let rows = edits.into_iter().map(|edit| poll_edit::ActiveModel {
        id: Set(PollEditId::new(at)),
        poll_id: Set(poll),
        question_id: Set(edit.question),
        option_id: Set(edit.option),
        field: Set(edit.field),
        before: Set(edit.before),
        after: Set(edit.after),
        edited_by: Set(by),
        edited_at: Set(at),
    });
    poll_edit::Entity::insert_many(rows)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}
