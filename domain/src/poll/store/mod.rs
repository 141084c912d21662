//! Queries on polls, their questions, and the ballots that answer them.

pub(super) mod counting;
pub(super) mod edit;
mod embedded;
pub(super) mod held;
mod list;
mod poll;
pub(super) mod question;
pub(super) mod recount;
pub(super) mod room;
mod rows;
pub(super) mod run;
pub(super) mod secret;
pub(super) mod split;
pub(super) mod standing;
pub(super) mod written;

pub(crate) use embedded::count_by_embed;
pub(super) use list::{count, count_by_theme, list, of_own_partner, themes};
pub(crate) use poll::{add_comments, by_id, by_ids, seen};
pub(super) use poll::{add_import, by_slug, imported, insert, lock};
pub(crate) use written::{poll_of, written as written_answer};
