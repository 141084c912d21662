//! A rate limit of new voters: how many visitors' tokens that are new to a poll may vote in it from
//! one network within an hour.
//!
//! A visitor's token costs nothing, so that one machine could cast thousands of ballots. What is
//! counted is a voter's first ballot in a poll's run, as the counting finds it; whoever has voted
//! before is not limited. Accounts and those whom a partner vouches for are not either.
//!
//! Kept in memory, bounded, by this process alone. Of an address only a keyed hash of its network
//! is kept: an IPv4 address, or the /64 of an IPv6 address.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::TimeDelta;
use lru::LruCache;

use super::{
    Poll,
    counting::Seat,
    voter::{Voter, VoterKey},
};
use crate::{Actor, clock::Instant, id::PollId, rate_limit::Network};

/// The time in which new voters of a network are counted together.
const WINDOW: TimeDelta = TimeDelta::hours(1);
/// Windows at most; past that, the one in which a voter was counted longest ago is evicted.
const WINDOWS: usize = 100_000;
/// New voters of a network within an hour, if nothing else is set.
const USUAL: u32 = 2_000;

/// The installation's limit of new voters.
#[derive(Clone)]
pub struct NewVoterLimit {
    /// The most visitors' tokens that are new to a poll and vote from one network within an
    /// hour; a poll may have a limit of its own.
    pub per_network: u32,
    /// Tells networks that have no limit.
    pub is_trusted: Arc<dyn Fn(IpAddr) -> bool + Send + Sync>,
}

/// The network that a request comes from, as a hash that means nothing to another process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NetworkKey(u64);

/// Counts new voters by poll and network.
pub(super) struct NewVoters {
    limit: NewVoterLimit,
    hasher: RandomState,
    windows: Mutex<Windows>,
}

type Windows = LruCache<(PollId, NetworkKey), Window>;

#[derive(Debug, Clone, Copy)]
struct Window {
    ends_at: Instant,
    voters: u32,
}

/// The room that the limits leave to a batch of ballots, if it may not be enough.
#[derive(Debug, Default)]
pub(super) struct Quotas {
    scarce: HashMap<(PollId, NetworkKey), Quota>,
    /// Voters who have voted in the poll before, or were admitted within the batch.
    known: HashSet<(PollId, VoterKey)>,
    /// The networks of voters who may be new to a poll's run.
    pub networks: BTreeMap<(PollId, i32, VoterKey), NetworkKey>,
    /// The ballots of a poll's run that were refused.
    pub refused: BTreeMap<(PollId, i32), i64>,
}

/// The new voters of one network that a poll still takes, and the time until it takes more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quota {
    left: u32,
    retry_after: Duration,
}

impl Default for NewVoterLimit {
    fn default() -> Self {
        Self {
            per_network: USUAL,
            is_trusted: Arc::new(|_| false),
        }
    }
}

impl fmt::Debug for NewVoterLimit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("NewVoterLimit")
            .field("per_network", &self.per_network)
            .finish_non_exhaustive()
    }
}

impl NewVoters {
    pub(super) fn new(limit: NewVoterLimit) -> Self {
        // It grows as it is filled, while one made with its bound takes all of it at once.
        let mut windows = LruCache::unbounded();
        windows.resize(NonZeroUsize::new(WINDOWS).unwrap_or(NonZeroUsize::MIN));
        Self {
            limit,
            hasher: RandomState::new(),
            windows: Mutex::new(windows),
        }
    }

    /// Returns the network that a ballot of the actor counts for; none if no limit applies.
    pub(super) fn network(&self, actor: &Actor, client_ip: Option<IpAddr>) -> Option<NetworkKey> {
        let is_limited = matches!(Voter::of(actor), Some(Voter::Visitor(_)));
        let client_ip = client_ip.filter(|_| is_limited)?.to_canonical();
        if (self.limit.is_trusted)(client_ip) {
            return None;
        }
        let (network, _) = *Network::of(client_ip).first()?;
        Some(NetworkKey(self.hasher.hash_one(network)))
    }

