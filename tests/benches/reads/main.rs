//! Reads a second, beside a bare server on the same `PostgreSQL` database.
//!
//! `cargo bench -p tests --bench reads -- [PART …] [--rounds N] [--requests N] [--connections N]
//! [--stories N] [--comments N] [--accounts N] [--before PROGRAM] [--most N]`
//!
//! Parts: `list` (20 stories with authors and themes), `page` (a story with 20 comments), `thread`
//! (20 comments with their first replies), `polls` (20 polls), and only if it is named `growth`
//! (the list's first and hundredth page as stories grow to `--most`). The servers are processes of
//! their own and take turns; medians are given. With `--before`, an older build of ours takes turns
//! as well. The load is made in this process by one thread over connections that stay open.

// The futures of the schema lie deep in each other.
#![recursion_limit = "256"]
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::panic,
    reason = "a bench measures time, tells what it found, and ends where it cannot go on"
)]

mod bare;
#[path = "../driver/mod.rs"]
mod driver;
mod growth;
mod seed;
mod work;

use std::{path::Path, process::Command};

use driver::load::{Outcome, median, send};
use harness::{Arguments, DatabaseKind, Program, TestDatabase, program};
use seed::Size;
use work::Work;

/// Our server, as the release has it.
const BINARY: &str = env!("CARGO_BIN_EXE_jij-under-test");

/// The size of the measurement.
struct Plan {
    rounds: usize,
    requests: usize,
    connections: usize,
    /// An older build of our server.
    before: Option<String>,
}

fn main() {
    let arguments = Arguments::read();
    if arguments
        .all()
        .first()
        .is_some_and(|first| first == "bare-server")
    {
        bare::main(&arguments.all()[1], &arguments.all()[3]);
        return;
    }
    let named = |part: &str| arguments.has(part);
    let plan = Plan {
        rounds: arguments.number("--rounds", 5),
        requests: arguments.number("--requests", 10_000),
        connections: arguments.number("--connections", 32),
        before: arguments.value("--before").map(str::to_owned),
    };
    let size = Size {
        accounts: arguments.number("--accounts", 20_000),
        stories: arguments.number("--stories", 20_000),
        comments: arguments.number("--comments", 200_000),
        themes: 50,
        polls: 200,
    };
    // One thread makes all the load.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        if named("growth") {
            growth::measure(&plan, size, arguments.number("--most", 1_000_000)).await;
            return;
        }
        let all = work::all(size.stories);
        let any = all.iter().any(|work| named(work.name));
        let wanted: Vec<Work> = all
            .into_iter()
            .filter(|work| !any || named(work.name))
            .collect();
        compare(&plan, size, &wanted).await;
    });
}

/// A server under load.
struct Server {
    name: &'static str,
    program: Program,
    outcomes: Vec<Outcome>,
}

impl Server {
    async fn start(name: &'static str, command: Command) -> Self {
        Self {
            name,
            program: Program::serve(command).await,
            outcomes: Vec::new(),
        }
    }

    async fn ours(name: &'static str, binary: &str, url: &str) -> Self {
        Self::start(name, program::command(binary, url, &["serve"])).await
    }

    async fn bare(url: &str) -> Self {
        let own = std::env::current_exe().expect("this program");
        let mut command = Command::new(Path::new(&own));
        command.args(["bare-server", url]);
        Self::start("bare", command).await
    }

    fn is_bare(&self) -> bool {
        self.name == "bare"
    }

    async fn serve(&self, plan: &Plan, requests: &[Vec<u8>]) -> Outcome {
        let (server, at) = (self.program.id(), self.program.address);
        send(at, plan.connections, requests, server, work::is_good).await
    }
}

/// A new database with this much in it.
async fn database(size: Size) -> Option<TestDatabase> {
    let storage = TestDatabase::create(DatabaseKind::Postgres).await?;
    seed::fill(&storage.url, size).await;
    Some(storage)
}

async fn compare(plan: &Plan, size: Size, wanted: &[Work]) {
    let Some(storage) = database(size).await else {
        return;
    };
    println!(
        "{} stories, {} comments, {} accounts, {} themes; medians of {} rounds of {}, {} connections",
        size.stories,
        size.comments,
        size.accounts,
        size.themes,
        plan.rounds,
        plan.requests,
        plan.connections
    );
    let mut servers = vec![Server::bare(&storage.url).await];
    if let Some(before) = &plan.before {
        servers.push(Server::ours("before", before, &storage.url).await);
    }
    servers.push(Server::ours("ours", BINARY, &storage.url).await);
    for work in wanted {
        for round in 0..=plan.rounds {
            for server in &mut servers {
                let requests = work.requests(server.is_bare(), plan.requests);
                let outcome = server.serve(plan, &requests).await;
                // The first round warms up, and is not counted.
                server.outcomes.extend((round > 0).then_some(outcome));
            }
        }
        headline(work.title);
        let mut bare = None;
        for server in &mut servers {
            let outcome = median(&std::mem::take(&mut server.outcomes));
            let bare = *bare.get_or_insert(outcome.rate);
            tell(server.name, &outcome, outcome.rate / bare);
        }
    }
    drop(servers);
    storage.remove().await;
}

fn headline(what: &str) {
    println!(
        "\n{what}\n{:<24}{:>10}{:>8}{:>10}{:>10}   CPU ms per 1000: server, PostgreSQL, load",
        "", "a second", "ratio", "p50 ms", "p99 ms"
    );
}

fn tell(name: &str, outcome: &Outcome, ratio: f64) {
    let milliseconds = |time: std::time::Duration| time.as_secs_f64() * 1_000.0;
    let [server, database, load] = outcome.cost.map(|seconds| seconds * 1_000.0);
    println!(
        "{name:<24}{:>10.0}{ratio:>8.2}{:>10.2}{:>10.2}   {server:.0}, {database:.0}, {load:.0}",
        outcome.rate,
        milliseconds(outcome.p50),
        milliseconds(outcome.p99),
    );
}
