//! Counting: what a batch of castings changes, without a database.
//!
//! A [`Ledger`] starts from what the voters of a batch have on record, takes the castings one by
//! one in order, each seeing what those before it did, and ends as a [`Settlement`]: the net
//! change, written in as few statements for a thousand castings in a hundred polls as for one.
//! There is no other way to count: ballots share a batch with those that wait beside them.

mod decide;
mod way;

use std::collections::{BTreeMap, HashMap};

use super::{
    Ballot, Mark,
    new_voters::NetworkKey,
    results::{Count, Head},
    voter::VoterKey,
};
use crate::{
    clock::Instant,
    id::{AccountId, BallotId, OptionId, PollId, QuestionId},
};

pub(super) use decide::{Answer, Ask, Record, Request, Written};
pub(super) use way::Way;

pub(super) use entity::ballot_event::BallotEventKind;

/// Where one ballot belongs, and no other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Seat {
    pub poll: PollId,
    pub run: i32,
    pub question: QuestionId,
    pub voter: VoterKey,
}

/// One voter's request, as it was admitted.
#[derive(Debug, Clone)]
pub(super) struct Casting {
    /// Who votes, and on what.
    pub seat: Seat,
    /// What they ask.
    pub act: Act,
    /// When.
    pub at: Instant,
    /// The request's name, unique on the ballot.
    pub idempotency_key: String,
    /// What they ask, as 32 bytes.
    pub digest: Vec<u8>,
    /// How it came in.
    pub way: Way,
    /// What they wrote beside the option for other answers.
    pub other_text: Option<String>,
}

/// What a voter asks; each option at most once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    /// These marks and no others.
    Replace(Vec<Mark>),
    /// These marks, beside those that other options have.
    Amend(Vec<Mark>),
    /// No mark, on the record.
    Skip,
    /// No ballot any more.
    Retract,
}

/// A ballot on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    pub id: BallotId,
    pub cast_at: Instant,
    pub changed_at: Option<Instant>,
    pub retracted_at: Option<Instant>,
    pub skipped: bool,
    pub way: Way,
    pub event_count: i32,
    pub marks: BTreeMap<OptionId, i32>,
    pub other_text: Option<String>,
}

/// An event of a ballot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    pub ballot: BallotId,
    pub sequence: i32,
    pub kind: BallotEventKind,
    pub at: Instant,
    pub idempotency_key: String,
    pub digest: Vec<u8>,
}

/// What the voters of a batch have on record, and what the batch makes of it.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    before: HashMap<Seat, Held>,
    after: BTreeMap<Seat, Held>,
    seen: HashMap<(BallotId, String), Event>,
    /// Events of earlier runs, by question, voter and name.
    earlier: HashMap<(QuestionId, VoterKey, String), Event>,
    events: Vec<Event>,
}

/// The net change of a batch, every list in the order of its table's key: whoever writes, writes
/// in the same order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Settlement {
    /// Texts that become options.
    pub written: Vec<Written>,
    /// How many ballots of each account have such a text.
    pub writers: BTreeMap<AccountId, i64>,
    /// Ballots to add or overwrite.
    pub ballots: Vec<(Seat, Held)>,
    /// Marks to add or overwrite.
    pub marks: Vec<(BallotId, Mark)>,
    /// Marks to take away.
    pub erased: Vec<(BallotId, OptionId)>,
    /// Events to add.
    pub events: Vec<Event>,
    /// What changes of each question's results, by question and run; only where something does.
    pub changes: BTreeMap<(QuestionId, i32), Change>,
    /// How many more ballots each voter of a poll's run has; never 0.
    pub people: BTreeMap<(PollId, i32, VoterKey), i64>,
    /// The networks of voters who may be new to a poll's run.
    pub networks: BTreeMap<(PollId, i32, VoterKey), NetworkKey>,
    /// The ballots of a poll's run that were refused because too many new voters came from one
    /// network.
    pub refused: BTreeMap<(PollId, i32), i64>,
}

