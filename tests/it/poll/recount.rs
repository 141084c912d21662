//! What is kept in sums equals what a recount of the ballots finds.

use std::collections::{BTreeMap, BTreeSet};

use entity::{ballot, ballot_event, mark, poll_run, poll_voter, question, question_run, tally};
use harness::TestApp;
use sea_orm::{DatabaseConnection, EntityTrait};

/// Recounts every ballot of every poll and compares it with all that is kept in sums.
pub(super) async fn recount(app: &TestApp) {
    recount_in(app.database.read()).await;
}

/// As [`recount`], in a database that nobody serves.
pub(super) async fn recount_in(connection: &DatabaseConnection) {
    macro_rules! all {
        ($table:ident) => {
            $table::Entity::find()
                .all(connection)
                .await
                .expect(stringify!($table))
        };
    }
    let polls: BTreeMap<_, _> = all!(question)
        .into_iter()
        .map(|row| (row.id, row.poll_id))
        .collect();
    let ballots = all!(ballot);
    let standing: BTreeMap<_, _> = ballots
        .iter()
        .filter(|row| row.retracted_at.is_none())
        .map(|row| (row.id, row))
        .collect();

    let mut counted = BTreeMap::new();
    for row in all!(mark) {
        let ballot = standing
            .get(&row.ballot_id)
            .expect("only a ballot that stands has marks");
        assert!(!ballot.skipped, "a ballot that skips has no marks");
        let key = (ballot.question_id, ballot.run, row.option_id, row.value);
        *counted.entry(key).or_insert(0) += 1;
    }
    let kept: BTreeMap<_, i64> = all!(tally)
        .into_iter()
        .filter(|row| row.ballots != 0)
        .map(|row| {
            let key = (row.question_id, row.run, row.option_id, row.value);
            (key, row.ballots)
        })
        .collect();
    assert_eq!(kept, counted, "the tally (left) and the marks (right)");

    for head in all!(question_run) {
        let count = |skipped: bool| {
            let its = standing.values().filter(|row| {
                row.question_id == head.question_id && row.run == head.run && row.skipped == skipped
            });
            i64::try_from(its.count()).expect("a count")
        };
        assert_eq!(head.voter_count, count(false), "voters of a question");
        assert_eq!(head.skip_count, count(true), "skips of a question");
    }

    let mut people = BTreeMap::new();
    for row in standing.values() {
        let key = (polls[&row.question_id], row.run, row.voter_key.clone());
        *people.entry(key).or_insert(0) += 1;
    }
    let kept: BTreeMap<_, i64> = all!(poll_voter)
        .into_iter()
        .filter(|row| row.ballot_count != 0)
        .map(|row| ((row.poll_id, row.run, row.voter_key), row.ballot_count))
        .collect();
    assert_eq!(kept, people, "ballots of each voter");
    for run in all!(poll_run) {
        let voters = people
            .keys()
            .filter(|(poll, number, _)| *poll == run.poll_id && *number == run.run);
        let voters = i64::try_from(voters.count()).expect("a count");
        assert_eq!(run.voter_count, voters, "voters of a poll");
    }

    let voters: BTreeSet<_> = ballots
        .iter()
        .map(|row| (row.question_id, row.run, &row.voter_key))
        .collect();
    assert_eq!(voters.len(), ballots.len(), "one ballot a voter");
    let mut events: BTreeMap<_, Vec<i32>> = BTreeMap::new();
    for row in all!(ballot_event) {
        events.entry(row.ballot_id).or_default().push(row.sequence);
    }
    for row in &ballots {
        let sequence = events.get_mut(&row.id).expect("a ballot has events");
        sequence.sort_unstable();
        let expected: Vec<i32> = (1..=row.event_count).collect();
        assert_eq!(*sequence, expected, "events without a gap");
    }
}
