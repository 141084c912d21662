//! The time: one home, so that a test can hold it still.

use std::sync::Arc;

use chrono::{DateTime, Datelike, SubsecRound, Utc};

/// An instant in UTC.
pub type Instant = DateTime<Utc>;

/// Returns if the instant can be kept: its year has four digits (RFC 3339), so that both databases
/// hold it and `SQLite`, which keeps it as text, sorts it.
pub fn is_kept(instant: &Instant) -> bool {
    (0..=9_999).contains(&instant.year())
}

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present instant in whole microseconds, which is what both databases keep.
    fn now(&self) -> Instant;
}

/// A clock that many hold.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    fn now(&self) -> Instant {
        Utc::now().trunc_subsecs(6)
    }
}