/// What changes of a question's results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    /// The poll of the question.
    pub poll: PollId,
    /// How the number of ballots with an answer changes.
    pub voters: i64,
    /// How the number of ballots that skip changes.
    pub skips: i64,
    /// How the tally changes, by option and value; never by 0.
    pub tally: BTreeMap<(OptionId, i32), i64>,
}

/// What a batch made of a question's results: once it is on disk, whoever holds the results of
/// the revision before `head` has those of `head` by adding `tally`.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    /// The poll of the question.
    pub poll: PollId,
    /// The question.
    pub question: QuestionId,
    /// The run.
    pub run: i32,
    /// The head as it is now; its revision is one more than before.
    pub head: Head,
    /// How many people have a ballot in the poll's run now; absent where that did not change.
    pub people: Option<i64>,
    /// How many more ballots give an option a value.
    pub tally: Vec<Count>,
}

impl Held {
    /// Whether it counts: it is not retracted.
    pub(super) fn stands(&self) -> bool {
        self.retracted_at.is_none()
    }

    /// The ballot as others see it.
    pub(super) fn ballot(&self, question: QuestionId) -> Ballot {
        Ballot {
            id: self.id,
            question,
            cast_at: self.cast_at,
            changed_at: self.changed_at,
            skipped: self.skipped,
            marks: self
                .marks
                .iter()
                .map(|(&option, &value)| Mark { option, value })
                .collect(),
            other_text: self.other_text.clone(),
        }
    }

    /// A ballot without marks, cast at `at`.
    #[cfg(test)]
    pub(super) fn test(at: Instant) -> Self {
        Self {
            id: BallotId::new(at),
            cast_at: at,
            changed_at: None,
            retracted_at: None,
            skipped: false,
            way: Way::TEST,
            event_count: 1,
            marks: BTreeMap::new(),
            other_text: None,
        }
    }

    fn answers(&self) -> i64 {
        i64::from(self.stands() && !self.skipped)
    }

    fn skips(&self) -> i64 {
        i64::from(self.stands() && self.skipped)
    }
}

impl Ledger {
    /// A ledger of the batch's voters' ballots, and of those of their events that bear an
    /// idempotency key of the batch; `earlier` are such events of earlier runs.
    pub(super) fn new(
        held: HashMap<Seat, Held>,
        seen: impl IntoIterator<Item = Event>,
        earlier: impl IntoIterator<Item = (QuestionId, VoterKey, Event)>,
    ) -> Self {
        Self {
            before: held,
            after: BTreeMap::new(),
            seen: seen
                .into_iter()
                .map(|event| ((event.ballot, event.idempotency_key.clone()), event))
                .collect(),
            earlier: earlier
                .into_iter()
                .map(|(question, voter, event)| {
                    ((question, voter, event.idempotency_key.clone()), event)
                })
                .collect(),
            events: Vec::new(),
        }
    }

    /// The voter's ballot as it is now, retracted or not.
    pub(super) fn held(&self, seat: &Seat) -> Option<&Held> {
        self.after.get(seat).or_else(|| self.before.get(seat))
    }

    /// What came of the voter's request of this name, if it was taken before.
    pub(super) fn seen(&self, seat: &Seat, idempotency_key: &str) -> Option<&Event> {
        let name = idempotency_key.to_owned();
        let ballot = self.held(seat).map(|held| (held.id, name.clone()));
        let here = ballot.and_then(|ballot| self.seen.get(&ballot));
        here.or_else(|| self.earlier.get(&(seat.question, seat.voter.clone(), name)))
    }

