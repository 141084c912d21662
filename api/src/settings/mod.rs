//! Settings: one struct a topic, each from a flag or the environment, checked at start.

mod database;
mod document;
mod http;
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

pub use database::DatabaseSettings;
pub use document::DocumentSettings;
pub use http::{HttpSettings, WorkloadSettings};
pub use live::LiveSettings;
pub use log::{Log, LogFormat, LogSettings};
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
