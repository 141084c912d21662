//! Where the data is.

use std::path::PathBuf;

use clap::Args;
use domain::database::{self, ConnectError, Database, Settings};

use super::{
    SettingError, SettingWarning,
    secret::{self, Given, Names, Secret},
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

    #[arg(skip)]
    makes_new: bool,
}

/// The names of the settings that hold the address.
const NAMES: Names = Names {
    value: "--database-url (DATABASE_URL)",
    file: "--database-url-file (DATABASE_URL_FILE)",
};

impl DatabaseSettings {
    /// Returns the number of connections of the pool.
    pub fn connections(&self) -> u32 {
        self.connections
    }

    /// Makes an embedded database that is not there yet; else connecting to one is refused.
    #[must_use]
    pub fn making_new(mut self) -> Self {
        self.makes_new = true;
        self
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

    /// Returns the address, and the setting that it came from.
    fn address(&self) -> Result<Given, SettingError> {
        let given = secret::resolve(NAMES, self.url.as_ref(), self.url_file.as_deref())?;
        Ok(given.unwrap_or_else(|| Given {
            name: NAMES.value,
            text: DEFAULT_URL.to_owned(),
        }))
    }

    /// Returns the name of the setting that holds the address.
    pub fn name(&self) -> &'static str {
        match self.url_file {
            Some(_) => NAMES.file,
            None => NAMES.value,
        }
    }

    /// Returns the address of the data, as it was given, and the number of connections.
    pub fn settings(&self) -> Result<Settings, SettingError> {
        Ok(Settings {
            url: self.address()?.text,
            connections: self.connections,
        })
    }

    /// Returns the file of an embedded database that is not there yet, by its whole path.
    pub fn missing_file(&self) -> Result<Option<PathBuf>, SettingError> {
        let Given { name, text: url } = self.address()?;
        database::missing_file(&url).map_err(|fault| wrong(name, &fault))
    }

    /// Connects to the database that these settings name.
    pub async fn connect(&self) -> Result<Database, SettingError> {
        let Given { name, text: url } = self.address()?;
        let missing = database::missing_file(&url).map_err(|fault| wrong(name, &fault))?;
        if let Some(file) = &missing
            && !self.makes_new
        {
            return Err(SettingError {
                name,
                problem: format!("there is no file {}", file.display()),
                hint: "mend the path, or make a new, empty database there: jij migrate",
            });
        }
        let settings = Settings {
            url,
            connections: self.connections,
        };
        let connected = Database::connect(&settings).await;
        let database = connected.map_err(|fault| wrong(name, &fault))?;
        if let Some(file) = missing {
            SettingWarning::new(
                name,
                format!("a new, empty database was made: {}", file.display()),
                "if there should be one already, mend the path",
            )
            .log();
        }
        Ok(database)
    }
}

fn wrong(name: &'static str, fault: &ConnectError) -> SettingError {
    SettingError {
        name,
        problem: fault.to_string(),
        hint: fault.hint(),
    }
}
