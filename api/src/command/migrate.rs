//! `jij migrate`.

use clap::Args;
use domain::database::Database;

use super::{Failure, terminal};
use crate::settings::DatabaseSettings;

/// Bring the database's tables to the shape that this version needs
///
/// Data stays, and running it twice changes nothing; at the same time, one waits for the other. With several instances on one PostgreSQL run
/// it once, before the first of them starts; `jij serve` brings an embedded database up by itself.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  jij migrate --pending    what would run\n  jij migrate              run it"
)]
pub(super) struct MigrateArguments {
    #[command(flatten)]
    database: DatabaseSettings,

    /// Only say which migrations have not run yet; change nothing
    #[arg(long)]
    pending: bool,
}

pub(super) async fn run(arguments: &MigrateArguments) -> Result<(), Failure> {
    let migrate = async |database: &Database| {
        if arguments.pending {
            for name in migration::pending(database.writer()).await? {
                terminal::print(&name)?;
            }
            return Ok(());
        }
        let applied = apply(database).await?;
        for name in &applied {
            terminal::print(&format!("applied {name}"))?;
        }
        terminal::print(&format!("{} migrations applied", applied.len()))
    };
    let database = arguments.database.clone();
    let database = if arguments.pending {
        database
    } else {
        database.making_new()
    };
    database.during(migrate).await
}

/// Applies the migrations that have not run yet, and returns their names. Waits where another
/// process applies them, which then leaves none.
pub(super) async fn apply(database: &Database) -> Result<Vec<String>, Failure> {
    let _lock = database.lock_migrations().await?;
    let pending = migration::pending(database.writer()).await?;
    if !pending.is_empty() {
        migration::up(database.writer()).await?;
    }
    Ok(pending)
}
