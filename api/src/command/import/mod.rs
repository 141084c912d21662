//! `jij import`.

pub mod polis;
mod progress;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use domain::{
    Actor, Error, Locale, Services,
    mail::Mailer,
    poll::{Export, Imported},
    refusal::Refusal,
};
use polis::Agreement;
use progress::Progress;

use super::{Failure, terminal, with_services};
use crate::settings::DatabaseSettings;

/// Take over what was collected elsewhere, such as a pol.is conversation
#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    #[command(subcommand)]
    source: Source,
}

#[derive(Debug, Subcommand)]
enum Source {
    Polis(PolisArguments),
}

/// Import a pol.is conversation as one poll with a STATEMENTS question
///
/// DIR holds the files as pol.is exports them: comments.csv and votes.csv and, if they are there,
/// participants-votes.csv (compared with the votes) and summary.csv (its topic becomes the title);
/// or, prepared, statements.csv, votes.csv and participants.csv. Every row is checked first; then
/// every vote is counted as a ballot is, a later vote of the same person replacing the earlier.
/// Statements that were rejected there, and those without a text, are shown to and counted for
/// staff only. It is all or nothing, and importing the same content again changes nothing.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  jij import polis exports/omgevingsvisie --title \"Omgevingsvisie\""
)]
struct PolisArguments {
    /// The folder of the export
    dir: PathBuf,

    /// The poll's title, 3 to 255 characters; else the summary's topic, else the folder's name
    #[arg(long)]
    title: Option<String>,

    /// The value in votes.csv that means agreement: 1, or -1 as some versions of pol.is write it
    #[arg(long, value_name = "1|-1", default_value = "1", allow_hyphen_values = true, value_parser = agreement)]
    agree: Agreement,

    #[command(flatten)]
    database: DatabaseSettings,
}

pub(super) async fn run(arguments: &ImportArguments) -> Result<(), Failure> {
    let Source::Polis(arguments) = &arguments.source;
    // Before anything else, so that a damaged export does not even make a database.
    let conversation = polis::read(&arguments.dir, arguments.title.as_deref(), arguments.agree)?;
    for warning in &conversation.warnings {
        terminal::complain(warning);
    }
    let import = async |services: &Services| import(services, &conversation.export).await;
    let database = arguments.database.clone().making_new();
    let imported = with_services(&database, Mailer::memory(), import);
    terminal::print(&imported.await?)
}

fn agreement(value: &str) -> Result<Agreement, &'static str> {
    match value {
        "1" => Ok(Agreement::Positive),
        "-1" => Ok(Agreement::Negative),
        _ => Err("either 1 or -1"),
    }
}

/// Imports an export that was read; gives a line that says what came of it.
pub async fn import(services: &Services, export: &Export) -> Result<String, Failure> {
    let progress = Progress::start(export.votes.len());
    let imported = services
        .polls
        .import(&Actor::System, export, |counted| {
            progress.tell(counted);
        })
        .await
        .map_err(explained)?;
    let seconds = progress.end().as_secs_f64();
    Ok(match imported {
        Imported::Made(poll) => {
            let votes = export.votes.len();
            format!(
                "imported \"{}\" as poll {}: {votes} votes by {} voters on {} statements in {seconds:.1} s, {} votes a second",
                poll.title,
                poll.slug,
                poll.voter_count,
                export.statements.len(),
                progress::rate(votes, seconds),
            )
        }
        Imported::Already(poll) => format!(
            "nothing changed: this export was imported before, as poll {}",
            poll.slug
        ),
    })
}

fn explained(error: Error<impl Refusal>) -> Failure {
    match error {
        Error::Refused(reasons) => {
            let lines: Vec<String> = reasons
                .iter()
                .map(|reason| {
                    let place = reason.path().segments().join(".");
                    format!("{place}: {}", reason.message(Locale::En))
                })
                .collect();
            format!(
                "{}\nhint: mend summary.csv, or give a title of 3 to 255 characters with --title; nothing was imported",
                lines.join("\n")
            )
            .into()
        }
        Error::Internal(fault) => format!("{fault}\nhint: nothing was imported; try again").into(),
        other => format!("{other:?}\nhint: nothing was imported; try again").into(),
    }
}