    /// Returns the quotas of those networks from which a batch may bring more new voters to a
    /// poll than its limit leaves; `asking` says how many it may bring.
    pub(super) fn scarce<'a>(
        &self,
        asking: impl IntoIterator<Item = (&'a Poll, NetworkKey, u32)>,
        now: Instant,
    ) -> Quotas {
        let windows = self.windows();
        let scarce = asking.into_iter().filter_map(|(poll, network, voters)| {
            let limit = poll.new_voters_per_network.map(u32::try_from);
            let limit = limit.and_then(Result::ok).unwrap_or(self.limit.per_network);
            let window = windows.peek(&(poll.id, network));
            let window = window.filter(|window| window.ends_at > now);
            let left = limit.saturating_sub(window.map_or(0, |window| window.voters));
            let wait = window.map_or(WINDOW, |window| window.ends_at - now);
            let quota = Quota {
                left,
                retry_after: wait.to_std().unwrap_or_default(),
            };
            (left < voters).then_some(((poll.id, network), quota))
        });
        Quotas {
            scarce: scarce.collect(),
            ..Quotas::default()
        }
    }

    /// Counts voters whose first ballot in a poll is on disk.
    pub(super) fn count(&self, new: impl IntoIterator<Item = (PollId, NetworkKey)>, now: Instant) {
        let mut windows = self.windows();
        for place in new {
            let opened = Window {
                ends_at: now + WINDOW,
                voters: 0,
            };
            let window = windows.get_or_insert_mut(place, || opened);
            if window.ends_at <= now {
                *window = opened;
            }
            window.voters = window.voters.saturating_add(1);
        }
    }

    fn windows(&self) -> MutexGuard<'_, Windows> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Quotas {
    /// Returns if there is a limit that the network may meet in the poll.
    pub(super) fn is_scarce(&self, poll: PollId, network: NetworkKey) -> bool {
        self.scarce.contains_key(&(poll, network))
    }

    /// Takes note of voters who have voted in their poll before.
    pub(super) fn know(&mut self, voters: impl IntoIterator<Item = (PollId, VoterKey)>) {
        self.known.extend(voters);
    }

    /// Admits a voter of a network who may be new, or says how long to wait.
    pub(super) fn admit(&mut self, seat: &Seat, network: NetworkKey) -> Result<(), Duration> {
        let (poll, voter) = (seat.poll, seat.voter.clone());
        if let Some(quota) = self.scarce.get_mut(&(poll, network))
            && self.known.insert((poll, voter.clone()))
        {
            let Some(left) = quota.left.checked_sub(1) else {
                self.known.remove(&(poll, voter));
                *self.refused.entry((poll, seat.run)).or_default() += 1;
                return Err(quota.retry_after);
            };
            quota.left = left;
        }
        self.networks.insert((poll, seat.run, voter), network);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        actor::{Guest, Identity, Member, Roles},
        id::{AccountId, EmbedId, QuestionId, SessionId, SubjectId, VisitorId},
        poll::fixture::{self, OPENING},
    };

    fn visitor() -> Actor {
        Actor::Visitor(Some(VisitorId(Uuid::nil())))
    }

    fn guest(identity: Identity) -> Actor {
        Actor::Guest(Guest {
            embed: EmbedId(Uuid::nil()),
            poll: PollId(Uuid::nil()),
            identity,
        })
    }

    fn limited(per_network: u32) -> NewVoters {
        NewVoters::new(NewVoterLimit {
            per_network,
            is_trusted: Arc::new(|address| address.is_loopback()),
        })
    }

    fn at(voters: &NewVoters, address: &str) -> Option<NetworkKey> {
        voters.network(&visitor(), Some(address.parse().unwrap()))
    }

