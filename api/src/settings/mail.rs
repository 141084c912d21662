//! How mail leaves.

use std::path::PathBuf;

use clap::Args;
use domain::mail::{Mailer, MailerError};

use super::{
    SettingError, SettingWarning,
    secret::{self, Given, Names, Secret},
};

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
    smtp_url: Option<Secret>,

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

/// The names of the settings that hold the server's address.
const NAMES: Names = Names {
    value: "--smtp-url (JIJ_SMTP_URL)",
    file: "--smtp-url-file (JIJ_SMTP_URL_FILE)",
};
const URL_HINT: &str = "for example smtps://user:password@mail.example.org:465, or smtp://user:password@mail.example.org:587?tls=required; what is special in a password is percent-encoded";

impl MailSettings {
    /// The mailer that these settings describe; one that sends nothing where none is set.
    pub fn mailer(&self) -> Result<Mailer, SettingError> {
        let url = secret::resolve(NAMES, self.smtp_url.as_ref(), self.smtp_url_file.as_deref())?;
        let (Some(Given { name, text: url }), Some(from)) = (url, &self.mail_from) else {
            return Ok(Mailer::none());
        };
        Mailer::smtp(&url, from).map_err(|error| match error {
            MailerError::Url(problem) => SettingError {
                name,
                problem: problem.to_owned(),
                hint: URL_HINT,
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

    /// Returns the name of the setting that holds the server's address.
    pub fn name(&self) -> &'static str {
        match self.smtp_url_file {
            Some(_) => NAMES.file,
            None => NAMES.value,
        }
    }

    /// Returns what is probably not meant so, of a server that mails by `mailer`.
    pub fn warnings(&self, mailer: &Mailer) -> Vec<SettingWarning> {
        let mut warnings = Vec::new();
        if !mailer.sends() {
            warnings.push(SettingWarning::new(
                NAMES.value,
                "no mail server is set: mail waits until there is one, and no idle account is erased",
                "set it, and --mail-from",
            ));
        }
        if mailer.is_in_clear() {
            warnings.push(SettingWarning::new(
                self.name(),
                "mail goes to another machine unencrypted, with passwords and links to sign in by",
                "smtps://…, or smtp://…?tls=required for STARTTLS",
            ));
        }
        warnings
    }
}
