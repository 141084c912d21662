//! Results split by how ballots came in and by how sure it is who cast them.

use std::sync::Arc;

use async_graphql::{Enum, SimpleObject};
use domain::poll;

use super::results::QuestionResults;

/// How a ballot came in, the last time that it changed.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "poll::Channel")]
pub(crate) enum BallotChannel {
    /// Over the platform's own pages.
    Site,
    /// Over a partner's page.
    Embed,
    /// In a presenter's room.
    Room,
    /// On paper.
    Paper,
    /// From another platform.
    Import,
}

/// How sure it is who cast a ballot, the last time that it changed.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "poll::Assurance")]
pub(crate) enum BallotAssurance {
    /// Not at all.
    Open,
    /// Someone who holds a visitor's token.
    Device,
    /// Someone who reads an address.
    Email,
    /// Someone who signed in.
    Account,
    /// Someone a partner vouches for.
    Partner,
}

/// The results of the ballots that came in one way.
#[derive(SimpleObject)]
pub(crate) struct ChannelResults {
    /// How they came in.
    channel: BallotChannel,
    /// Their results. Null where they are fewer than five, or where such a group could be worked
    /// out from them; editors, moderators and admins see every group.
    results: Option<QuestionResults>,
}

/// The results of the ballots of which it is as sure who cast them.
#[derive(SimpleObject)]
pub(crate) struct AssuranceResults {
    /// How sure.
    assurance: BallotAssurance,
    /// Their results. Null where they are fewer than five, or where such a group could be worked
    /// out from them; editors, moderators and admins see every group.
    results: Option<QuestionResults>,
}

impl From<(poll::Channel, Option<Arc<poll::QuestionResults>>)> for ChannelResults {
    fn from((channel, results): (poll::Channel, Option<Arc<poll::QuestionResults>>)) -> Self {
        Self {
            channel: channel.into(),
            results: results.map(QuestionResults::from),
        }
    }
}

impl From<(poll::Assurance, Option<Arc<poll::QuestionResults>>)> for AssuranceResults {
    fn from((assurance, results): (poll::Assurance, Option<Arc<poll::QuestionResults>>)) -> Self {
        Self {
            assurance: assurance.into(),
            results: results.map(QuestionResults::from),
        }
    }
}
