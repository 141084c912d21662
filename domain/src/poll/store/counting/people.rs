//! Writing how many people have a ballot in a poll's run, and how many ballots it refused.

use std::collections::{BTreeMap, HashMap};

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::super::{
    super::voter::VoterKey,
    rows::{Kind, Rows},
};
use crate::{clock::Instant, id::PollId};

#[derive(FromQueryResult)]
struct Person {
    poll_id: PollId,
    run: i32,
    voter_key: VoterKey,
    ballot_count: i64,
}

#[derive(FromQueryResult)]
struct People {
    poll_id: PollId,
    run: i32,
    voter_count: i64,
}

/// A voter of a poll's run.
type PersonKey = (PollId, i32, VoterKey);

/// The number of people with a ballot in a poll's run.
type VoterCounts = HashMap<(PollId, i32), i64>;

/// Counts each voter's ballots, and with them the people who have one; gives how many have one
/// now, where that changed, and who had none before.
pub(in crate::poll) async fn add_people(
    connection: &impl ConnectionTrait,
    changes: BTreeMap<PersonKey, i64>,
) -> Result<(VoterCounts, Vec<PersonKey>), DbErr> {
    let rows = changes.iter().map(|((poll, run, voter), change)| {
        [
            poll.0.into(),
            (*run).into(),
            voter.clone().into(),
            (*change).into(),
        ]
    });
    let kinds = [Kind::Uuid, Kind::Integer, Kind::Bytes, Kind::Number];
    let voters: Vec<Person> = Rows::new(kinds, rows)
        .query(
            connection,
            "INSERT INTO poll_voter (poll_id, run, voter_key, ballot_count) {rows} \
             ON CONFLICT (poll_id, run, voter_key) \
             DO UPDATE SET ballot_count = poll_voter.ballot_count + excluded.ballot_count \
             RETURNING poll_id, run, voter_key, ballot_count",
        )
        .await?;
    let mut people: BTreeMap<(PollId, i32), i64> = BTreeMap::new();
    let mut new = Vec::new();
    for voter in voters {
        let place = (voter.poll_id, voter.run);
        let (after, key) = (voter.ballot_count, (place.0, place.1, voter.voter_key));
        let before = after - changes.get(&key).copied().unwrap_or(0);
        *people.entry(place).or_default() += i64::from(after > 0) - i64::from(before > 0);
        if before == 0 {
            new.push(key);
        }
    }
    people.retain(|_, change| *change != 0);
    let counts = people.into_iter().map(|(place, change)| (place, change, 0));
    let counts = add_to_runs(connection, counts).await?;
    let counts = counts.into_iter();
    let people = counts.map(|row| ((row.poll_id, row.run), row.voter_count));
    Ok((people.collect(), new))
}

/// Counts the ballots that limits of new voters refused.
pub(super) async fn add_refused(
    connection: &impl ConnectionTrait,
    refused: BTreeMap<(PollId, i32), i64>,
) -> Result<(), DbErr> {
    let refused = refused
        .into_iter()
        .map(|(place, ballots)| (place, 0, ballots));
    add_to_runs(connection, refused).await?;
    Ok(())
}

/// Adds voters and refused ballots to polls' runs, and returns the former as they are now.
async fn add_to_runs(
    connection: &impl ConnectionTrait,
    changes: impl Iterator<Item = ((PollId, i32), i64, i64)>,
) -> Result<Vec<People>, DbErr> {
    let rows = changes.map(|((poll, run), voters, refused)| {
        [
            poll.0.into(),
            run.into(),
            Instant::UNIX_EPOCH.into(),
            voters.max(0).into(),
            (-voters).max(0).into(),
            refused.into(),
        ]
    });
    let kinds = [
        Kind::Uuid,
        Kind::Integer,
        Kind::Instant,
        Kind::Number,
        Kind::Number,
        Kind::Number,
    ];
    // The run is always there: an upsert finds it by its key, whatever the planner guesses. What it
    // proposes is never inserted, and yet held against the table's checks, so that fewer voters
    // stand where no count may be below 0.
    Rows::new(kinds, rows)
        .query(
            connection,
            "INSERT INTO poll_run (poll_id, run, started_at, voter_count, participant_peak, \
             refused_ballots) {rows} \
             ON CONFLICT (poll_id, run) DO UPDATE SET \
             voter_count = poll_run.voter_count + excluded.voter_count \
             - excluded.participant_peak, \
             refused_ballots = poll_run.refused_ballots + excluded.refused_ballots \
             RETURNING poll_id, run, voter_count",
        )
        .await
}