    /// Takes a casting whose key was not [`seen`](Self::seen), and gives the ballot that it
    /// leaves; none where a voter retracts what is not there.
    pub(super) fn take(&mut self, casting: Casting) -> Option<&Held> {
        let stood = self.held(&casting.seat).is_some_and(Held::stands);
        if casting.act == Act::Retract && !stood {
            return None;
        }
        let held = self
            .after
            .remove(&casting.seat)
            .or_else(|| self.before.get(&casting.seat).cloned());
        let mut ballot = held.unwrap_or_else(|| Held {
            id: BallotId::new(casting.at),
            cast_at: casting.at,
            changed_at: None,
            retracted_at: None,
            skipped: false,
            way: casting.way,
            event_count: 0,
            marks: BTreeMap::new(),
            other_text: None,
        });
        let kind = match (&casting.act, stood) {
            (Act::Retract, _) => BallotEventKind::Retracted,
            (_, true) => BallotEventKind::Changed,
            (_, false) => BallotEventKind::Cast,
        };
        match kind {
            BallotEventKind::Cast => {
                ballot.cast_at = casting.at;
                ballot.changed_at = None;
                ballot.retracted_at = None;
            }
            BallotEventKind::Changed => ballot.changed_at = Some(casting.at),
            BallotEventKind::Retracted => ballot.retracted_at = Some(casting.at),
        }
        if !matches!(casting.act, Act::Amend(_)) {
            ballot.marks.clear();
        }
        ballot.skipped = casting.act == Act::Skip;
        if let Act::Replace(marks) | Act::Amend(marks) = casting.act {
            ballot
                .marks
                .extend(marks.into_iter().map(|mark| (mark.option, mark.value)));
        }
        ballot.other_text = casting.other_text;
        ballot.way = casting.way;
        ballot.event_count += 1;
        let event = Event {
            ballot: ballot.id,
            sequence: ballot.event_count,
            kind,
            at: casting.at,
            idempotency_key: casting.idempotency_key,
            digest: casting.digest,
        };
        self.seen
            .insert((event.ballot, event.idempotency_key.clone()), event.clone());
        self.events.push(event);
        self.after.insert(casting.seat.clone(), ballot);
        self.after.get(&casting.seat)
    }

    /// The net change since the ledger began, or since it was last settled: from here on it
    /// goes by what is written now.
    pub(super) fn settle(&mut self) -> Settlement {
        let mut settlement = Settlement {
            events: std::mem::take(&mut self.events),
            ..Settlement::default()
        };
        settlement
            .events
            .sort_unstable_by_key(|event| (event.ballot, event.sequence));
        for (seat, after) in std::mem::take(&mut self.after) {
            settlement.count(&seat, self.before.get(&seat), &after);
            settlement.ballots.push((seat.clone(), after.clone()));
            self.before.insert(seat, after);
        }
        settlement
            .marks
            .sort_unstable_by_key(|(ballot, mark)| (*ballot, mark.option));
        settlement.erased.sort_unstable();
        for change in settlement.changes.values_mut() {
            change.tally.retain(|_, ballots| *ballots != 0);
        }
        settlement.changes.retain(|_, change| change.is_any());
        settlement.people.retain(|_, ballots| *ballots != 0);
        settlement
    }
}

impl Settlement {
    fn count(&mut self, seat: &Seat, before: Option<&Held>, after: &Held) {
        let change = self
            .changes
            .entry((seat.question, seat.run))
            .or_insert_with(|| Change {
                poll: seat.poll,
                voters: 0,
                skips: 0,
                tally: BTreeMap::new(),
            });
        let none = BTreeMap::new();
        let marked = before.map_or(&none, |before| &before.marks);
        for (&option, &value) in marked {
            if after.marks.get(&option) != Some(&value) {
                *change.tally.entry((option, value)).or_default() -= 1;
            }
            if !after.marks.contains_key(&option) {
                self.erased.push((after.id, option));
            }
        }
        for (&option, &value) in &after.marks {
            if marked.get(&option) != Some(&value) {
                *change.tally.entry((option, value)).or_default() += 1;
                self.marks.push((after.id, Mark { option, value }));
            }
        }
        change.voters += after.answers() - before.map_or(0, Held::answers);
        change.skips += after.skips() - before.map_or(0, Held::skips);
        let people = i64::from(after.stands()) - i64::from(before.is_some_and(Held::stands));
        if people != 0 {
            let person = (seat.poll, seat.run, seat.voter.clone());
            *self.people.entry(person).or_default() += people;
        }
    }

    /// Whether there is nothing to write.
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.refused.is_empty()
    }
}

impl Change {
    /// Whether the results are no longer what they were.
    fn is_any(&self) -> bool {
        !self.tally.is_empty() || self.voters != 0 || self.skips != 0
    }
}

#[cfg(test)]
mod tests;
