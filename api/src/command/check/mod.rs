//! `jij check`.

mod database;
mod outside;
mod report;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};

use clap::Args;
use domain::clock::{Clock, SystemClock};

use super::{Failure, serve};
use crate::{
    graphql::operation::Audience,
    settings::{ListenAddress, SettingError, SettingWarning},
};
use report::Report;

/// Try everything that the settings name
///
/// It takes the settings of `jij serve` and prints one line for each thing that it tried: ok,
/// warning or failed, the setting, and what was found. It connects to the database and looks for
/// migrations and the right to write, signs in to the mail server, fetches the keys of identity
/// providers, sends a collector an export without a span, reads the files that settings name,
/// opens and closes the addresses to listen at, and looks at the limit of open files and at the
/// clock. It changes nothing, needs no running server and runs beside one. No secret is printed.
///
/// It ends with 1 if a line says failed, else with 0.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  jij check                                  before `jij serve`, with the same settings\n  jij check --mail-to beheer@example.org     and send a test message there"
)]
pub(super) struct CheckArguments {
    /// Send a test message to this address; else the mail server is signed in to, and no more
    #[arg(long, value_name = "ADDRESS")]
    mail_to: Option<String>,

    #[command(flatten)]
    serve: serve::ServeArguments,
}

pub(super) async fn run(arguments: CheckArguments) -> Result<(), Failure> {
    let CheckArguments { mail_to, serve } = arguments;
    let mut report = Report::default();
    let report = &mut report;
    let unknown = super::unknown_variables();
    for warning in &unknown {
        report.warning(warning)?;
    }
    if unknown.is_empty() {
        report.ok("environment", "every variable JIJ_… is one of a setting")?;
    }
    let address = addresses(report, &serve)?;
    settings(report, &serve, address)?;
    database::check(report, &serve).await?;
    outside::mail(report, &serve.mail, mail_to.as_deref()).await?;
    outside::providers(report, &serve.providers).await?;
    outside::collector(report, &serve.log).await?;
    report.end()
}

/// Opens and closes the addresses to listen at; gives that of the server.
fn addresses(report: &mut Report, serve: &serve::ServeArguments) -> Result<SocketAddr, Failure> {
    let listen = &serve.http.listen;
    let address = report.read(listen.resolve(serve::LISTEN))?;
    if let Some(address) = address {
        open(report, serve::LISTEN, listen, address)?;
    }
    if let Some(metrics) = &serve.workload.metrics_listen
        && let Some(metrics_address) = report.read(metrics.resolve(serve::METRICS_LISTEN))?
    {
        if Some(metrics_address) == address && metrics_address.port() != 0 {
            report.failed(
                serve::METRICS_LISTEN,
                "the server itself listens there",
                "a port of its own, such as 127.0.0.1:9000",
            )?;
        } else {
            open(report, serve::METRICS_LISTEN, metrics, metrics_address)?;
        }
    }
    Ok(address.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 8_000))))
}

fn open(
    report: &mut Report,
    name: &'static str,
    listen: &ListenAddress,
    address: SocketAddr,
) -> Result<(), Failure> {
    match serve::bind(address) {
        Ok(_) => report.ok(name, format!("{listen} is free")),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => report.warning(&SettingWarning {
            name: name.into(),
            problem: format!("something listens at {listen} already").into(),
            hint: "all is well if it is this server that runs".into(),
        }),
        Err(error) => {
            let SettingError { problem, hint, .. } = serve::refusal(name, listen, &error);
            report.failed(name, problem, hint)
        }
    }
}

/// Reads what needs nothing outside this machine.
fn settings(
    report: &mut Report,
    serve: &serve::ServeArguments,
    address: SocketAddr,
) -> Result<(), Failure> {
    let public_url = serve.site.public_url(address);
    report.read(serve.log.filter("info"))?;
    let peers = report.read(serve.http.peer_limits(serve.database.connections()))?;
    if let Some(peers) = &peers {
        report.ok(
            "--max-open-connections (JIJ_MAX_OPEN_CONNECTIONS)",
            format!("{} connections fit the limit of open files", peers.most),
        )?;
    }
    let rules = report.read(serve.documents.rules(Audience::SignedIn))?;
    if let Some(trusted) = rules.as_ref().map(|rules| rules.trusted.len())
        && trusted > 0
    {
        report.ok(
            "--trusted-documents (JIJ_TRUSTED_DOCUMENTS)",
            format!("{trusted} documents"),
        )?;
    }
    if let Some(Some((name, _))) = report.read(serve.site.signing_key())? {
        report.ok(name, "an Ed25519 key")?;
    }
    report.read(serve.retention.terms())?;
    report.read(serve.screening.rules())?;
    report.read(serve.site.hsts_max_age(&public_url))?;
    report.read(serve.security.contact(&public_url))?;
    let mut warnings = serve.site.warnings(address);
    if warnings.is_empty() {
        report.ok("--public-url (JIJ_PUBLIC_URL)", &public_url)?;
    }
    warnings.extend(serve.http.warnings(address, &public_url));
    warnings.extend(peers.iter().flat_map(|peers| serve.live.warnings(peers)));
    warnings.extend(
        rules
            .iter()
            .flat_map(|rules| serve.documents.warnings(rules)),
    );
    warnings.extend(serve.voting.warnings());
    warnings.extend(serve.security.warnings(SystemClock.now()));
    warnings.extend(serve.log.warnings());
    for warning in &warnings {
        report.warning(warning)?;
    }
    Ok(())
}
