//! A clock that stands still until the test moves it.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::{Clock, Instant};

/// A clock that stands still until the test moves it. It starts at noon on 2 March 2026, UTC.
#[derive(Clone)]
pub struct TestClock(Arc<Mutex<Instant>>);

impl Default for TestClock {
    fn default() -> Self {
        let start = DateTime::<Utc>::from_timestamp(1_772_452_800, 0).expect("a valid instant");
        Self(Arc::new(Mutex::new(start)))
    }
}

impl TestClock {
    /// Moves the clock forward.
    pub fn advance(&self, by: TimeDelta) {
        *self
            .0
            .lock()
            .expect("no test panics with the clock in hand") += by;
    }
}

impl Clock for TestClock {
    fn now(&self) -> Instant {
        *self
            .0
            .lock()
            .expect("no test panics with the clock in hand")
    }
}
