//! How mail leaves.

use std::path::PathBuf;

use clap::Args;
use domain::mail::{Mailer, MailerError};

use super::{SettingError, secret};

/// Mail. Without a server it waits until there is one, and no idle account is erased.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Mail")]
pub struct MailSettings {
    /// The mail server: smtps://USER:PASSWORD@HOST:PORT, or smtp://…?tls=required for STARTTLS
    #[arg(
        long,
        env = "JIJ_SMTP_URL",
        hide_env_values = true,
        value_name = "URL",
        requires = "mail_from"
    )]
    smtp_url: Option<String>,

    /// A file whose first line is the address of the mail server
    #[arg(
        long,
        env = "JIJ_SMTP_URL_FILE",
        value_name = "FILE",
        conflicts_with = "smtp_url",
        requires = "mail_from"
    )]
    smtp_url_file: Option<PathBuf>,

    /// Who the mail is from, such as "JIJ&Overijssel <jij@overijssel.example>"
    #[arg(long, env = "JIJ_MAIL_FROM", value_name = "ADDRESS")]
    mail_from: Option<String>,
}

impl MailSettings {
    /// The mailer that these settings describe; one that sends nothing where none is set.
    pub fn mailer(&self) -> Result<Mailer, SettingError> {
        let name = "--smtp-url (JIJ_SMTP_URL)";
        let url = secret::resolve(
            name,
            self.smtp_url.as_deref(),
            self.smtp_url_file.as_deref(),
        )?;
        let (Some(url), Some(from)) = (url, &self.mail_from) else {
            tracing::warn!(
                "no mail server is set: mail waits until there is one, and no idle account is erased"
            );
            return Ok(Mailer::none());
        };
        Mailer::smtp(&url, from).map_err(|error| match error {
            MailerError::Url => SettingError {
                name,
                problem: "the address cannot be read".to_owned(),
                hint: "for example smtps://user:password@mail.example.org:465",
            },
            MailerError::Tls(fault) => SettingError {
                name,
                problem: format!("TLS cannot be set up: {fault}"),
                hint: "the host's name must be one that a certificate can be for",
            },
            MailerError::From => SettingError {
                name: "--mail-from (JIJ_MAIL_FROM)",
                problem: format!("{from:?} is not an address"),
                hint: "for example jij@example.org, or \"JIJ <jij@example.org>\"",
            },
        })
    }
}
