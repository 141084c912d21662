//! A mail server, and the dialogue with it (RFC 5321): each step has a time limit.
//!
//! The steps are ours because lettre limits the time of connecting and of nothing else, and a
//! pooled connection whose dialogue was broken off half-way would answer the next mail with the
//! replies to this one. Each mail has a connection of its own, and once the server has taken the
//! mail, nothing that it says or does not say afterwards makes the mail be sent again.

use std::{net::IpAddr, time::Duration};

use lettre::{
    Message,
    transport::smtp::{
        self,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailParameter},
    },
};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use super::MailError;

/// The time limit of saying goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// The time limits of the steps of a dialogue with the mail server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeLimits {
    /// Connecting, with TLS, the greeting and EHLO.
    pub connect: Duration,
    /// Each command.
    pub command: Duration,
    /// Taking the text of a mail.
    pub data: Duration,
}

impl Default for TimeLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            command: Duration::from_secs(10),
            data: Duration::from_secs(30),
        }
    }
}

/// When a connection is encrypted.
enum Encryption {
    Never,
    /// By STARTTLS, if the server offers it.
    Offered(TlsParameters),
    /// By STARTTLS.
    Required(TlsParameters),
    /// From the first byte.
    Immediate(TlsParameters),
}

/// A mail server.
pub(super) struct Server {
    host: String,
    port: u16,
    encryption: Encryption,
    credentials: Option<Credentials>,
    hello: ClientId,
    limits: TimeLimits,
}

