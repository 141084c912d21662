//! Ballots a second, beside a bare server.
//!
//! `cargo bench -p tests --bench ballots -- [PART …] [--rounds N] [--votes N] [--database KIND]`
//!
//! Parts: `fresh` (the first ballots of a new database and the next as many; PostgreSQL), `hot` (one
//! poll, 128 connections), `hundred` (a hundred polls), `growth` (10 thousand, 100 thousand and a
//! million ballots in the poll), `results` (of a thousand and of a million ballots). On PostgreSQL a
//! database without ballots was analysed empty and is not analysed again: the worst statistics. Each runs the servers as processes of their own, in turns, and gives medians. The
//! load is made in this process by one thread over raw connections that stay open; what it
//! costs stands beside what the servers cost, so that it can be seen not to be the bottleneck.

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
mod part;
mod seed;
mod target;

use harness::Arguments;
use part::Plan;

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
    let wanted = |part: &str| {
        let parts = ["fresh", "hot", "hundred", "growth", "results"];
        let named = |argument: &String| parts.contains(&argument.as_str());
        !arguments.all().iter().any(named) || arguments.has(part)
    };
    let plan = Plan {
        rounds: arguments.number("--rounds", 5),
        votes: arguments.number("--votes", 20_000),
        most: arguments.number("--most", 1_000_000),
        connections: arguments.number("--connections", 128),
        operation: arguments
            .value("--operation")
            .unwrap_or("contract")
            .to_owned(),
    };
    // One thread makes all the load.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        for kind in [
            harness::DatabaseKind::Postgres,
            harness::DatabaseKind::Sqlite,
        ] {
            let name = format!("{kind:?}").to_lowercase();
            if arguments
                .value("--database")
                .is_some_and(|only| only != name)
            {
                continue;
            }
            if wanted("fresh") && kind == harness::DatabaseKind::Postgres {
                part::fresh(kind, &plan).await;
            }
            if wanted("hot") {
                part::votes(kind, "one hot poll", 1, &plan).await;
            }
            if wanted("hundred") {
                part::votes(kind, "a hundred polls", 100, &plan).await;
            }
            if wanted("growth") {
                part::growth(kind, &plan).await;
            }
            if wanted("results") {
                part::results(kind, &plan).await;
            }
        }
    });
}
