//! A `PostgreSQL` of the test's own, which it stops and starts again.

use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use crate::postgres::{as_someone_else, binaries, execute, free_port};

/// How often a server is asked whether it answers, and how long between.
const TRIES: usize = 600;
const PAUSE: Duration = Duration::from_millis(100);

/// A server in a folder of its own; it ends with this.
pub struct Outage {
    folder: TempDir,
    port: u16,
    server: Option<Child>,
}

impl Outage {
    /// A server that answers; none where there are no binaries of `PostgreSQL`.
    ///
    /// # Panics
    /// If the binaries are there and it does not start.
    pub async fn start() -> Option<Self> {
        let binaries = binaries()?;
        let folder = tempfile::tempdir().expect("a folder");
        let mut setup = Command::new(binaries.join("initdb"));
        setup
            .args(["-U", "postgres", "-A", "trust", "--no-sync", "-D"])
            .arg(folder.path().join("data"));
        let made = quietly(&mut setup, folder.path()).status();
        assert!(made.is_ok_and(|status| status.success()), "initdb works");
        let mut outage = Self {
            folder,
            port: free_port(),
            server: None,
        };
        outage.begin().await;
        Some(outage)
    }

    /// The address of its database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts the server, and waits until it answers.
    ///
    /// # Panics
    /// If it does not.
    pub async fn begin(&mut self) {
        let binaries = binaries().expect("they were there");
        let mut server = Command::new(binaries.join("postgres"));
        server
            .arg("-D")
            .arg(self.folder.path().join("data"))
            .args(["-p", &self.port.to_string()])
            .args(["-c", "listen_addresses=127.0.0.1", "-k"])
            .arg(self.folder.path());
        let server = quietly(&mut server, self.folder.path()).spawn();
        self.server = Some(server.expect("it starts"));
        for _ in 0..TRIES {
            let ended = self.server.as_mut().map(Child::try_wait);
            assert!(
                matches!(ended, Some(Ok(None))),
                "PostgreSQL ended: {ended:?}"
            );
            // A connection alone says that it listens; asking waits for a server that does not.
            if tokio::net::TcpStream::connect(("127.0.0.1", self.port))
                .await
                .is_ok()
                && execute(&self.url(), &[]).await.is_ok()
            {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("PostgreSQL does not answer");
    }

    /// Stops the server at once, as if its machine were gone.
    ///
    /// # Panics
    /// If it is not running.
    pub fn stop(&mut self) {
        let mut server = self.server.take().expect("it runs");
        // An immediate shutdown takes its children along, which a kill would leave behind.
        let asked = Command::new("kill")
            .args(["-QUIT", &server.id().to_string()])
            .status();
        assert!(asked.is_ok_and(|status| status.success()), "it is told");
        server.wait().expect("it ends");
    }
}

impl Drop for Outage {
    fn drop(&mut self) {
        if self.server.is_some() {
            self.stop();
        }
    }
}

fn quietly<'a>(command: &'a mut Command, folder: &std::path::Path) -> &'a mut Command {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    as_someone_else(command, folder);
    command
}
