//! How a mail leaves the platform.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use lettre::{message::Mailbox, transport::smtp};

use super::{
    Mail, TimeLimits,
    message::message,
    server::{Server, UrlError},
};
use crate::{clock::Instant, id::JobId};

/// How many mails are kept in memory; the oldest goes first.
const KEPT: usize = 1_000;

/// Sends mail.
#[derive(Clone)]
pub struct Mailer(Way);

type Listener = Arc<dyn Fn(&Mail) + Send + Sync>;

#[derive(Clone)]
enum Way {
    Smtp {
        server: Arc<Server>,
        from: Mailbox,
    },
    Memory {
        kept: Arc<Mutex<VecDeque<Mail>>>,
        listener: Option<Listener>,
    },
    None,
}

/// Why the settings for mail cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// The server's address cannot be used, and why; it may hold a password and is not repeated.
    #[error("{0}")]
    Url(&'static str),
    /// TLS cannot be set up for the server.
    #[error("TLS cannot be set up for the mail server")]
    Tls(#[source] smtp::Error),
    /// The sender's address cannot be read.
    #[error("the sender is given as ADDRESS or as NAME <ADDRESS>")]
    From,
}

/// Why a mail was not sent; holds neither its text nor its address.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// There is no server to send through.
    #[error("no mail server is set")]
    NoServer,
    /// The mail cannot be written for this address or with this subject.
    #[error("the mail cannot be written")]
    Unwritable,
    /// The server refused it, with this status.
    #[error("the mail server answered {0}")]
    Refused(smtp::response::Code),
    /// The server did not answer a step of the dialogue in time.
    #[error("the mail server did not answer {step} within {limit:?}")]
    Silent {
        /// The step.
        step: &'static str,
        /// The time limit of the step.
        limit: Duration,
    },
    /// The server could not be reached or did not keep to the protocol.
    #[error("the mail server cannot be used")]
    Unreachable(#[source] smtp::Error),
}

impl Mailer {
    /// Sends through the server at `url` (`smtps://…`, or `smtp://…?tls=required`) as `from`.
    pub fn smtp(url: &str, from: &str) -> Result<Self, MailerError> {
        Self::smtp_within(url, from, TimeLimits::default())
    }

    /// As [`Mailer::smtp`], with these time limits.
    pub fn smtp_within(url: &str, from: &str, limits: TimeLimits) -> Result<Self, MailerError> {
        let server = Server::at(url, limits).map_err(|error| match error {
            UrlError::Unusable(problem) => MailerError::Url(problem),
            UrlError::Tls(fault) => MailerError::Tls(fault),
        })?;
        let from = from.parse().map_err(|_| MailerError::From)?;
        Ok(Self(Way::Smtp {
            server: Arc::new(server),
            from,
        }))
    }

    /// Sends nothing: what should be mailed waits in the queue, untried, until a server is set.
    pub fn none() -> Self {
        Self(Way::None)
    }

    /// Returns true if mail leaves, or is kept in memory in its place.
    pub fn sends(&self) -> bool {
        !matches!(self.0, Way::None)
    }

    /// Returns true if mail goes to another machine without encryption.
    pub fn is_in_clear(&self) -> bool {
        matches!(&self.0, Way::Smtp { server, .. } if server.is_in_clear())
    }

    /// Connects to the mail server and signs in; also sends `mail`, if there is one. For operators
    /// who set the server up.
    pub async fn try_out(&self, mail: Option<&Mail>, now: Instant) -> Result<(), MailError> {
        let Way::Smtp { server, from } = &self.0 else {
            return Err(MailError::NoServer);
        };
        let Some(mail) = mail else {
            return server.greet().await;
        };
        let id = JobId::new(now);
        let message = message(mail, from, id, now).ok_or(MailError::Unwritable)?;
        server.send(&message).await
    }

    /// Keeps the newest 1,000 mails in memory and sends none.
    pub fn memory() -> Self {
        Self(Way::Memory {
            kept: Arc::default(),
            listener: None,
        })
    }

    /// As [`Mailer::memory`], and shows each mail to `listener`.
    pub fn memory_with(listener: impl Fn(&Mail) + Send + Sync + 'static) -> Self {
        Self(Way::Memory {
            kept: Arc::default(),
            listener: Some(Arc::new(listener)),
        })
    }

    /// The mails that are kept in memory, oldest first; none where mail is sent.
    pub fn kept(&self) -> Vec<Mail> {
        match &self.0 {
            Way::Smtp { .. } | Way::None => Vec::new(),
            Way::Memory { kept, .. } => {
                let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.iter().cloned().collect()
            }
        }
    }

    /// Sends one mail for a job. The same mail of the same job has the same `Message-ID`, so that a
    /// receiver can drop what a retry sent twice.
    pub(crate) async fn send(&self, mail: Mail, job: JobId, now: Instant) -> Result<(), MailError> {
        match &self.0 {
            Way::None => return Err(MailError::NoServer),
            Way::Smtp { server, from } => {
                let message = message(&mail, from, job, now).ok_or(MailError::Unwritable)?;
                server.send(&message).await?;
            }
            Way::Memory { kept, listener } => {
                if let Some(listener) = listener {
                    listener(&mail);
                }
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                if kept.len() == KEPT {
                    kept.pop_front();
                }
                kept.push_back(mail);
            }
        }
        Ok(())
    }
}

/// Only which way mail goes: the server's address holds a password.
impl fmt::Debug for Mailer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.0 {
            Way::Smtp { .. } => "Mailer(SMTP)",
            Way::Memory { .. } => "Mailer(memory)",
            Way::None => "Mailer(none)",
        })
    }
}

#[cfg(test)]
mod tests;
