//! `jij moderation`.

use clap::{Args, Subcommand};
use domain::{Actor, Services, database::Database, mail::Mailer, moderation::Verified};

use super::{Failure, terminal, with_services};
use crate::settings::DatabaseSettings;

/// Looks after moderation. For operators.
#[derive(Debug, Args)]
pub(super) struct ModerationArguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Check that the record of decisions is as it was made
    ///
    /// Each entry of the record holds the hash of the one before. This checks every entry against
    /// its own hash, the one before and the words beside it, and the end against what was counted.
    ///
    /// It says how many entries there are and the hash of the last, and ends with 0; or names the
    /// first entry that was changed, moved or taken out, and ends with 1. Who can change the whole
    /// database can make a whole new record: note the last line somewhere else now and then, and
    /// give it with --expect later.
    ///
    /// Nothing is ever mended. It may run while the server does.
    #[command(
        after_help = "Examples:\n  jij moderation verify                        the whole record\n  jij moderation verify --expect 812:9f3c…     and that entry 812 is still the one of then"
    )]
    Verify(VerifyArguments),
}

/// What to check the record against.
#[derive(Debug, Args)]
struct VerifyArguments {
    /// An entry as an earlier check printed it: its place and its hash
    #[arg(long, value_name = "PLACE:HASH")]
    expect: Option<String>,

    #[command(flatten)]
    database: DatabaseSettings,
}

pub(super) async fn run(arguments: &ModerationArguments) -> Result<(), Failure> {
    let Action::Verify(arguments) = &arguments.action;
    let expected = arguments.expect.as_deref().map(expected).transpose()?;
    let verify = async |services: &Services| verify(services, expected).await;
    let verified = with_services(&arguments.database, Mailer::memory(), verify);
    terminal::print(&verified.await?)
}

/// Checks the record, and that an entry is still the one that it was; gives what to print.
pub async fn verify(
    services: &Services,
    expected: Option<(i64, String)>,
) -> Result<String, Failure> {
    let verified = services
        .moderation
        .verify(&Actor::System, expected.as_ref());
    told(verified.await)
}

/// Checks the record of a database, which may be one that can only be read; gives what to print.
pub(super) async fn verify_all(database: &Database) -> Result<String, Failure> {
    told(domain::moderation::verify_record(database, &Actor::System, None).await)
}

fn told(verified: domain::Result<(Verified, bool)>) -> Result<String, Failure> {
    let (verified, met) = verified.map_err(|error| format!("the check broke off: {error:?}"))?;
    match verified {
        Verified::Broken { position } => Err(format!(
            "entry {position} of the record is not as it was made, or is gone\nhint: nothing was changed; keep a copy of the database and find out who could write to it"
        )
        .into()),
        Verified::Whole { .. } if !met => Err(
            "the record is whole, but does not hold the expected entry: it is another record\nhint: compare with a backup from before"
                .into(),
        ),
        Verified::Whole { entries: 0, .. } => Ok("the record is empty".to_owned()),
        Verified::Whole { entries, head } => {
            let noun = if entries == 1 { "entry" } else { "entries" };
            Ok(format!("{entries} {noun}, each as it was made\n{entries}:{head}"))
        }
    }
}

/// A place and a hash.
fn expected(text: &str) -> Result<(i64, String), Failure> {
    text.split_once(':')
        .and_then(|(place, hash)| Some((place.parse().ok()?, hash.to_owned())))
        .ok_or_else(|| {
            "--expect takes a place and a hash, as 812:9f3c…\nhint: copy the last line that an earlier check printed"
                .into()
        })
}
