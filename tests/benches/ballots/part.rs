//! What is measured, always in turns, so that whatever else the machine does strikes all alike.

use harness::DatabaseKind;

use super::{
    driver::load::{Outcome, median, send},
    target::{Bare, Ours, is_good},
};

/// How much of it.
pub(crate) struct Plan {
    pub rounds: usize,
    /// Requests of a round and server.
    pub votes: usize,
    /// Ballots in the largest poll.
    pub most: usize,
    pub connections: usize,
    /// What a client asks of a ballot: `contract`, as ours do, results included; or `short`.
    pub operation: String,
}

fn headline(kind: DatabaseKind, what: &str, plan: &Plan) {
    let Plan {
        rounds,
        votes,
        connections,
        operation,
        ..
    } = plan;
    println!(
        "\n{kind:?}, {what}: medians of {rounds} rounds of {votes}, {connections} connections, {operation} operation"
    );
    println!(
        "{:<24}{:>10}{:>10}{:>10}   CPU ms per 1000: server, PostgreSQL, load",
        "", "a second", "p50 ms", "p99 ms"
    );
}

fn tell(name: &str, outcome: &Outcome) {
    let milliseconds = |time: std::time::Duration| time.as_secs_f64() * 1_000.0;
    let [server, database, load] = outcome.cost.map(|seconds| seconds * 1_000.0);
    println!(
        "{name:<24}{:>10.0}{:>10.2}{:>10.2}   {server:.0}, {database:.0}, {load:.0}",
        outcome.rate,
        milliseconds(outcome.p50),
        milliseconds(outcome.p99),
    );
}

/// Ballots a second over so many polls, beside the bare server.
pub(crate) async fn votes(kind: DatabaseKind, what: &str, polls: usize, plan: &Plan) {
    let Some(ours) = Ours::start(kind, polls, 0).await else {
        return;
    };
    let Some(bare) = Bare::start(kind, polls).await else {
        return;
    };
    headline(kind, what, plan);
    let (mut own, mut other) = (Vec::new(), Vec::new());
    // The first round warms up, and is not counted.
    for round in 0..=plan.rounds {
        let requests = bare.ballots(plan.votes);
        let (server, at) = (bare.program.id(), bare.program.address);
        let taken = |answer: &[u8]| answer.starts_with(b"{\"castAt\"");
        let outcome = send(at, plan.connections, &requests, server, taken).await;
        other.extend((round > 0).then_some(outcome));
        let requests = ours.ballots(plan.votes, &plan.operation);
        let (server, at) = (ours.program.id(), ours.program.address);
        let outcome = send(at, plan.connections, &requests, server, is_good).await;
        own.extend((round > 0).then_some(outcome));
    }
    let (own, other) = (median(&own), median(&other));
    tell("bare", &other);
    tell("ours", &own);
    println!("ours / bare: {:.2}", own.rate / other.rate);
    ours.end().await;
    bare.end().await;
}

/// The first ballots of a database that was analysed while it was empty, and the next as many.
pub(crate) async fn fresh(kind: DatabaseKind, plan: &Plan) {
    let (mut first, mut next) = (Vec::new(), Vec::new());
    for round in 0..=plan.rounds {
        let Some(ours) = Ours::start(kind, 1, 0).await else {
            return;
        };
        for half in [&mut first, &mut next] {
            let requests = ours.ballots(plan.votes, &plan.operation);
            let (server, at) = (ours.program.id(), ours.program.address);
            let outcome = send(at, plan.connections, &requests, server, is_good).await;
            half.extend((round > 0).then_some(outcome));
        }
        ours.end().await;
    }
    headline(kind, "a database analysed empty", plan);
    let (first, next) = (median(&first), median(&next));
    tell(&format!("first {}", plan.votes), &first);
    tell(&format!("next {}", plan.votes), &next);
    let ratio = next.rate / first.rate;
    let verdict = if (0.8..=1.25).contains(&ratio) {
        "within"
    } else {
        "NOT within"
    };
    println!("next / first: {ratio:.2}, {verdict} 20 %");
}

/// What a ballot costs as its poll grows.
pub(crate) async fn growth(kind: DatabaseKind, plan: &Plan) {
    let sizes = [plan.most / 100, plan.most / 10, plan.most];
    let mut servers = Vec::new();
    for size in sizes {
        let Some(server) = Ours::start(kind, 1, size).await else {
            return;
        };
        servers.push((size, server, Vec::new()));
    }
    headline(kind, "one poll as it grows", plan);
    for round in 0..=plan.rounds {
        for (_, ours, outcomes) in &mut servers {
            let requests = ours.ballots(plan.votes, &plan.operation);
            let (server, at) = (ours.program.id(), ours.program.address);
            let outcome = send(at, plan.connections, &requests, server, is_good).await;
            outcomes.extend((round > 0).then_some(outcome));
        }
    }
    let mut first = None;
    for (size, server, outcomes) in servers {
        let outcome = median(&outcomes);
        tell(&format!("{size} ballots"), &outcome);
        let first = *first.get_or_insert(outcome.rate);
        println!("  against the smallest: {:.2}", outcome.rate / first);
        server.end().await;
    }
}

/// The results of a small and of a large poll, and a bare reading of a tally.
pub(crate) async fn results(kind: DatabaseKind, plan: &Plan) {
    let Some(bare) = Bare::start(kind, 1).await else {
        return;
    };
    let mut servers = Vec::new();
    for size in [plan.most / 1_000, plan.most] {
        let Some(server) = Ours::start(kind, 1, size).await else {
            return;
        };
        servers.push((size, server, Vec::new()));
    }
    headline(kind, "results", plan);
    let mut other = Vec::new();
    for round in 0..=plan.rounds {
        let requests = Bare::results(plan.votes);
        let (server, at) = (bare.program.id(), bare.program.address);
        let given = |answer: &[u8]| answer.starts_with(b"{\"tally\":[[0");
        let outcome = send(at, plan.connections, &requests, server, given).await;
        other.extend((round > 0).then_some(outcome));
        for (_, ours, outcomes) in &mut servers {
            let requests = ours.results(plan.votes);
            let (server, at) = (ours.program.id(), ours.program.address);
            let outcome = send(at, plan.connections, &requests, server, is_good).await;
            outcomes.extend((round > 0).then_some(outcome));
        }
    }
    let other = median(&other);
    tell("bare SELECT", &other);
    let mut first = None;
    for (size, server, outcomes) in servers {
        let outcome = median(&outcomes);
        tell(&format!("{size} ballots"), &outcome);
        let first = *first.get_or_insert(outcome.rate);
        println!(
            "  against the smallest: {:.2}; against the bare SELECT: {:.2}",
            outcome.rate / first,
            outcome.rate / other.rate
        );
        server.end().await;
    }
    bare.end().await;
}
