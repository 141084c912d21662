//! What a run found.

use std::time::{Duration, Instant};

use harness::DatabaseKind;

use super::{seen::Seen, server::Metered, votes::Acknowledged};

pub(crate) struct Run<'a> {
    pub kind: DatabaseKind,
    pub visibility: &'a str,
    /// What those who watch are called.
    pub watchers: &'a str,
    /// How long the room took to come in.
    pub filled: Duration,
    pub bytes_each: f64,
    /// What was done from the first ballot to the last sight.
    pub metered: Metered,
    pub votes: i64,
    pub ballots: Vec<Acknowledged>,
    pub seen: Vec<Seen>,
}

pub(crate) fn tell(run: &Run<'_>) {
    let dropped = run.seen.iter().filter(|seen| !seen.stayed).count();
    let right = run
        .seen
        .iter()
        .filter(|seen| {
            seen.states
                .last()
                .is_some_and(|(votes, _)| *votes == run.votes)
        })
        .count();
    let back = run
        .seen
        .iter()
        .filter(|seen| seen.states.is_sorted_by_key(|(votes, _)| *votes))
        .count();
    let states: usize = run.seen.iter().map(|seen| seen.states.len()).sum();
    println!(
        "{:?}, {}: {} {} in {:.1} s, {:.1} KiB each while idle",
        run.kind,
        run.visibility,
        run.seen.len(),
        run.watchers,
        run.filled.as_secs_f64(),
        run.bytes_each / 1_024.0
    );
    println!(
        "  {dropped} dropped, {right} end on the right result, {back} never saw a step back, {:.1} states each",
        states as f64 / run.seen.len() as f64
    );
    let mut took: Vec<Duration> = run.ballots.iter().map(|ballot| ballot.took).collect();
    took.sort_unstable();
    let (first, last) = (run.ballots.first(), run.ballots.last());
    if let (Some(first), Some(last)) = (first, last) {
        let rate = run.ballots.len() as f64 / (last.at - first.at).as_secs_f64();
        println!(
            "  {} ballots, {rate:.0} a second, answered in p50 {:.1} ms, p99 {:.1} ms",
            run.ballots.len(),
            milliseconds(part(&took, 0.50)),
            milliseconds(part(&took, 0.99)),
        );
    }
    let sights = sights(run);
    println!(
        "  from a ballot's answer to the last one's sight: p50 {:.0} ms, p99 {:.0} ms, most {:.0} ms",
        milliseconds(part(&sights, 0.50)),
        milliseconds(part(&sights, 0.99)),
        milliseconds(part(&sights, 1.0)),
    );
    let metered = &run.metered;
    println!(
        "  meanwhile the server worked {:.2} cores, and this process {:.2}",
        metered.server, metered.own,
    );
    println!(
        "  ballots were counted in {:.0} batches; {:.0} states were made, and sent {:.0} times",
        metered.batches, metered.made, metered.sent,
    );
}

/// For each ballot the time from its answer until the last of the room saw a state that counts
/// it; those who never did are told apart above. Where its voter may not see how many voted with
/// it, that is taken to be as many as were answered.
fn sights(run: &Run<'_>) -> Vec<Duration> {
    let mut ballots: Vec<(i64, Instant)> = run
        .ballots
        .iter()
        .zip(1..)
        .map(|(ballot, place)| (ballot.counted.unwrap_or(place), ballot.at))
        .collect();
    ballots.sort_unstable();
    let mut last: Vec<Option<Instant>> = vec![None; ballots.len()];
    for seen in &run.seen {
        let mut states = seen.states.iter().peekable();
        for ((votes, _), last) in ballots.iter().zip(&mut last) {
            while states.next_if(|(counted, _)| counted < votes).is_some() {}
            match states.peek() {
                Some((_, at)) => *last = Some(last.map_or(*at, |last| last.max(*at))),
                None => break,
            }
        }
    }
    let mut sights: Vec<Duration> = ballots
        .iter()
        .zip(last)
        .filter_map(|((_, at), last)| Some(last?.saturating_duration_since(*at)))
        .collect();
    sights.sort_unstable();
    sights
}

fn part(sorted: &[Duration], part: f64) -> Duration {
    let place = ((sorted.len() as f64 * part).ceil() as usize).clamp(1, sorted.len().max(1)) - 1;
    sorted.get(place).copied().unwrap_or_default()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
