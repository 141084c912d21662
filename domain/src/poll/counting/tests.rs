//! Any sequence of castings, in batches of any size, adds up to what a recount finds.

use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn option(number: u8) -> OptionId {
    OptionId(Uuid::from_u128(u128::from(number)))
}

/// The seat of a voter: the odd ones answer another question of the same poll.
fn seat(number: u8) -> Seat {
    Seat {
        poll: PollId(Uuid::nil()),
        run: 1,
        question: QuestionId(Uuid::from_u128(u128::from(number % 2))),
        voter: VoterKey(vec![number / 2; 32]),
    }
}

fn at(second: usize) -> Instant {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(i64::try_from(second).unwrap())
}

fn casting(number: u8, act: Act, second: usize) -> Casting {
    Casting {
        seat: seat(number),
        act,
        at: at(second),
        idempotency_key: format!("key {second}"),
        digest: vec![0; 32],
        way: Way::TEST,
        other_text: None,
    }
}

fn marks(marks: &[(u8, i32)]) -> Vec<Mark> {
    marks
        .iter()
        .map(|&(number, value)| Mark {
            option: option(number),
            value,
        })
        .collect()
}

/// Whether a voter skips, and their marks.
type Plain = (bool, BTreeMap<OptionId, i32>);

/// The tables, as far as counting writes them.
#[derive(Debug, Default)]
struct Tables {
    ballots: HashMap<Seat, Held>,
    events: Vec<Event>,
    tally: BTreeMap<(QuestionId, OptionId, i32), i64>,
    /// Voters, skips and revision.
    heads: BTreeMap<QuestionId, (i64, i64, u64)>,
    people: BTreeMap<VoterKey, i64>,
}

impl Tables {
    fn ledger(&self) -> Ledger {
        Ledger::new(self.ballots.clone(), self.events.clone(), [])
    }

    fn settle(&mut self, settlement: Settlement) {
        let mut stored: BTreeMap<(BallotId, OptionId), i32> = self
            .ballots
            .values()
            .flat_map(|held| {
                held.marks
                    .iter()
                    .map(|(option, value)| ((held.id, *option), *value))
            })
            .collect();
        for erased in &settlement.erased {
            assert!(stored.remove(erased).is_some());
        }
        for (ballot, mark) in &settlement.marks {
            stored.insert((*ballot, mark.option), mark.value);
        }
        for (seat, held) in settlement.ballots {
            let its: BTreeMap<OptionId, i32> = stored
                .iter()
                .filter(|((ballot, _), _)| *ballot == held.id)
                .map(|((_, option), value)| (*option, *value))
                .collect();
            assert_eq!(its, held.marks, "the marks written are those of the ballot");
            self.ballots.insert(seat, held);
        }
        for event in settlement.events {
            let taken = |other: &Event| {
                other.ballot == event.ballot
                    && (other.sequence == event.sequence
                        || other.idempotency_key == event.idempotency_key)
            };
            assert!(!self.events.iter().any(taken), "{event:?} is not unique");
            self.events.push(event);
        }
        for ((question, run), change) in settlement.changes {
            assert!(change.is_any() && run == 1);
            let (voters, skips, revision) = self.heads.entry(question).or_default();
            *voters += change.voters;
            *skips += change.skips;
            *revision += 1;
            for ((option, value), ballots) in change.tally {
                assert_ne!(ballots, 0);
                *self.tally.entry((question, option, value)).or_default() += ballots;
            }
        }
        for ((_, _, voter), change) in settlement.people {
            assert_ne!(change, 0);
            *self.people.entry(voter).or_default() += change;
        }
    }

