//! How a mail leaves the platform.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor, message::Mailbox,
    message::header::ContentType, transport::smtp,
};

use super::Mail;

/// How long the mail server may take over one command.
const SMTP_TIMEOUT: Duration = Duration::from_secs(10);
/// How many mails are kept in memory; the oldest goes first.
const KEPT: usize = 1_000;

/// Sends mail.
#[derive(Clone)]
pub struct Mailer(Way);

type Listener = Arc<dyn Fn(&Mail) + Send + Sync>;

#[derive(Clone)]
enum Way {
    Smtp {
        transport: AsyncSmtpTransport<Tokio1Executor>,
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
    /// The server's address cannot be read; its text may hold a password and is not repeated.
    #[error("the mail server is given as smtps://USER:PASSWORD@HOST:PORT")]
    Url,
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
    /// The server could not be reached or did not keep to the protocol.
    #[error("the mail server cannot be used")]
    Unreachable(#[source] smtp::Error),
}

impl Mailer {
    /// Sends through the server at `url` (`smtps://…`, or `smtp://…?tls=required`) as `from`. Needs
    /// a running tokio, which keeps the connections.
    pub fn smtp(url: &str, from: &str) -> Result<Self, MailerError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| MailerError::Url)?
            .timeout(Some(SMTP_TIMEOUT))
            .build();
        let from = from.parse().map_err(|_| MailerError::From)?;
        Ok(Self(Way::Smtp { transport, from }))
    }

    /// Sends nothing: what should be mailed waits in the queue until a server is set, for as long
    /// as a job is tried.
    pub fn none() -> Self {
        Self(Way::None)
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

    /// Sends one mail.
    pub(crate) async fn send(&self, mail: Mail) -> Result<(), MailError> {
        match &self.0 {
            Way::None => return Err(MailError::NoServer),
            Way::Smtp { transport, from } => {
                let message = message(mail, from.clone()).ok_or(MailError::Unwritable)?;
                transport
                    .send(message)
                    .await
                    .map_err(|error| match error.status() {
                        Some(status) => MailError::Refused(status),
                        None => MailError::Unreachable(error),
                    })?;
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

fn message(mail: Mail, from: Mailbox) -> Option<Message> {
    let to = Mailbox::new(None, mail.to.parse().ok()?);
    Message::builder()
        .from(from)
        .to(to)
        .subject(mail.subject)
        .header(ContentType::TEXT_PLAIN)
        .body(mail.text)
        .ok()
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
