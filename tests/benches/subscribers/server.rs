//! The server that is watched: a process of its own, and what it costs.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::{Child, Command, ExitCode, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{
    Services,
    clock::{SharedClock, SystemClock},
    database::{Database, Settings},
    mail::Mailer,
};
use harness::{Persona, SITE, TestApp, Wire, program};
use serde_json::{Value, json};

/// Says that this process may open as many files as the machine lets it.
const RAISED: &str = "JIJ_FILES_RAISED";

/// A server in a process of its own; killed when this is dropped.
pub(crate) struct Server {
    child: Child,
    port: u16,
    figures: SocketAddr,
}

/// What the server and this process do from here on.
pub(crate) struct Meter {
    begun: Instant,
    figures: String,
    server: f64,
    own: f64,
}

/// What they did.
pub(crate) struct Metered {
    /// Cores that the server worked.
    pub server: f64,
    /// Cores that this process worked.
    pub own: f64,
    /// Transactions that ballots were counted in.
    pub batches: f64,
    /// States that were executed and serialised.
    pub made: f64,
    /// States that were handed to someone who watches.
    pub sent: f64,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn has_all_the_files_there_are() -> bool {
    std::env::var_os(RAISED).is_some()
}

/// Runs this program again with as many open files as the machine lets it have, and says how
/// many.
pub(crate) fn with_all_the_files_there_are(arguments: &[String]) -> ExitCode {
    let program = std::env::current_exe().expect("this program");
    let ended = Command::new("sh")
        .arg("-c")
        .arg("ulimit -n $(ulimit -Hn); echo \"open files: $(ulimit -n)\"; exec \"$0\" \"$@\"")
        .arg(program)
        .args(arguments)
        .env(RAISED, "1")
        .status()
        .expect("a shell");
    if ended.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The services on the same database, by the machine's own clock.
pub(crate) async fn services(url: &str) -> Services {
    let database = Database::connect(&Settings {
        url: url.to_owned(),
        connections: 2,
    })
    .await
    .expect("the database");
    let clock: SharedClock = Arc::new(SystemClock);
    Services::new(
        &database,
        &clock,
        domain::Settings::new(SITE, Mailer::memory()),
    )
    .await
    .expect("the services")
}

/// A poll with one question.
pub(crate) async fn poll(app: &TestApp, visibility: &str) -> Value {
    let options: Vec<Value> = (0..4)
        .map(|option| json!({ "label": format!("Antwoord {option}") }))
        .collect();
    let input = json!({
        "title": "Een volle zaal",
        "resultsVisibility": visibility,
        "opensAt": "2020-01-01T00:00:00Z",
        "questions": [{ "kind": "SINGLE", "prompt": "Wat vindt u?", "options": options }],
    });
    let made = app
        .send(Persona::Editor, "PollCreate", json!({ "input": input }))
        .await;
    made.accepted("pollCreate")["poll"].clone()
}

pub(crate) async fn serve(url: &str) -> Server {
    let free = || {
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
    };
    let (port, figures) = (free().port(), free());
    let program = std::env::current_exe().expect("this program");
    let program = program.to_str().expect("a path of letters");
    let child = program::command(program, url, &["serve"])
        .args(["--listen", &format!("0.0.0.0:{port}")])
        // All of them come from this machine.
        .args([
            "--open-networks",
            "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16",
        ])
        .args(["--metrics-listen", &figures.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .expect("the server starts");
    let server = Server {
        child,
        port,
        figures,
    };
    for _ in 0..500 {
        if tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .is_ok()
        {
            return server;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server
}

impl Server {
    /// One of several addresses of this machine: each has ports of its own.
    pub(crate) fn address(&self, number: usize) -> SocketAddr {
        let host = u8::try_from(1 + number % 8).expect("a small number");
        SocketAddr::from((Ipv4Addr::new(127, 0, 0, host), self.port))
    }

    /// What it has in memory, in bytes.
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .expect("Linux says so");
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .expect("Linux says so");
        let kibibytes: u64 = line
            .split_whitespace()
            .nth(1)
            .and_then(|number| number.parse().ok())
            .expect("a number");
        kibibytes * 1_024
    }

    /// Looks from here on at what it does, and this process.
    pub(crate) async fn meter(&self) -> Meter {
        Meter {
            figures: self.figures().await,
            server: program::seconds(self.child.id()),
            own: program::seconds(std::process::id()),
            begun: Instant::now(),
        }
    }

    /// Its figures, as it tells Prometheus.
    async fn figures(&self) -> String {
        let mut wire = Wire::connect(self.figures).await.expect("a connection");
        let figures = wire.get("/metrics").await.expect("figures");
        String::from_utf8(figures).expect("text")
    }
}

impl Meter {
    /// What they did since.
    pub(crate) async fn read(self, server: &Server) -> Metered {
        let took = self.begun.elapsed().as_secs_f64();
        let now = server.meter().await;
        let more = |name| figure(&now.figures, name) - figure(&self.figures, name);
        Metered {
            server: (now.server - self.server) / took,
            own: (now.own - self.own) / took,
            batches: more("jij_ballot_batch_size_count"),
            made: more("jij_states_made_total"),
            sent: more("jij_states_sent_total"),
        }
    }
}

/// A figure without labels; none is nothing yet.
fn figure(figures: &str, name: &str) -> f64 {
    figures
        .lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(known, _)| *known == name)
        .map_or(0.0, |(_, value)| value.parse().expect("a number"))
}
