//! Checks of the services that the settings name outside this machine, apart from the database.

use std::sync::Arc;

use domain::{
    account::{Fetch, HttpFetch, count_keys},
    clock::{Clock, SystemClock},
    mail::{Mail, MailError},
};

use super::{
    super::Failure,
    report::{Report, chain},
};
use crate::settings::{LogSettings, MailSettings, ProviderSettings};

/// The subject and the text of the test message.
const SUBJECT: &str = "Testbericht van JIJ&Overijssel / Test message";
const TEXT: &str = "\
Dit is een testbericht. Een beheerder keek of het platform e-mail kan versturen. U hoeft niets te doen.

This is a test message. An operator tried if the platform can send e-mail. You need to do nothing.
";

/// Signs in to the mail server; sends a test message to `to`, if there is one.
pub(super) async fn mail(
    report: &mut Report,
    settings: &MailSettings,
    to: Option<&str>,
) -> Result<(), Failure> {
    let Some(mailer) = report.read(settings.mailer())? else {
        return Ok(());
    };
    for warning in settings.warnings(&mailer) {
        report.warning(&warning)?;
    }
    let name = settings.name();
    if !mailer.sends() {
        return match to {
            Some(_) => report.failed("--mail-to", "no mail server is set", "set --smtp-url"),
            None => Ok(()),
        };
    }
    let mail = to.map(|to| Mail {
        to: to.to_owned(),
        subject: SUBJECT.to_owned(),
        text: TEXT.to_owned(),
    });
    match mailer.try_out(mail.as_ref(), SystemClock.now()).await {
        Ok(()) => report.ok(
            name,
            match to {
                Some(_) => "the mail server took a test message: look if it arrives",
                None => "the mail server lets us in; --mail-to ADDRESS sends a test message",
            },
        ),
        Err(MailError::Unwritable) => report.failed(
            "--mail-to",
            "the mail cannot be written for this address",
            "an address such as beheer@example.org",
        ),
        Err(fault) => report.failed(name, chain(&fault), hint(&fault)),
    }
}

fn hint(fault: &MailError) -> &'static str {
    match fault {
        MailError::Refused(code) if code.to_string() == "535" => {
            "the user and the password that the mail server knows"
        }
        MailError::Refused(_) => {
            "the mail server's own log says why; --mail-from is an address that it sends for"
        }
        _ => {
            "the host, the port and the encryption of the mail server: smtps:// at 465, smtp://…?tls=required at 587"
        }
    }
}

/// Fetches the discovery and the keys of each identity provider.
pub(super) async fn providers(
    report: &mut Report,
    settings: &ProviderSettings,
) -> Result<(), Failure> {
    const NAME: &str = "--identity-providers (JIJ_IDENTITY_PROVIDERS)";
    let Some(providers) = report.read(settings.providers())? else {
        return Ok(());
    };
    if providers.is_empty() {
        return Ok(());
    }
    let fetch: Arc<dyn Fetch> = Arc::new(HttpFetch::new()?);
    for provider in &providers {
        let issuer = &provider.issuer;
        match count_keys(provider, Arc::clone(&fetch)).await {
            Ok(0) => report.failed(
                NAME,
                format!("{issuer} publishes no key that can be used"),
                "a provider with keys for RS256, PS256 or ES256, each with a kid",
            )?,
            Ok(keys) => report.ok(NAME, format!("{issuer} publishes {keys} keys"))?,
            Err(fault) => report.failed(
                NAME,
                format!("{issuer}: {}", chain(&fault)),
                "the issuer exactly as its tokens name it; its discovery is at /.well-known/openid-configuration",
            )?,
        }
    }
    Ok(())
}

/// Sends the collector of traces an export without a span.
pub(super) async fn collector(report: &mut Report, settings: &LogSettings) -> Result<(), Failure> {
    match report.read(settings.try_collector().await)? {
        Some(true) => report.ok(
            "--otlp-endpoint (JIJ_OTLP_ENDPOINT)",
            "the collector takes traces",
        ),
        _ => Ok(()),
    }
}
