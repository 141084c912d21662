//! Polls, questions, ballots and results in the API.

mod ballot;
mod input;
mod loader;
mod mutation;
mod query;
mod question;
mod rendered;
mod results;
mod room;
mod split;
mod subscription;
mod types;

pub(crate) use loader::PollCountOf;
pub(crate) use mutation::{BallotMutation, PollMutation};
pub(crate) use query::{PollQuery, of_partner, of_theme};
pub(crate) use question::Question;
pub(crate) use rendered::Renderings;
pub(crate) use room::{RoomMutation, RoomQuery};
pub(crate) use subscription::PollSubscription;
pub(crate) use types::Poll;
