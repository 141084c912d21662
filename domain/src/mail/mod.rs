//! Mail: plain text to one person, through an SMTP server or kept in memory.

mod mailer;
mod message;
mod server;

use std::fmt;

pub use mailer::{MailError, Mailer, MailerError};
pub use server::TimeLimits;

/// A mail to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text; may hold a link that is as good as a password.
    pub text: String,
}

/// Only the subject: neither the address nor the links in the text belong in a log.
impl fmt::Debug for Mail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Mail")
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}
