//! Where the data is.

use std::path::PathBuf;

use clap::Args;
use domain::database::{Database, Settings};

use super::{
    SettingError,
    secret::{self, Secret},
};

/// The database of who sets nothing.
const DEFAULT_URL: &str = "sqlite://data/jij.sqlite3";

/// Where the data is, and how many connections it gets.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Database")]
pub struct DatabaseSettings {
    /// Where the data is: `sqlite://PATH` or `postgres://USER:PASSWORD@HOST/NAME`
    /// [default: `sqlite://data/jij.sqlite3`]
    #[arg(
        id = "database_url",
        long = "database-url",
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    url: Option<Secret>,

    /// A file whose first line is the address of the data
    #[arg(
        id = "database_url_file",
        long = "database-url-file",
        env = "DATABASE_URL_FILE",
        value_name = "FILE",
        conflicts_with = "database_url"
    )]
    url_file: Option<PathBuf>,

    /// Connections of the pool, 1 to 100; few beat many (4 to 8 on two cores)
    #[arg(id = "database_connections", long = "database-connections", env = "JIJ_DATABASE_CONNECTIONS", value_name = "N", default_value_t = 8,
        value_parser = clap::value_parser!(u32).range(1..=100))]
    connections: u32,
}

impl DatabaseSettings {
    /// Returns the number of connections of the pool.
    pub fn connections(&self) -> u32 {
        self.connections
    }

    /// Runs a command on the database and closes it, however the command ends: an embedded
    /// database is whole in its one file then.
    pub async fn during<T, E: From<SettingError>>(
        &self,
        command: impl AsyncFnOnce(&Database) -> Result<T, E>,
    ) -> Result<T, E> {
        let database = self.connect().await?;
        let outcome = command(&database).await;
        if let Err(fault) = database.close().await {
            tracing::warn!(%fault, "the database was not closed well");
        }
        outcome
    }

    /// The address of the data, as it was given, and the number of connections.
    pub fn settings(&self) -> Result<Settings, SettingError> {
        let url = secret::resolve(
            "--database-url (DATABASE_URL)",
            self.url.as_ref(),
            self.url_file.as_deref(),
        )?
        .unwrap_or_else(|| DEFAULT_URL.to_owned());
        Ok(Settings {
            url,
            connections: self.connections,
        })
    }

    /// Connects to the database that these settings name.
    pub async fn connect(&self) -> Result<Database, SettingError> {
        Database::connect(&self.settings()?)
            .await
            .map_err(|error| SettingError {
                name: "--database-url (DATABASE_URL)",
                problem: error.to_string(),
                hint: "for example sqlite://data/jij.sqlite3 or postgres://jij@localhost/jij",
            })
    }
}
