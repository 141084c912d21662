//! `jij backup`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use domain::{Locale, database::Database, poll::grouped};

use super::{Failure, moderation, poll, terminal};
use crate::settings::DatabaseSettings;

/// Copy the database to a file, also while the server runs
///
/// An embedded database is copied as it is at one moment; whoever votes meanwhile does not wait.
/// The copy is a database by itself, which only its owner may read: it holds the keys that sign
/// tokens, and everything that people wrote. Nothing is ever overwritten.
///
/// A PostgreSQL is copied by its own `pg_dump`: this says how, checks what it can, and ends with 1,
/// since there is no copy yet.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  jij backup /backup/jij-2026-03-02.sqlite3          copy the database\n  jij backup check /backup/jij-2026-03-02.sqlite3    look if the copy is whole\n  jij serve --database-url sqlite:///backup/jij-2026-03-02.sqlite3    serve it"
)]
pub(super) struct BackupArguments {
    #[command(subcommand)]
    action: Option<Action>,

    /// The file to write
    #[arg(value_name = "FILE", required = true)]
    file: Option<PathBuf>,

    #[command(flatten)]
    database: DatabaseSettings,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Look if a copy is whole
    ///
    /// Opens the file for reading only and says in a line each: if it is a database, its
    /// migrations, the integrity of its pages and references, the outcome of counting every ballot
    /// again, and the record of moderation. It ends with 0 where all is well, and with 1 otherwise.
    ///
    /// Without a file it checks the PostgreSQL of DATABASE_URL, for one that was restored.
    #[command(
        after_help = "Examples:\n  jij backup check /backup/jij-2026-03-02.sqlite3\n  jij backup check --database-url postgres://jij@localhost/restored"
    )]
    Check(CheckArguments),
}

#[derive(Debug, Args)]
struct CheckArguments {
    /// The file to check
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,

    #[command(flatten)]
    database: DatabaseSettings,
}

pub(super) async fn run(arguments: &BackupArguments) -> Result<(), Failure> {
    match (&arguments.action, &arguments.file) {
        (Some(Action::Check(arguments)), _) => check(arguments).await,
        (None, Some(file)) => back_up(&arguments.database, file).await,
        (None, None) => Err("name the file to write".into()),
    }
}

async fn back_up(database: &DatabaseSettings, file: &Path) -> Result<(), Failure> {
    let settings = database.settings()?;
    if !settings.url.starts_with("sqlite:") {
        return database.during(explain_server).await;
    }
    let bytes = Database::copy(&settings.url, file).await.map_err(|error| {
        format!("there is no backup: {error}\nhint: name a new file in a folder that you may write to, and the database by DATABASE_URL")
    })?;
    let file = file.display();
    terminal::print(&format!(
        "{file}: {}\nhint: `jij backup check {file}` looks if it is whole",
        size(bytes)
    ))
}

/// Checks a server as far as it can from here, and says how it is copied.
async fn explain_server(database: &Database) -> Result<(), Failure> {
    let server = database.server().await?;
    terminal::print(&format!("server: PostgreSQL {}", server.version))?;
    let bytes = u64::try_from(server.bytes).unwrap_or_default();
    terminal::print(&format!("database: {}", size(bytes)))?;
    terminal::print(&format!("migrations: {}", migrations(database).await?))?;
    Err("PostgreSQL is copied by its own programs, not by this one\n\
         hint: pg_dump --format=custom --file=FILE \"$DATABASE_URL\"\n\
         hint: restore it with pg_restore --no-owner --dbname=ANOTHER FILE, then run `jij backup check` with the DATABASE_URL of that database"
        .into())
}

async fn check(arguments: &CheckArguments) -> Result<(), Failure> {
    let Some(file) = &arguments.file else {
        if arguments.database.settings()?.url.starts_with("sqlite:") {
            return Err("name the file to check\nhint: `jij backup FILE` makes one".into());
        }
        let check = async |database: &Database| Checks::default().run(database).await;
        return arguments.database.during(check).await;
    };
    let mut checks = Checks::default();
    let database = match Database::open_copy(file).await {
        Ok(database) => database,
        Err(error) => {
            checks.tell("file", Err(error.into()))?;
            return checks.end();
        }
    };
    let bytes = file.metadata()?.len();
    checks.tell("file", Ok(size(bytes)))?;
    let checked = checks.run(&database).await;
    database.close().await?;
    checked
}

/// Checks that print a line each.
#[derive(Debug, Default)]
struct Checks {
    failed: u32,
}

impl Checks {
    async fn run(mut self, database: &Database) -> Result<(), Failure> {
        let migrations = migrations(database).await;
        let is_current = migrations.is_ok();
        self.tell("migrations", migrations)?;
        if database.is_embedded() {
            self.tell("integrity", integrity(database).await)?;
            self.tell("references", references(database).await)?;
        }
        // Tables of another shape cannot be read.
        if is_current {
            self.tell("ballots", ballots(database).await)?;
            self.tell("record of moderation", record(database).await)?;
        }
        self.end()
    }

    /// Prints how a check ended.
    fn tell(&mut self, name: &str, outcome: Result<String, Failure>) -> Result<(), Failure> {
        match outcome {
            Ok(found) => terminal::print(&format!("{name}: {found}")),
            Err(problem) => {
                self.failed += 1;
                terminal::print(&format!("{name}: FAILED, {problem}"))
            }
        }
    }

    fn end(self) -> Result<(), Failure> {
        match self.failed {
            0 => Ok(()),
            1 => Err("a check failed: do not rely on this copy".into()),
            failed => Err(format!("{failed} checks failed: do not rely on this copy").into()),
        }
    }
}

async fn migrations(database: &Database) -> Result<String, Failure> {
    let applied = migration::applied(database.read()).await?.len();
    match migration::pending(database.read()).await?.len() {
        0 => Ok(format!("{applied} applied, none missing")),
        missing => Err(format!(
            "{applied} applied, {missing} missing: check it with the version of jij that it was made with"
        )
        .into()),
    }
}

async fn integrity(database: &Database) -> Result<String, Failure> {
    let damage = database.find_damage().await?;
    if damage.is_empty() {
        Ok("every page and index is whole".to_owned())
    } else {
        Err(damage.join("; ").into())
    }
}

async fn references(database: &Database) -> Result<String, Failure> {
    match database.count_broken_references().await? {
        0 => Ok("every row refers to one that is there".to_owned()),
        broken => Err(format!("{broken} rows refer to one that is not there").into()),
    }
}

async fn ballots(database: &Database) -> Result<String, Failure> {
    let recounts = poll::recount_all(database).await?;
    let ballots: i64 = recounts.iter().map(|recount| recount.ballots).sum();
    let polls = recounts.len();
    let wrong: Vec<&str> = recounts
        .iter()
        .filter(|recount| !recount.differences.is_empty())
        .map(|recount| &*recount.slug)
        .collect();
    if wrong.is_empty() {
        Ok(format!("{ballots} in {polls} polls, every sum agrees"))
    } else {
        Err(format!("the sums of {} differ from their ballots", wrong.join(", ")).into())
    }
}

async fn record(database: &Database) -> Result<String, Failure> {
    let verified = moderation::verify_all(database).await;
    // The first line; others are hints and the hash.
    let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    match verified {
        Ok(found) => Ok(first(&found)),
        Err(problem) => Err(first(&problem.to_string()).into()),
    }
}

fn size(bytes: u64) -> String {
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    format!("{} bytes", grouped(bytes, Locale::En))
}
