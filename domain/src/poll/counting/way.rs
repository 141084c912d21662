//! How a ballot comes in, and how sure it is who casts it.

use super::super::{Assurance, Channel, Poll};
use crate::{Actor, actor::Identity, id::EmbedId};

/// How a ballot comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::poll) struct Way {
    pub channel: Channel,
    /// How sure it is who casts it.
    pub assurance: Assurance,
    /// The embed that it comes by.
    pub embed: Option<EmbedId>,
}

impl Way {
    /// How a ballot of the actor's comes in for the poll.
    pub(super) fn of(actor: &Actor, poll: Option<&Poll>) -> Self {
        let own = poll.map_or(Channel::Site, Poll::channel);
        let (channel, assurance, embed) = match actor {
            Actor::Member(_) | Actor::Blocked(_) => (own, Assurance::Account, None),
            Actor::Visitor(_) | Actor::System => (own, Assurance::Device, None),
            Actor::Guest(guest) => {
                let assurance = match guest.identity {
                    Identity::Passing(_) => Assurance::Open,
                    Identity::Device(_) => Assurance::Device,
                    Identity::Subject(_) => Assurance::Partner,
                };
                (Channel::Embed, assurance, Some(guest.embed))
            }
        };
        Self {
            channel,
            assurance,
            embed,
        }
    }

    /// That of a visitor over the platform's own pages.
    #[cfg(test)]
    pub(super) const TEST: Self = Self {
        channel: Channel::Site,
        assurance: Assurance::Device,
        embed: None,
    };
}