/// The reason why a server's address cannot be used.
pub(super) enum UrlError {
    Unusable(&'static str),
    Tls(smtp::Error),
}

const UNREADABLE: UrlError = UrlError::Unusable("the address cannot be read");

impl Server {
    /// The server at `smtps://USER:PASSWORD@HOST:PORT/EHLO-NAME`, or at `smtp://…` with
    /// `?tls=required` or `?tls=opportunistic`.
    pub(super) fn at(url: &str, limits: TimeLimits) -> Result<Self, UrlError> {
        let url = Url::parse(url).map_err(|_| UNREADABLE)?;
        if !matches!(url.scheme(), "smtp" | "smtps") {
            return Err(UrlError::Unusable(
                "the address begins with neither smtps:// nor smtp://",
            ));
        }
        let host = match url
            .host()
            .ok_or(UrlError::Unusable("the address names no host"))?
        {
            Host::Domain(name) => name.to_owned(),
            Host::Ipv4(ip) => ip.to_string(),
            Host::Ipv6(ip) => ip.to_string(),
        };
        // What is not understood must not leave mail unencrypted.
        if url.query_pairs().any(|(name, _)| name != "tls") {
            return Err(UrlError::Unusable(
                "behind ? the address takes tls=required or tls=opportunistic alone",
            ));
        }
        let asked = url.query_pairs().find(|(name, _)| name == "tls");
        let tls = || tls(host.clone()).map_err(UrlError::Tls);
        let (encryption, port) = match (url.scheme(), asked.as_ref().map(|(_, how)| how.as_ref())) {
            ("smtps", None) => (Encryption::Immediate(tls()?), smtp::SUBMISSIONS_PORT),
            ("smtps", Some(_)) => {
                return Err(UrlError::Unusable(
                    "smtps:// is encrypted from the first byte, and takes no tls=",
                ));
            }
            (_, None) => (Encryption::Never, smtp::SMTP_PORT),
            (_, Some("required")) => (Encryption::Required(tls()?), smtp::SUBMISSION_PORT),
            (_, Some("opportunistic")) => (Encryption::Offered(tls()?), smtp::SUBMISSION_PORT),
            (_, Some(_)) => {
                return Err(UrlError::Unusable(
                    "tls= is neither required nor opportunistic",
                ));
            }
        };
        let credentials = match url.password() {
            None if url.username().is_empty() => None,
            None => {
                return Err(UrlError::Unusable(
                    "the address has a user without a password",
                ));
            }
            Some(password) => Some(Credentials::new(
                decoded(url.username())?,
                decoded(password)?,
            )),
        };
        let hello = match url.path().trim_matches('/') {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        Ok(Self {
            port: url.port().unwrap_or(port),
            host,
            encryption,
            credentials,
            hello,
            limits,
        })
    }

    /// Returns true if mail goes to another machine without encryption.
    pub(super) fn is_in_clear(&self) -> bool {
        let is_here = self.host == "localhost"
            || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        matches!(self.encryption, Encryption::Never) && !is_here
    }

    /// Connects, signs in and says goodbye.
    pub(super) async fn greet(&self) -> Result<(), MailError> {
        let mut connection = self.open().await?;
        let _ = tokio::time::timeout(GOODBYE, connection.abort()).await;
        Ok(())
    }

    /// Hands a message to the server.
    pub(super) async fn send(&self, message: &Message) -> Result<(), MailError> {
        let mut connection = self.open().await?;
        let sent = self.transfer(&mut connection, message).await;
        if !matches!(sent, Err(MailError::Silent { .. })) {
            // The server has taken the message or refused it, whatever becomes of the goodbye.
            let _ = tokio::time::timeout(GOODBYE, connection.abort()).await;
        }
        sent
    }

    /// A connection that is encrypted and signed in as the settings say.
    async fn open(&self) -> Result<AsyncSmtpConnection, MailError> {
        let address = (self.host.as_str(), self.port);
        let tls = match &self.encryption {
            Encryption::Immediate(tls) => Some(tls.clone()),
            _ => None,
        };
        let connecting = AsyncSmtpConnection::connect_tokio1(address, None, &self.hello, tls, None);
        let mut connection = within(self.limits.connect, "the connection", connecting).await?;
        let tls = match &self.encryption {
            Encryption::Required(tls) => Some(tls),
            Encryption::Offered(tls) => Some(tls).filter(|_| connection.can_starttls()),
            Encryption::Never | Encryption::Immediate(_) => None,
        };
        if let Some(tls) = tls {
            let starting = connection.starttls(tls.clone(), &self.hello);
            within(self.limits.command, "STARTTLS", starting).await?;
        }
        if let Some(credentials) = &self.credentials {
            let signing_in = connection.auth(DEFAULT_MECHANISMS, credentials);
            within(self.limits.command, "AUTH", signing_in).await?;
        }
        Ok(connection)
    }

    async fn transfer(
        &self,
        connection: &mut AsyncSmtpConnection,
        message: &Message,
    ) -> Result<(), MailError> {
        let limit = self.limits.command;
        let envelope = message.envelope();
        let addresses = envelope.to().iter().chain(envelope.from());
        let mut options = Vec::new();
        if !addresses.into_iter().all(|one| one.to_string().is_ascii()) {
            let server = connection.server_info();
            if !server.supports_feature(Extension::SmtpUtfEight) {
                return Err(MailError::Unwritable);
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        let from = connection.command(Mail::new(envelope.from().cloned(), options));
        within(limit, "MAIL", from).await?;
        for to in envelope.to() {
            let to = connection.command(Rcpt::new(to.clone(), Vec::new()));
            within(limit, "RCPT", to).await?;
        }
        within(limit, "DATA", connection.command(Data)).await?;
        let text = message.formatted();
        within(self.limits.data, "the text", connection.message(&text)).await?;
        Ok(())
    }
}

/// Waits for a step of the dialogue, and not longer than `limit`.
async fn within<T>(
    limit: Duration,
    step: &'static str,
    work: impl Future<Output = Result<T, smtp::Error>>,
) -> Result<T, MailError> {
    match tokio::time::timeout(limit, work).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(match error.status() {
            Some(status) => MailError::Refused(status),
            None => MailError::Unreachable(error),
        }),
        Err(_) => Err(MailError::Silent { step, limit }),
    }
}

/// Trusts Mozilla's list of authorities and those of the system, as they are at the start.
fn tls(host: String) -> Result<TlsParameters, smtp::Error> {
    let mut parameters =
        TlsParameters::builder(host).certificate_store(CertificateStore::WebpkiRoots);
    for certificate in rustls_native_certs::load_native_certs().certs {
        // One that cannot be read must not make the others useless.
        let mut probe = rustls::RootCertStore::empty();
        if probe.add(certificate.clone()).is_ok() {
            let trusted = Certificate::from_der(certificate.to_vec())?;
            parameters = parameters.add_root_certificate(trusted);
        }
    }
    parameters.build()
}

fn decoded(text: &str) -> Result<String, UrlError> {
    let decoded = percent_decode_str(text).decode_utf8();
    Ok(decoded.map_err(|_| UNREADABLE)?.into_owned())
}
