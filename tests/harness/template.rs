//! Databases for tests: migrated once a run, then copied for each test.

use std::{
    path::PathBuf,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use domain::database::{Database, Settings};
use sea_orm::ConnectionTrait;
use tempfile::TempDir;

use crate::{missing, postgres};

/// A kind of database that the platform runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseKind {
    /// Embedded.
    Sqlite,
    /// A server.
    Postgres,
}

/// A database that lives as long as this value.
pub struct TestDatabase {
    /// Its address.
    pub url: String,
    kind: Life,
}

enum Life {
    Folder { _folder: TempDir },
    Server { name: String },
}

/// Two connections are enough for a test, and `PostgreSQL` has a hundred for all of them.
pub(crate) const CONNECTIONS: u32 = 4;

static COUNTER: AtomicU32 = AtomicU32::new(0);

impl TestDatabase {
    /// A migrated database; none where this kind cannot be had.
    ///
    /// # Panics
    /// If the template cannot be made or copied.
    pub async fn create(kind: DatabaseKind) -> Option<Self> {
        match kind {
            DatabaseKind::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let file = folder.path().join("test.sqlite3");
                std::fs::copy(sqlite_template(), &file).expect("a copy of the template");
                Some(Self {
                    url: format!("sqlite://{}", file.display()),
                    kind: Life::Folder { _folder: folder },
                })
            }
            DatabaseKind::Postgres => Self::on_server(|ours| ours.name.clone()).await,
        }
    }

    /// A copy of a template on the server; none where there is no server.
    async fn on_server(template: impl Fn(&PostgresTemplate) -> String) -> Option<Self> {
        let Some(ours) = postgres_template() else {
            missing("PostgreSQL", "only SQLite was tested");
            return None;
        };
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}_{number}", postgres::prefix());
        let template = template(ours);
        postgres::execute(
            &ours.server,
            &[format!("CREATE DATABASE {name} TEMPLATE {template}")],
        )
        .await
        .expect("a copy of the template");
        Some(Self {
            url: postgres::with_database(&ours.server, &name),
            kind: Life::Server { name },
        })
    }

    /// A database without a table, not even made where it is a file; none where this kind cannot
    /// be had.
    ///
    /// # Panics
    /// If it cannot be made.
    pub async fn create_empty(kind: DatabaseKind) -> Option<Self> {
        match kind {
            DatabaseKind::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let file = folder.path().join("new").join("test.sqlite3");
                Some(Self {
                    url: format!("sqlite://{}", file.display()),
                    kind: Life::Folder { _folder: folder },
                })
            }
            DatabaseKind::Postgres => Self::on_server(|_| "template0".to_owned()).await,
        }
    }

    /// Removes what is left of the database.
    ///
    /// # Panics
    /// If it cannot be removed.
    pub async fn remove(self) {
        if let (Life::Server { name }, Some(template)) = (&self.kind, postgres_template()) {
            postgres::execute(
                &template.server,
                &[format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")],
            )
            .await
            .expect("the test's database is dropped");
        }
    }
}

struct PostgresTemplate {
    server: String,
    name: String,
}

fn postgres_template() -> Option<&'static PostgresTemplate> {
    static TEMPLATE: OnceLock<Option<PostgresTemplate>> = OnceLock::new();
    TEMPLATE
        .get_or_init(|| {
            on_its_own_runtime(async {
                let server = postgres::server().await?;
                postgres::remove_left_over(&server).await;
                let name = format!("{}_template", postgres::prefix());
                postgres::execute(&server, &[format!("CREATE DATABASE {name}")])
                    .await
                    .expect("a template can be made");
                migrate(&postgres::with_database(&server, &name)).await;
                Some(PostgresTemplate { server, name })
            })
        })
        .as_ref()
}

fn sqlite_template() -> &'static PathBuf {
    static TEMPLATE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    &TEMPLATE
        .get_or_init(|| {
            on_its_own_runtime(async {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let file = folder.path().join("template.sqlite3");
                migrate(&format!("sqlite://{}", file.display())).await;
                (folder, file)
            })
        })
        .1
}

async fn migrate(url: &str) {
    let database = Database::connect(&Settings {
        url: url.to_owned(),
        connections: 1,
    })
    .await
    .expect("the template connects");
    migration::up(database.writer())
        .await
        .expect("the template migrates");
    if database.is_embedded() {
        database
            .writer()
            .execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)")
            .await
            .expect("everything is in the one file that is copied");
    }
    database
        .close()
        .await
        .expect("nobody else holds the template");
}

/// A test's runtime ends with the test, and connections with it: what all tests share is made on
/// a runtime that does not outlive the making.
fn on_its_own_runtime<T: Send>(work: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        scope
            .spawn(|| {
                tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .expect("a runtime")
                    .block_on(work)
            })
            .join()
            .expect("the making succeeds")
    })
}