    fn recount(&self) {
        let standing = || self.ballots.iter().filter(|(_, held)| held.stands());
        let mut tally: BTreeMap<(QuestionId, OptionId, i32), i64> = BTreeMap::new();
        let mut heads: BTreeMap<QuestionId, (i64, i64)> = BTreeMap::new();
        let mut people: BTreeMap<VoterKey, i64> = BTreeMap::new();
        for (seat, held) in standing() {
            for (&option, &value) in &held.marks {
                *tally.entry((seat.question, option, value)).or_default() += 1;
            }
            let (voters, skips) = heads.entry(seat.question).or_default();
            *(if held.skipped { skips } else { voters }) += 1;
            *people.entry(seat.voter.clone()).or_default() += 1;
        }
        let mut counted = self.tally.clone();
        counted.retain(|_, count| *count != 0);
        assert_eq!(counted, tally);
        let mut counted: BTreeMap<_, _> = self
            .heads
            .iter()
            .map(|(question, (voters, skips, _))| (*question, (*voters, *skips)))
            .collect();
        counted.retain(|_, head| *head != (0, 0));
        assert_eq!(counted, heads);
        let mut counted = self.people.clone();
        counted.retain(|_, ballots| *ballots != 0);
        assert_eq!(counted, people);
        let empty = |held: &Held| held.stands() || held.marks.is_empty();
        assert!(self.ballots.values().all(empty));
    }
}

fn acts() -> impl Strategy<Value = Act> {
    let some = || {
        prop::collection::btree_map(0..6_u8, -1..=1_i32, 0..5)
            .prop_map(|chosen| marks(&chosen.into_iter().collect::<Vec<_>>()))
    };
    prop_oneof![
        4 => some().prop_map(Act::Replace),
        3 => some().prop_map(Act::Amend),
        1 => Just(Act::Skip),
        2 => Just(Act::Retract),
    ]
}

