//! Where a poll stands, from its times compared with now. No job decides it.

use crate::clock::Instant;

/// The times of a poll; each holds from that instant on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PollTimes {
    /// From when votes are taken; a draft has none.
    pub opens_at: Option<Instant>,
    /// From when votes are no longer taken; never where absent.
    pub closes_at: Option<Instant>,
    /// When it was closed by hand.
    pub closed_early_at: Option<Instant>,
    /// Since when it is paused.
    pub paused_at: Option<Instant>,
    /// When it was called off.
    pub cancelled_at: Option<Instant>,
    /// When its results were published.
    pub results_published_at: Option<Instant>,
    /// When it was put away.
    pub archived_at: Option<Instant>,
}

/// Where a poll stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PollStatus {
    /// It has no opening time yet; only staff sees it.
    Draft,
    /// It will open.
    Scheduled,
    /// Votes are taken.
    Open,
    /// Votes are not taken for the moment.
    Paused,
    /// Votes are no longer taken.
    Closed,
    /// Closed, and the results are published.
    ResultsPublished,
    /// Put away.
    Archived,
    /// Called off.
    Cancelled,
}

impl PollTimes {
    /// Where a poll with these times stands at `now`.
    pub fn status(&self, now: Instant) -> PollStatus {
        let past = |instant: Option<Instant>| instant.is_some_and(|instant| instant <= now);
        if past(self.cancelled_at) {
            PollStatus::Cancelled
        } else if past(self.archived_at) {
            PollStatus::Archived
        } else if self.opens_at.is_none() {
            PollStatus::Draft
        } else if past(self.ends_at()) {
            if past(self.results_published_at) {
                PollStatus::ResultsPublished
            } else {
                PollStatus::Closed
            }
        } else if !past(self.opens_at) {
            PollStatus::Scheduled
        } else if past(self.paused_at) {
            PollStatus::Paused
        } else {
            PollStatus::Open
        }
    }

    /// From when votes are no longer taken, by plan or by hand, whichever comes first.
    pub fn ends_at(&self) -> Option<Instant> {
        match (self.closes_at, self.closed_early_at) {
            (Some(planned), Some(early)) => Some(planned.min(early)),
            (planned, early) => planned.or(early),
        }
    }
}

impl PollStatus {
    /// Whether no vote will come any more.
    pub fn is_over(self) -> bool {
        matches!(
            self,
            Self::Closed | Self::ResultsPublished | Self::Archived | Self::Cancelled
        )
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    fn at(second: i64) -> Instant {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    const TICK: TimeDelta = TimeDelta::microseconds(1);

    fn planned() -> PollTimes {
        PollTimes {
            opens_at: Some(at(10)),
            closes_at: Some(at(20)),
            ..PollTimes::default()
        }
    }

    #[test]
    fn a_poll_without_an_opening_is_a_draft() {
        let times = PollTimes {
            closes_at: Some(at(20)),
            ..PollTimes::default()
        };
        assert_eq!(times.status(at(0)), PollStatus::Draft);
        assert_eq!(times.status(at(30)), PollStatus::Draft);
    }

    #[test]
    fn the_opening_is_inclusive_and_the_close_exclusive() {
        let times = planned();
        assert_eq!(times.status(at(10) - TICK), PollStatus::Scheduled);
        assert_eq!(times.status(at(10)), PollStatus::Open);
        assert_eq!(times.status(at(20) - TICK), PollStatus::Open);
        assert_eq!(times.status(at(20)), PollStatus::Closed);
    }

    #[test]
    fn a_poll_without_a_close_stays_open() {
        let times = PollTimes {
            closes_at: None,
            ..planned()
        };
        assert_eq!(times.status(at(1_000_000)), PollStatus::Open);
        assert_eq!(times.ends_at(), None);
    }

    #[test]
    fn the_earliest_close_holds() {
        let early = PollTimes {
            closed_early_at: Some(at(15)),
            ..planned()
        };
        assert_eq!(early.status(at(15) - TICK), PollStatus::Open);
        assert_eq!(early.status(at(15)), PollStatus::Closed);
        assert_eq!(early.ends_at(), Some(at(15)));
        let late = PollTimes {
            closed_early_at: Some(at(25)),
            ..planned()
        };
        assert_eq!(late.status(at(20)), PollStatus::Closed);
    }

    #[test]
    fn a_pause_holds_from_its_instant_until_the_close() {
        let times = PollTimes {
            paused_at: Some(at(12)),
            ..planned()
        };
        assert_eq!(times.status(at(9)), PollStatus::Scheduled);
        assert_eq!(times.status(at(12) - TICK), PollStatus::Open);
        assert_eq!(times.status(at(12)), PollStatus::Paused);
        assert_eq!(times.status(at(20)), PollStatus::Closed);
    }

    #[test]
    fn results_are_published_after_the_close_only() {
        let times = PollTimes {
            results_published_at: Some(at(15)),
            ..planned()
        };
        assert_eq!(times.status(at(16)), PollStatus::Open);
        assert_eq!(times.status(at(20)), PollStatus::ResultsPublished);
        let later = PollTimes {
            results_published_at: Some(at(25)),
            ..planned()
        };
        assert_eq!(later.status(at(25) - TICK), PollStatus::Closed);
        assert_eq!(later.status(at(25)), PollStatus::ResultsPublished);
    }

    #[test]
    fn put_away_and_called_off_come_before_all_else() {
        let archived = PollTimes {
            archived_at: Some(at(30)),
            ..planned()
        };
        assert_eq!(archived.status(at(30) - TICK), PollStatus::Closed);
        assert_eq!(archived.status(at(30)), PollStatus::Archived);
        let cancelled = PollTimes {
            cancelled_at: Some(at(5)),
            ..archived
        };
        assert_eq!(cancelled.status(at(5) - TICK), PollStatus::Scheduled);
        assert_eq!(cancelled.status(at(5)), PollStatus::Cancelled);
        assert_eq!(cancelled.status(at(40)), PollStatus::Cancelled);
    }
}
