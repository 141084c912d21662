//! How far an import is: a bar on a terminal, a plain line every few seconds elsewhere.

use std::{
    io::IsTerminal,
    sync::Mutex,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::command::terminal;

/// Between two lines where there is no terminal.
const PAUSE: Duration = Duration::from_secs(2);

/// How far an import is.
pub(super) struct Progress {
    total: usize,
    started: Instant,
    told: Mutex<Instant>,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Begins to tell of `total` votes.
    pub(super) fn start(total: usize) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(total as u64);
            if let Ok(style) =
                ProgressStyle::with_template("{bar:40} {pos}/{len} votes, {per_sec}, {eta} left")
            {
                bar.set_style(style);
            }
            bar
        });
        let now = now();
        Self {
            total,
            started: now,
            told: Mutex::new(now),
            bar,
        }
    }

    /// Says that so many votes are counted.
    pub(super) fn tell(&self, counted: usize) {
        if let Some(bar) = &self.bar {
            bar.set_position(counted as u64);
            return;
        }
        let Ok(mut told) = self.told.lock() else {
            return;
        };
        if now() - *told >= PAUSE {
            *told = now();
            terminal::complain(&format!("{counted} of {} votes counted", self.total));
        }
    }

    /// Ends the bar; gives how long it took.
    pub(super) fn end(&self) -> Duration {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        now() - self.started
    }
}

/// Votes a second, whole.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a rate for people to read"
)]
pub(super) fn rate(votes: usize, seconds: f64) -> u64 {
    (votes as f64 / seconds.max(0.001)).round() as u64
}

#[expect(
    clippy::disallowed_methods,
    reason = "a person is told how long it took"
)]
fn now() -> Instant {
    Instant::now()
}