proptest! {
    #[test]
    fn any_sequence_equals_a_recount(
        requests in prop::collection::vec((0..5_u8, acts(), any::<bool>()), 0..80),
        size in 1..30_usize,
    ) {
        let mut tables = Tables::default();
        // The plainest way to do the same: each voter's marks, one request after the other.
        let mut plain: HashMap<Seat, Option<Plain>> = HashMap::new();
        let mut second = 0;
        for batch in requests.chunks(size) {
            let mut ledger = tables.ledger();
            for (number, act, retried) in batch {
                second += 1;
                let request = casting(*number, act.clone(), second);
                let copies = if *retried { 2 } else { 1 };
                for _ in 0..copies {
                    if ledger.seen(&request.seat, &request.idempotency_key).is_none() {
                        ledger.take(request.clone());
                    }
                }
                let entry = plain.entry(seat(*number)).or_default();
                match act.clone() {
                    Act::Replace(chosen) => {
                        *entry = Some((false, chosen.iter().map(|mark| (mark.option, mark.value)).collect()));
                    }
                    Act::Amend(chosen) => {
                        let (skipped, marks) = entry.get_or_insert_default();
                        *skipped = false;
                        marks.extend(chosen.iter().map(|mark| (mark.option, mark.value)));
                    }
                    Act::Skip => *entry = Some((true, BTreeMap::new())),
                    Act::Retract => *entry = None,
                }
            }
            tables.settle(ledger.settle());
            tables.recount();
        }
        for (seat, expected) in plain {
            let stands = tables.ballots.get(&seat).filter(|held| held.stands());
            let found = stands.map(|held| (held.skipped, held.marks.clone()));
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn the_size_of_the_batch_does_not_matter(
        requests in prop::collection::vec((0..4_u8, acts()), 0..40),
    ) {
        let count = |size: usize| {
            let mut tables = Tables::default();
            let mut second = 0;
            for batch in requests.chunks(size) {
                let mut ledger = tables.ledger();
                for (number, act) in batch {
                    second += 1;
                    ledger.take(casting(*number, act.clone(), second));
                }
                tables.settle(ledger.settle());
            }
            tables.tally.retain(|_, count| *count != 0);
            let kinds: Vec<_> = tables.events.iter().map(|event| (event.kind, event.at)).collect();
            let mut kinds = kinds;
            kinds.sort_unstable_by_key(|(_, at)| *at);
            (tables.tally, tables.heads.into_iter().map(|(question, (voters, skips, _))| (question, voters, skips)).filter(|(_, voters, skips)| (*voters, *skips) != (0, 0)).collect::<Vec<_>>(), tables.people.into_iter().filter(|(_, n)| *n != 0).collect::<Vec<_>>(), kinds)
        };
        prop_assert_eq!(count(1), count(1_000));
        prop_assert_eq!(count(3), count(1_000));
    }
}

const QUESTION: QuestionId = QuestionId(Uuid::from_u128(1));

#[test]
fn a_ballot_is_counted_once_and_its_history_kept() {
    let mut tables = Tables::default();
    let mut ledger = tables.ledger();
    ledger.take(casting(1, Act::Replace(marks(&[(1, 1)])), 1));
    ledger.take(casting(1, Act::Replace(marks(&[(2, 1)])), 2));
    tables.settle(ledger.settle());
    assert_eq!(tables.tally.get(&(QUESTION, option(1), 1)), None);
    assert_eq!(tables.tally[&(QUESTION, option(2), 1)], 1);
    assert_eq!(tables.heads[&QUESTION], (1, 0, 1));
    let kinds: Vec<_> = tables.events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [BallotEventKind::Cast, BallotEventKind::Changed]);
    let held = &tables.ballots[&seat(1)];
    assert_eq!((held.cast_at, held.changed_at), (at(1), Some(at(2))));
}

#[test]
fn the_same_again_changes_no_result() {
    let mut tables = Tables::default();
    let mut ledger = tables.ledger();
    ledger.take(casting(1, Act::Replace(marks(&[(1, 1)])), 1));
    tables.settle(ledger.settle());
    let mut ledger = tables.ledger();
    ledger.take(casting(1, Act::Replace(marks(&[(1, 1)])), 2));
    let settlement = ledger.settle();
    assert!(settlement.changes.is_empty());
    assert!(settlement.marks.is_empty() && settlement.people.is_empty());
    assert_eq!(settlement.events.len(), 1);
}

#[test]
fn retracting_and_casting_again_keeps_one_ballot() {
    let mut tables = Tables::default();
    let mut ledger = tables.ledger();
    ledger.take(casting(1, Act::Replace(marks(&[(1, 1), (2, 1)])), 1));
    tables.settle(ledger.settle());
    let id = tables.ballots[&seat(1)].id;
    let mut ledger = tables.ledger();
    assert!(ledger.take(casting(1, Act::Retract, 2)).is_some());
    assert!(ledger.take(casting(1, Act::Retract, 3)).is_none());
    tables.settle(ledger.settle());
    tables.recount();
    assert_eq!(tables.heads[&QUESTION], (0, 0, 2));
    let mut ledger = tables.ledger();
    ledger.take(casting(1, Act::Skip, 4));
    tables.settle(ledger.settle());
    tables.recount();
    let held = &tables.ballots[&seat(1)];
    assert_eq!((held.id, held.cast_at, held.changed_at), (id, at(4), None));
    assert_eq!(tables.heads[&QUESTION], (0, 1, 3));
}

#[test]
fn who_has_no_ballot_has_nothing_to_retract() {
    let mut ledger = Ledger::default();
    assert!(ledger.take(casting(1, Act::Retract, 1)).is_none());
    assert!(ledger.settle().is_empty());
}

#[test]
fn a_ledger_goes_on_from_where_it_was_settled() {
    let mut tables = Tables::default();
    let mut ledger = Ledger::default();
    for (second, chosen) in [(1, [(1, 1), (2, 1)]), (2, [(2, 1), (3, -1)])] {
        ledger.take(casting(1, Act::Amend(marks(&chosen)), second));
        ledger.take(casting(2, Act::Replace(marks(&chosen)), second));
        tables.settle(ledger.settle());
        tables.recount();
    }
    assert!(ledger.settle().is_empty());
    assert_eq!(tables.ballots[&seat(1)].marks.len(), 3);
    assert_eq!(tables.ballots[&seat(2)].marks.len(), 2);
}

#[test]
fn what_is_written_is_in_the_order_of_its_keys() {
    let mut ledger = Ledger::default();
    for number in [9, 3, 7, 1, 8] {
        ledger.take(casting(number, Act::Replace(marks(&[(4, 1), (2, 1)])), 1));
    }
    let settlement = ledger.settle();
    assert!(
        settlement
            .ballots
            .is_sorted_by_key(|(seat, _)| seat.clone())
    );
    assert!(
        settlement
            .marks
            .is_sorted_by_key(|(ballot, mark)| (*ballot, mark.option))
    );
    assert!(
        settlement
            .events
            .is_sorted_by_key(|event| (event.ballot, event.sequence))
    );
}
