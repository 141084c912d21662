//! Who follows which room over this process, in memory alone.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::voter::Voter;
use crate::id::PollId;

/// Who follows which room over this process.
#[derive(Clone, Default)]
pub(super) struct Rooms(Arc<Mutex<HashMap<PollId, Room>>>);

/// Someone who follows a room; they count as a participant until this is dropped. One person who
/// follows it twice counts once, and each whom nothing tells from others counts by themselves.
#[must_use = "they leave when this is dropped"]
pub struct Presence {
    rooms: Rooms,
    poll: PollId,
    voter: Option<Voter>,
}

#[derive(Default)]
struct Room {
    known: HashMap<Voter, usize>,
    unknown: i64,
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
    pub(super) fn enter(&self, poll: PollId, voter: Option<Voter>) -> Presence {
        let mut rooms = self.rooms();
        let room = rooms.entry(poll).or_default();
        match voter {
            Some(voter) => *room.known.entry(voter).or_default() += 1,
            None => room.unknown += 1,
        }
        room.most = room.most.max(room.count());
        Presence {
            rooms: self.clone(),
            poll,
            voter,
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
        i64::try_from(self.known.len()).unwrap_or(i64::MAX - self.unknown) + self.unknown
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        let mut rooms = self.rooms.rooms();
        let Some(room) = rooms.get_mut(&self.poll) else {
            return;
        };
        let Some(voter) = self.voter else {
            room.unknown -= 1;
            return;
        };
        if let Entry::Occupied(mut entry) = room.known.entry(voter) {
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

    fn visitor(number: u128) -> Option<Voter> {
        Some(Voter::Visitor(VisitorId(Uuid::from_u128(number))))
    }

    #[test]
    fn a_person_counts_once_and_a_nobody_each_time() {
        let rooms = Rooms::default();
        let twice = [rooms.enter(POLL, visitor(1)), rooms.enter(POLL, visitor(1))];
        let other = rooms.enter(POLL, visitor(2));
        let nobodies = [rooms.enter(POLL, None), rooms.enter(POLL, None)];
        assert_eq!(rooms.count(POLL), 4);
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
        let more = [rooms.enter(POLL, None), rooms.enter(POLL, None)];
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
        let _here = rooms.enter(POLL, None);
        drop(rooms.enter(POLL, None));
        rooms.start_anew(POLL);
        assert_eq!(rooms.attendance()[0].most, 1);
    }
}
