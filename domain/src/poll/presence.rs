//! Who follows which room over this process, in memory alone.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::voter::Voter;
use crate::id::PollId;

/// Who follows which room over this process.
#[derive(Clone, Default)]
pub(super) struct Rooms(Arc<Mutex<HashMap<PollId, Room>>>);

/// Someone who follows a room; they count as a participant until this is dropped. One person who
/// follows it twice counts once, and so does one connection of someone without a token.
#[must_use = "they leave when this is dropped"]
pub struct Presence {
    rooms: Rooms,
    poll: PollId,
    participant: Participant,
}

/// A person's way of following a poll.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Following {
    /// The connection that they follow it over; none where each time counts by itself.
    pub connection: Option<ConnectionId>,
    /// True for a big screen or its remote control, which takes no part.
    pub as_screen: bool,
}

/// A connection of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConnectionId(u64);

impl ConnectionId {
    /// Returns the id of a new connection.
    pub fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// The identity of a participant of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Participant {
    Voter(Voter),
    Connection(ConnectionId),
}

impl Participant {
    /// The person, or else the connection; a new one where that is not known either.
    pub(super) fn of(voter: Option<Voter>, connection: Option<ConnectionId>) -> Self {
        voter.map_or_else(
            || Self::Connection(connection.unwrap_or_else(ConnectionId::next)),
            Self::Voter,
        )
    }
}

#[derive(Default)]
struct Room {
    /// The connections of each participant.
    present: HashMap<Participant, usize>,
    /// The most at once since the last report.
    most: i64,
    /// What the last report said.
    reported: i64,
}

/// How many people follow a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attendance {
    pub poll: PollId,
    /// Now.
    pub count: i64,
    /// The most at once since the last report.
    pub most: i64,
    /// Whether `count` differs from the last report's.
    pub changed: bool,
}

impl Rooms {
    /// Counts someone in.
    pub(super) fn enter(&self, poll: PollId, participant: Participant) -> Presence {
        let mut rooms = self.rooms();
        let room = rooms.entry(poll).or_default();
        *room.present.entry(participant).or_default() += 1;
        room.most = room.most.max(room.count());
        Presence {
            rooms: self.clone(),
            poll,
            participant,
        }
    }

    /// How many people follow a room now.
    pub(super) fn count(&self, poll: PollId) -> i64 {
        self.rooms().get(&poll).map_or(0, Room::count)
    }

    /// Forgets how many were there before now.
    pub(super) fn start_anew(&self, poll: PollId) {
        if let Some(room) = self.rooms().get_mut(&poll) {
            room.most = room.count();
        }
    }

    /// Every room that someone follows or that the last report named, by poll.
    pub(super) fn attendance(&self) -> Vec<Attendance> {
        let mut all: Vec<Attendance> = self
            .rooms()
            .iter()
            .map(|(poll, room)| Attendance {
                poll: *poll,
                count: room.count(),
                most: room.most,
                changed: room.count() != room.reported,
            })
            .collect();
        all.sort_unstable_by_key(|attendance| attendance.poll);
        all
    }

    /// Notes that this was reported: rooms that were empty then and still are go.
    pub(super) fn reported(&self, all: &[Attendance]) {
        let mut rooms = self.rooms();
        for attendance in all {
            let Entry::Occupied(mut entry) = rooms.entry(attendance.poll) else {
                continue;
            };
            let room = entry.get_mut();
            room.reported = attendance.count;
            if room.most <= attendance.most {
                room.most = room.count();
            }
            if room.count() == 0 && attendance.count == 0 {
                entry.remove();
            }
        }
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<PollId, Room>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    fn count(&self) -> i64 {
        i64::try_from(self.present.len()).unwrap_or(i64::MAX)
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        let mut rooms = self.rooms.rooms();
        let Some(room) = rooms.get_mut(&self.poll) else {
            return;
        };
        if let Entry::Occupied(mut entry) = room.present.entry(self.participant) {
            *entry.get_mut() -= 1;
            if *entry.get() == 0 {
                entry.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::VisitorId;

    const POLL: PollId = PollId(Uuid::nil());

    fn visitor(number: u128) -> Participant {
        Participant::Voter(Voter::Visitor(VisitorId(Uuid::from_u128(number))))
    }

    fn nobody() -> Participant {
        Participant::of(None, None)
    }

    #[test]
    fn a_person_and_a_connection_count_once_and_unknown_ones_each_time() {
        let rooms = Rooms::default();
        let twice = [rooms.enter(POLL, visitor(1)), rooms.enter(POLL, visitor(1))];
        let other = rooms.enter(POLL, visitor(2));
        let nobodies = [rooms.enter(POLL, nobody()), rooms.enter(POLL, nobody())];
        assert_eq!(rooms.count(POLL), 4);
        let socket = Participant::of(None, Some(ConnectionId::next()));
        let subscriptions = [rooms.enter(POLL, socket), rooms.enter(POLL, socket)];
        assert_eq!(rooms.count(POLL), 5);
        drop(subscriptions);
        let [first, second] = twice;
        drop(first);
        assert_eq!(rooms.count(POLL), 4);
        drop(second);
        assert_eq!(rooms.count(POLL), 3);
        drop((other, nobodies));
        assert_eq!(rooms.count(POLL), 0);
    }

    #[test]
    fn a_peak_between_two_reports_is_reported_and_an_empty_room_is_let_go() {
        let rooms = Rooms::default();
        let here = rooms.enter(POLL, visitor(1));
        drop(rooms.enter(POLL, visitor(2)));
        let report = |count, most, changed| Attendance {
            poll: POLL,
            count,
            most,
            changed,
        };
        let first = rooms.attendance();
        assert_eq!(first, [report(1, 2, true)]);
        // More come while the report is written.
        let more = [rooms.enter(POLL, nobody()), rooms.enter(POLL, nobody())];
        rooms.reported(&first);
        assert_eq!(rooms.attendance(), [report(3, 3, true)]);
        drop((here, more));
        let last = rooms.attendance();
        assert_eq!(last, [report(0, 3, true)]);
        rooms.reported(&last);
        assert_eq!(rooms.attendance(), []);
    }

    #[test]
    fn a_restart_forgets_the_peak_but_not_who_is_there() {
        let rooms = Rooms::default();
        let _here = rooms.enter(POLL, nobody());
        drop(rooms.enter(POLL, nobody()));
        rooms.start_anew(POLL);
        assert_eq!(rooms.attendance()[0].most, 1);
    }
}
