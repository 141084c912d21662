//! `jij poll`.

use async_graphql::ID;
use clap::{Args, Subcommand};
use domain::{
    Actor, Error, Services,
    database::Database,
    id::PollId,
    mail::Mailer,
    poll::{PollRefusal, Recount},
};

use super::{Failure, terminal, with_services};
use crate::{graphql, settings::DatabaseSettings};

/// Looks after polls. For operators.
#[derive(Debug, Args)]
pub(super) struct PollArguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Count every ballot again and compare with what is kept
    ///
    /// Compares every sum that is kept of a poll with what its ballots add up to: the tally of
    /// each option, who answers and who skips each question, and the poll's voters.
    ///
    /// A line says of each poll how many ballots it has and whether all sums agree; below it
    /// stands every sum that does not. It ends with 0 where all agree, and with 1 otherwise.
    /// Nothing is ever mended: a difference is a fault to look into, best with a copy of the
    /// database. It may run while the server takes votes: all of it is seen as it is at one
    /// moment.
    #[command(
        after_help = "Examples:\n  jij poll recount                                 every poll\n  jij poll recount --poll zwemmen --poll fietsen   these, by slug\n  jij poll recount --poll UAGSs…                   by the id that the API gives"
    )]
    Recount(RecountArguments),
}

/// Which polls to count again.
#[derive(Debug, Args)]
struct RecountArguments {
    /// A poll, by its slug or the id that the API gives; may be repeated [default: every poll]
    #[arg(long = "poll", value_name = "SLUG_OR_ID")]
    polls: Vec<String>,

    #[command(flatten)]
    database: DatabaseSettings,
}

pub(super) async fn run(arguments: &PollArguments) -> Result<(), Failure> {
    let Action::Recount(arguments) = &arguments.action;
    let recount = async |services: &Services| recount(services, &arguments.polls).await;
    let recounted = with_services(&arguments.database, Mailer::memory(), recount);
    let (mut polls, mut wrong) = (0, 0);
    for recount in recounted.await? {
        terminal::print(&line(&recount))?;
        for difference in &recount.differences {
            terminal::print(&format!("  {difference}"))?;
        }
        polls += 1;
        wrong += usize::from(!recount.differences.is_empty());
    }
    if wrong == 0 {
        return Ok(());
    }
    Err(format!(
        "the sums of {wrong} of {polls} polls are not what their ballots add up to\nhint: nothing was changed; keep a copy of the database and report this"
    )
    .into())
}

/// Counts the polls that are named again, every poll where none is.
pub async fn recount(services: &Services, names: &[String]) -> Result<Vec<Recount>, Failure> {
    let mut polls = Vec::with_capacity(names.len());
    for name in names {
        polls.push(known(services, name).await?);
    }
    let asked = (!polls.is_empty()).then_some(polls.as_slice());
    let recounts = services.polls.recount(&Actor::System, asked).await;
    recounts.map_err(broken_off)
}

/// Counts every poll of a database again, which may be one that can only be read.
pub(super) async fn recount_all(database: &Database) -> Result<Vec<Recount>, Failure> {
    let recounts = domain::poll::recount_ballots(database, &Actor::System, None).await;
    recounts.map_err(broken_off)
}

fn broken_off(error: Error<PollRefusal>) -> Failure {
    match error {
        Error::Internal(fault) => format!("the recount broke off: {fault}").into(),
        other => format!("the recount broke off: {other}").into(),
    }
}

/// What is said of one poll.
fn line(recount: &Recount) -> String {
    let (slug, ballots) = (&recount.slug, recount.ballots);
    let noun = if ballots == 1 { "ballot" } else { "ballots" };
    match recount.differences.len() {
        0 => format!("{slug}: {ballots} {noun}, every sum agrees"),
        1 => format!("{slug}: {ballots} {noun}, 1 sum DIFFERS"),
        many => format!("{slug}: {ballots} {noun}, {many} sums DIFFER"),
    }
}

async fn known(services: &Services, name: &str) -> Result<PollId, Failure> {
    if let Some(poll) = services.polls.by_slug(&Actor::System, name).await? {
        return Ok(poll.id);
    }
    if let Some(id) = graphql::poll_id(&ID::from(name)) {
        let found = services.polls.by_ids(&Actor::System, &[id]).await?;
        if let Some(poll) = found.first() {
            return Ok(poll.id);
        }
    }
    Err(format!(
        "there is no poll {name}\nhint: its slug stands in its address; without --poll every poll is counted"
    )
    .into())
}