    #[test]
    fn a_network_is_an_ipv4_address_or_a_64_of_ipv6() {
        let voters = limited(1);
        let known = at(&voters, "192.0.2.7");
        assert!(known.is_some());
        assert_eq!(at(&voters, "::ffff:192.0.2.7"), known);
        assert_ne!(at(&voters, "192.0.2.8"), known);
        let home = at(&voters, "2001:db8:0:1::7");
        assert_eq!(at(&voters, "2001:db8:0:1:ffff::1"), home);
        assert_ne!(at(&voters, "2001:db8:0:2::7"), home);
        assert_eq!(at(&voters, "127.0.0.1"), None, "it is trusted");
        assert_eq!(voters.network(&visitor(), None), None);
    }

    #[test]
    fn only_tokens_that_cost_nothing_are_limited() {
        let voters = limited(1);
        let visitor_id = VisitorId(Uuid::nil());
        let member = Actor::Member(Member {
            id: AccountId(Uuid::nil()),
            session: SessionId(Uuid::nil()),
            roles: Roles::default(),
        });
        for (actor, is_limited) in [
            (visitor(), true),
            (guest(Identity::Passing(visitor_id)), true),
            (guest(Identity::Device(visitor_id)), true),
            (guest(Identity::Subject(SubjectId(Uuid::nil()))), false),
            (member, false),
            (Actor::System, false),
        ] {
            let network = voters.network(&actor, Some([192, 0, 2, 7].into()));
            assert_eq!(network.is_some(), is_limited, "{actor:?}");
        }
    }

    #[test]
    fn a_limit_holds_for_an_hour_from_the_first_new_voter() {
        let voters = limited(3);
        let poll = fixture::poll();
        let here = at(&voters, "192.0.2.7").unwrap();
        let key = |number: u8| VoterKey(vec![number; 32]);
        let seat = |number: u8| Seat {
            poll: poll.id,
            run: 1,
            question: QuestionId(Uuid::nil()),
            voter: key(number),
        };
        assert!(
            !voters
                .scarce([(&poll, here, 3)], OPENING)
                .is_scarce(poll.id, here)
        );
        voters.count([(poll.id, here), (poll.id, here)], OPENING);
        let later = OPENING + TimeDelta::minutes(20);
        let mut quotas = voters.scarce([(&poll, here, 4)], later);
        quotas.know([(poll.id, key(9))]);
        assert_eq!(quotas.admit(&seat(1), here), Ok(()));
        assert_eq!(quotas.admit(&seat(1), here), Ok(()), "another question");
        let wait = Duration::from_mins(40);
        assert_eq!(quotas.admit(&seat(2), here), Err(wait));
        assert_eq!(quotas.refused[&(poll.id, 1)], 1);
        assert_eq!(quotas.admit(&seat(9), here), Ok(()), "known before");
        voters.count([(poll.id, here)], later);
        let elsewhere = at(&voters, "192.0.2.8").unwrap();
        assert!(
            !voters
                .scarce([(&poll, elsewhere, 1)], later)
                .is_scarce(poll.id, elsewhere)
        );
        let over = OPENING + WINDOW;
        assert!(
            !voters
                .scarce([(&poll, here, 3)], over)
                .is_scarce(poll.id, here)
        );
        voters.count([(poll.id, here)], over);
        assert!(
            voters
                .scarce([(&poll, here, 3)], over)
                .is_scarce(poll.id, here)
        );
        let own = Poll {
            new_voters_per_network: Some(10),
            ..poll
        };
        assert!(
            !voters
                .scarce([(&own, here, 9)], over)
                .is_scarce(own.id, here)
        );
    }

    #[test]
    fn memory_is_bounded_and_the_windows_used_longest_ago_go_first() {
        let voters = limited(1);
        let poll = PollId(Uuid::nil());
        let place = |number: u64| (poll, NetworkKey(number));
        let most = WINDOWS as u64;
        voters.count((0..most).map(place), OPENING);
        voters.count([place(0)], OPENING + TimeDelta::minutes(1));
        voters.count((most..most + 10).map(place), OPENING);
        let windows = voters.windows();
        assert_eq!(windows.len(), WINDOWS);
        assert!(windows.contains(&place(most + 9)));
        assert!(
            windows.contains(&place(0)),
            "a voter was counted there lately"
        );
        assert!(!windows.contains(&place(1)));
    }
}
