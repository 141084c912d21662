//! How long what is held on people is kept.

use chrono::TimeDelta;
use clap::Args;
use domain::privacy::Terms;

use super::SettingError;

/// How long what is held on people is kept, in days.
#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Retention")]
pub struct RetentionSettings {
    /// After how many days without signing in a person is warned by mail that their account goes
    #[arg(long, env = "JIJ_WARN_IDLE_ACCOUNTS", value_name = "DAYS", default_value_t = 770, value_parser = clap::value_parser!(u16).range(1..))]
    warn_idle_accounts: u16,

    /// After how many days without signing in an account is erased, as its owner could have done;
    /// what they wrote stays under nobody's name
    #[arg(long, env = "JIJ_KEEP_IDLE_ACCOUNTS", value_name = "DAYS", default_value_t = 860, value_parser = clap::value_parser!(u16).range(1..))]
    keep_idle_accounts: u16,

    /// For how many days an account is kept whose address was never verified
    #[arg(long, env = "JIJ_KEEP_UNVERIFIED_ACCOUNTS", value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..))]
    keep_unverified_accounts: u16,

    /// For how many days a session is kept after its end
    #[arg(long, env = "JIJ_KEEP_SESSIONS", value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..))]
    keep_sessions: u16,

    /// For how many days a mailed link is kept after it stopped working
    #[arg(long, env = "JIJ_KEEP_LINKS", value_name = "DAYS", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    keep_links: u16,

    /// For how many days a job is kept after it was given up
    #[arg(long, env = "JIJ_KEEP_FAILED_JOBS", value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..))]
    keep_failed_jobs: u16,

    /// For how many days after a poll closed the secret is kept that leads from voters to their
    /// ballots; from then on nobody sees their own ballot any more, and no ballot leads to anybody
    #[arg(long, env = "JIJ_KEEP_VOTER_SECRETS", value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..))]
    keep_voter_secrets: u16,
}

impl RetentionSettings {
    /// The terms.
    pub fn terms(self) -> Result<Terms, SettingError> {
        if self.warn_idle_accounts >= self.keep_idle_accounts {
            return Err(SettingError {
                name: "--warn-idle-accounts (JIJ_WARN_IDLE_ACCOUNTS)",
                problem: "people are warned before their account goes".to_owned(),
                hint: "fewer days than --keep-idle-accounts (JIJ_KEEP_IDLE_ACCOUNTS) has",
            });
        }
        let days = |days: u16| TimeDelta::days(i64::from(days));
        Ok(Terms {
            warning: days(self.warn_idle_accounts),
            account: days(self.keep_idle_accounts),
            unverified: days(self.keep_unverified_accounts),
            session: days(self.keep_sessions),
            link: days(self.keep_links),
            job: days(self.keep_failed_jobs),
            voter_secret: days(self.keep_voter_secrets),
        })
    }
}
