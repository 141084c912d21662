//! Settings: one struct a topic, each from a flag or the environment, checked at start.

mod database;
mod document;
mod environment;
mod filter;
mod http;
mod listen;
mod live;
mod log;
mod mail;
mod moderation;
mod open_files;
mod provider;
mod retention;
mod screening;
mod secret;
mod security;
mod site;
mod voting;

use std::borrow::Cow;

pub use database::DatabaseSettings;
pub use document::DocumentSettings;
pub use environment::unknown_variables;
pub use http::{HttpSettings, WorkloadSettings};
pub use listen::ListenAddress;
pub use live::LiveSettings;
pub use log::{Log, LogFormat, LogSettings, show_warnings};
pub use mail::MailSettings;
pub use moderation::ModerationSettings;
pub use provider::ProviderSettings;
pub use retention::RetentionSettings;
pub use screening::ScreeningSettings;
pub use security::SecuritySettings;
pub use site::SiteSettings;
pub use voting::VotingSettings;

/// A setting that cannot be used, and what would be right.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {problem}\nhint: {hint}")]
pub struct SettingError {
    /// The setting, as flag and variable.
    pub name: &'static str,
    /// What is wrong with it; never its value where that is a secret.
    pub problem: String,
    /// What would be right.
    pub hint: &'static str,
}

/// A setting that can be used and is probably not meant so, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {problem}; {hint}")]
pub struct SettingWarning {
    /// The setting, as flag and variable.
    pub name: Cow<'static, str>,
    /// Its consequence.
    pub problem: Cow<'static, str>,
    /// A correct value, or the way to one.
    pub hint: Cow<'static, str>,
}

impl SettingWarning {
    fn new(
        name: impl Into<Cow<'static, str>>,
        problem: impl Into<Cow<'static, str>>,
        hint: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            name: name.into(),
            problem: problem.into(),
            hint: hint.into(),
        }
    }

    /// Logs the warning.
    pub fn log(&self) {
        tracing::warn!("{self}");
    }
}
