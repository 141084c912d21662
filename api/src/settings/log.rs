//! What is logged.

use std::io::IsTerminal;

use clap::Args;
use tracing_subscriber::EnvFilter;

use super::SettingError;

/// What is logged, to standard error.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Log")]
pub struct LogSettings {
    /// What to log: a level, or levels by part such as `warn,api=debug`
    /// [default: info; warn for the demo]
    #[arg(long = "log", env = "JIJ_LOG", value_name = "FILTER")]
    filter: Option<String>,
}

impl LogSettings {
    /// Starts logging; `default` holds where nothing is set.
    pub fn start(&self, default: &str) -> Result<(), SettingError> {
        let filter = EnvFilter::try_new(self.filter.as_deref().unwrap_or(default)).map_err(
            |error| SettingError {
                name: "--log (JIJ_LOG)",
                problem: error.to_string(),
                hint: "a level (error, warn, info, debug, trace), or parts such as warn,api=debug",
            },
        )?;
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .with_ansi(std::io::stderr().is_terminal())
            .with_target(false)
            .init();
        Ok(())
    }
}
