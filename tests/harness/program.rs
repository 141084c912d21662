//! The program as a process of its own.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::{Child, Command, ExitStatus, Output, Stdio},
    time::Duration,
};

use crate::{SITE, Wire};

/// How often a server is asked whether it answers.
const PATIENCE: Duration = Duration::from_millis(20);

/// A server in a process of its own; it is killed when this is dropped.
pub struct Program {
    child: Child,
    /// Where it answers.
    pub address: SocketAddr,
}

impl Program {
    /// Starts `command`, which serves, on a free port, and waits until it answers. The arguments
    /// `--listen ADDRESS:PORT` are added.
    ///
    /// # Panics
    /// If it cannot be started, or ends before it answers.
    pub async fn serve(mut command: Command) -> Self {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .expect("a free port");
        command
            .args(["--listen", &address.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let mut program = Self {
            child: command.spawn().expect("the program starts"),
            address,
        };
        loop {
            if let Ok(mut wire) = Wire::connect(address).await
                && wire.get("/livez").await.is_ok()
            {
                return program;
            }
            let ended = program.child.try_wait().expect("its state");
            assert!(ended.is_none(), "the server ended: {ended:?}");
            tokio::time::sleep(PATIENCE).await;
        }
    }

    /// Ends it at once, as a power cut would: SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().expect("it still ran");
        self.child.wait().expect("it ends");
    }

    /// Asks it to end (SIGTERM).
    ///
    /// # Panics
    /// If it has ended before.
    pub fn ask_to_end(&self) {
        let asked = Command::new("kill")
            .args(["-TERM", &self.id().to_string()])
            .status();
        assert!(asked.is_ok_and(|status| status.success()), "it still ran");
    }

    /// Waits until it has ended by itself.
    ///
    /// # Panics
    /// If its state cannot be had.
    pub async fn ended(mut self) -> ExitStatus {
        loop {
            if let Some(status) = self.child.try_wait().expect("its state") {
                return status;
            }
            tokio::time::sleep(PATIENCE).await;
        }
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program `binary` with a command of ours, on this database.
pub fn command(binary: &str, database_url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary);
    command
        .args(arguments)
        .env_remove("DATABASE_URL_FILE")
        // It is for the tests, and the program would say that no setting has it.
        .env_remove("JIJ_REQUIRE_ALL")
        .env("DATABASE_URL", database_url)
        .env("JIJ_PUBLIC_URL", SITE)
        .env("JIJ_LOG", "error");
    command
}

/// The seconds of a processor that a process has used.
///
/// # Panics
/// If there is no such process, or this is not Linux.
pub fn seconds(process: u32) -> f64 {
    /// Clock ticks of a second, as Linux has them for programs.
    const TICKS: f64 = 100.0;
    let status = fs::read_to_string(format!("/proc/{process}/stat")).expect("Linux says so");
    let (_, fields) = status.rsplit_once(')').expect("a name");
    let ticks = |place: usize| -> f64 {
        let field = fields.split_whitespace().nth(place);
        field.and_then(|field| field.parse().ok()).expect("ticks")
    };
    (ticks(11) + ticks(12)) / TICKS
}

/// What a command of ours said, and how it ended.
///
/// # Panics
/// If it cannot be started.
pub fn output(binary: &str, database_url: &str, arguments: &[&str]) -> Output {
    command(binary, database_url, arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the program starts")
}
