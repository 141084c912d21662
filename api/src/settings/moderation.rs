//! How long what waits for a moderator may wait.

use chrono::TimeDelta;
use clap::Args;
use domain::moderation::Deadlines;

/// How long what waits for a moderator may wait, in hours.
#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Moderation")]
pub struct ModerationSettings {
    /// Within how many hours a moderator should judge what was submitted, or held before the
    /// public saw it; what waits longer is overdue
    #[arg(long, env = "JIJ_JUDGE_HELD", value_name = "HOURS", default_value_t = 72, value_parser = clap::value_parser!(u16).range(1..))]
    judge_held: u16,

    /// Within how many hours a moderator should judge what was reported, and appeals
    #[arg(long, env = "JIJ_JUDGE_REPORTED", value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..))]
    judge_reported: u16,
}

impl ModerationSettings {
    /// The deadlines.
    pub fn deadlines(self) -> Deadlines {
        let hours = |hours: u16| TimeDelta::hours(i64::from(hours));
        Deadlines {
            held: hours(self.judge_held),
            reported: hours(self.judge_reported),
        }
    }
}
