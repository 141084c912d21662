//! The command line of `jij`.

mod account;
mod backup;
mod check;
mod demo;
pub mod import;
mod migrate;
pub mod moderation;
mod parse;
pub mod poll;
mod serve;
mod terminal;

use std::{process::ExitCode, sync::Arc};

use clap::{CommandFactory, Parser, Subcommand};
use domain::{
    Services, Settings,
    clock::{SharedClock, SystemClock},
    mail::Mailer,
};

use crate::settings::{self, DatabaseSettings, SettingWarning};

/// The participation platform of Overijssel: stories, themes, comments and polls over GraphQL.
///
/// Without a command it serves. Settings come from flags or the environment; a flag wins.
#[derive(Debug, Parser)]
#[command(
    name = "jij",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  jij demo                         try it: an embedded database with demo content\n  jij migrate && jij serve         run it on the database of DATABASE_URL\n  jij check                        try everything that the settings name\n  jij schema > schema.graphql      write the API's schema"
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    serve: serve::ServeArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(Box<serve::ServeArguments>),
    Check(Box<check::CheckArguments>),
    Demo(demo::DemoArguments),
    Import(import::ImportArguments),
    Migrate(migrate::MigrateArguments),
    Backup(backup::BackupArguments),
    Account(account::AccountArguments),
    /// Look after polls: count the ballots again
    Poll(poll::PollArguments),
    /// Look after moderation: check the record of decisions
    Moderation(moderation::ModerationArguments),
    /// Print the GraphQL schema in its definition language
    ///
    /// The text is the same as `schema.graphql` beside the source: give it to a code generator, or
    /// compare it with that of another version.
    Schema,
}

/// Why a command failed, for people: what is wrong and what to do about it.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let cli = match parse::parse::<Cli>() {
        Ok(cli) => cli,
        Err(refused) => return refused,
    };
    let command = cli.command.unwrap_or(Command::Serve(Box::new(cli.serve)));
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(dispatch(command)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            terminal::complain(&format!("error: {failure}"));
            ExitCode::FAILURE
        }
    }
}

/// Returns a warning for each variable `JIJ_…` of the environment that no command reads.
fn unknown_variables() -> Vec<SettingWarning> {
    settings::unknown_variables(&Cli::command())
}

async fn dispatch(command: Command) -> Result<(), Failure> {
    if !matches!(
        command,
        Command::Serve(_) | Command::Demo(_) | Command::Schema
    ) {
        settings::show_warnings();
        for warning in unknown_variables() {
            warning.log();
        }
    }
    match command {
        Command::Serve(arguments) => Box::pin(serve::run(*arguments)).await,
        Command::Check(arguments) => Box::pin(check::run(*arguments)).await,
        Command::Demo(arguments) => Box::pin(demo::run(arguments)).await,
        Command::Import(arguments) => import::run(&arguments).await,
        Command::Migrate(arguments) => migrate::run(&arguments).await,
        Command::Backup(arguments) => backup::run(&arguments).await,
        Command::Account(arguments) => account::run(arguments).await,
        Command::Poll(arguments) => poll::run(&arguments).await,
        Command::Moderation(arguments) => moderation::run(&arguments).await,
        Command::Schema => terminal::print(crate::graphql::sdl().trim_end()),
    }
}

/// Runs a command on the services of a database, which is brought up first and closed at its end.
async fn with_services<T>(
    database: &DatabaseSettings,
    mailer: Mailer,
    command: impl AsyncFnOnce(&Services) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let run = async |database: &domain::database::Database| {
        serve::bring_up(database).await?;
        let clock: SharedClock = Arc::new(SystemClock);
        let settings = Settings::new("http://localhost", mailer);
        let services = Services::new(database, &clock, settings).await?;
        command(&services).await
    };
    database.during(run).await
}
