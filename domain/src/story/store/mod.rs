//! Queries on stories.

mod change;
mod read;
mod row;
mod series;

pub(crate) use change::{add_commenter, add_comments, judge};
pub(super) use change::{
    add_reaction, begin_version, insert, publish, remove_reaction, set_themes, submit, update,
    withdraw,
};
pub(super) use read::{
    bodies, by_ids, by_slug, count, count_by_author, counts_by_theme, list, list_by_author,
    reactions, themes,
};
pub(crate) use read::{by_id, by_id_for_change, seen};
pub(super) use series::{
    arrange, count_series_stories, insert_series, places, series_by_id_for_change, series_by_ids,
    series_by_slug, series_stories,
};
