//! The database, its folder and the clock.

use std::{
    fs::{self, OpenOptions},
    io,
    path::Path,
};

use domain::{
    clock::{Clock, SystemClock},
    database::Database,
};

use super::{
    super::{Failure, serve},
    report::Report,
};
use crate::settings::SettingWarning;

/// The most seconds that the clocks of this machine and the server may differ.
const MOST_LEAD: i64 = 5;
const CLOCK_HINT: &str = "set it by a time service, such as systemd-timesyncd or chrony";

pub(super) async fn check(
    report: &mut Report,
    serve: &serve::ServeArguments,
) -> Result<(), Failure> {
    let settings = &serve.database;
    let name = settings.name();
    let Some(missing) = report.read(settings.missing_file())? else {
        return Ok(());
    };
    if let Some(file) = missing
        && !serve.site.is_public()
    {
        return new_file(report, name, &file);
    }
    let Some(database) = report.read(settings.connect().await)? else {
        return Ok(());
    };
    let checked = connected(report, name, &database).await;
    if let Err(fault) = database.close().await {
        report.failed(name, fault, "look at the database's own log")?;
    }
    checked
}

/// A file that is not there yet: a server for a trial makes it.
fn new_file(report: &mut Report, name: &'static str, file: &Path) -> Result<(), Failure> {
    match try_folder(file) {
        Ok(()) => report.warning(&SettingWarning {
            name: name.into(),
            problem: format!("there is no file {}", file.display()).into(),
            hint: "`jij serve` makes a new, empty database there; mend the path if there should be one".into(),
        }),
        Err(error) => report.failed(
            name,
            format!("the file {} cannot be made: {error}", file.display()),
            "a folder in which this user may make files",
        ),
    }
}

/// Makes a file in the nearest folder above that is there, and removes it.
fn try_folder(file: &Path) -> io::Result<()> {
    let mut above = file.ancestors().skip(1);
    let folder = above
        .find(|folder| folder.exists())
        .unwrap_or(Path::new("."));
    let trial = folder.join(format!(".jij-check-{}", std::process::id()));
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&trial)?;
    fs::remove_file(trial)
}

async fn connected(
    report: &mut Report,
    name: &'static str,
    database: &Database,
) -> Result<(), Failure> {
    let kind = if database.is_embedded() {
        "SQLite"
    } else {
        "PostgreSQL"
    };
    let pending = match migration::pending(database.writer()).await {
        Ok(pending) => pending.len(),
        Err(fault) => {
            return report.failed(
                name,
                fault,
                "a database of this version or an older one, that this user may read",
            );
        }
    };
    if pending > 0 && !database.is_embedded() {
        return report.failed(
            name,
            format!("{kind} answers, and the database is behind by {pending} migrations"),
            "run `jij migrate`",
        );
    }
    if pending == 0
        && let Err(fault) = database.try_writing().await
    {
        return report.failed(
            name,
            format!("{kind} answers, and may not be written: {fault}"),
            "a user who may change the tables, on a server that is no standby",
        );
    }
    let shape = match pending {
        0 => "every migration has run".to_owned(),
        some => format!("the next start runs {some} migrations"),
    };
    report.ok(name, format!("{kind} answers and may be written; {shape}"))?;
    clock(report, database, pending).await
}

/// Compares the clock with what the database knows of the time.
async fn clock(report: &mut Report, database: &Database, pending: usize) -> Result<(), Failure> {
    let now = SystemClock.now();
    let said = now.format("%Y-%m-%d %H:%M:%S UTC");
    let migrated_at = match pending {
        0 => database.migrated_at().await?,
        _ => None,
    };
    if migrated_at.is_some_and(|at| at > now) {
        return report.failed(
            "clock",
            format!("{said} is before the newest migration was run"),
            CLOCK_HINT,
        );
    }
    let lead = database.clock_lead(|| SystemClock.now()).await?;
    match lead.map(|lead| lead.num_seconds()) {
        Some(seconds) if seconds.abs() > MOST_LEAD => report.warning(&SettingWarning {
            name: "clock".into(),
            problem: format!("{said} is {seconds} s before the database server's").into(),
            hint: CLOCK_HINT.into(),
        }),
        _ => report.ok("clock", said),
    }
}
