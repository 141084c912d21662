//! The program as its operators see it: health, figures, the log, and how it ends.

mod check;
mod demo;
mod end;
mod log;
mod lost_file;
mod outage;
mod postgres;
mod proxies;
mod secrets;
mod settings;
mod silent;
mod traces;

use std::{
    net::SocketAddr,
    path::Path,
    process::{Command, Output, Stdio},
    sync::Arc,
    time::Duration,
};

use domain::{
    Actor, Locale, Role, Roles, Services, Settings,
    account::{AccountDraft, PasswordCost},
    clock::{SharedClock, SystemClock},
    database::{self, Database},
    mail::Mailer,
};
use harness::{SITE, Wire, program::command};

const BINARY: &str = env!("CARGO_BIN_EXE_jij-under-test");
/// Longer than anything here takes, also on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(2);
/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(50);

/// `jij serve` on this database, with what the test sets beside it.
fn serve(database_url: &str, settings: &[(&str, &str)]) -> Command {
    let mut serve = command(BINARY, database_url, &["serve"]);
    serve.envs(settings.iter().copied());
    serve
}

/// Runs a command to its end.
fn run(mut command: Command) -> Output {
    let ended = command.stdin(Stdio::null()).output();
    ended.expect("the program starts")
}

/// All that a command said.
fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// A migrated database with an account that may do everything.
async fn prepare(url: &str, email: &str, password: &str) -> Services {
    let settings = database::Settings {
        url: url.to_owned(),
        connections: 2,
    };
    let database = Database::connect(&settings).await.expect("it connects");
    migration::up(database.writer()).await.expect("it migrates");
    let clock: SharedClock = Arc::new(SystemClock);
    let settings = Settings {
        password_cost: PasswordCost::LEAST,
        ..Settings::new(SITE, Mailer::memory())
    };
    let services = Services::new(&database, &clock, settings).await;
    let services = services.expect("services");
    let draft = AccountDraft {
        email: email.to_owned(),
        password: password.into(),
        display_name: "An Smit".to_owned(),
        locale: Locale::Nl,
    };
    let roles = Roles::new([Role::Resident]);
    services
        .accounts
        .create(&Actor::System, draft, roles)
        .await
        .expect("an account");
    services
}

fn sqlite(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("jij.sqlite3").display())
}

/// The status and body of a page, on a connection of its own; none where nobody answers.
async fn page(address: SocketAddr, path: &str) -> Option<(u16, String)> {
    let mut wire = Wire::connect(address).await.ok()?;
    wire.status(path).await.ok()
}

/// Waits until a page answers with this status; gives its body.
async fn wait_for(address: SocketAddr, path: &str, status: u16) -> String {
    let waiting = async {
        loop {
            match page(address, path).await {
                Some((found, body)) if found == status => return body,
                _ => tokio::time::sleep(PAUSE).await,
            }
        }
    };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .unwrap_or_else(|_| panic!("{path} never answered {status}"))
}
