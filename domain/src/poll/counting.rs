//! Counting: what a batch of castings changes, without a database.
//!
//! A [`Ledger`] starts from what the voters of a batch have on record, takes the castings one by
//! one in order, each seeing what those before it did, and ends as a [`Settlement`]: the net
//! change, written in as few statements for five hundred castings as for one. There is no other
//! way to count: a ballot over GraphQL is a batch of one, an import sends hundreds at a time.

use std::collections::{BTreeMap, HashMap};

use super::{Assurance, Ballot, Channel, Mark, voter::VoterKey};
use crate::{
    clock::Instant,
    id::{BallotId, OptionId, QuestionId},
};

pub(super) use entity::ballot_event::BallotEventKind;

/// One voter's request, as it was admitted.
#[derive(Debug, Clone)]
pub(super) struct Casting {
    /// Who votes.
    pub voter: VoterKey,
    /// What they ask.
    pub act: Act,
    /// When.
    pub at: Instant,
    /// The request's name, unique on the ballot.
    pub idempotency_key: String,
    /// What they ask, as 32 bytes.
    pub digest: Vec<u8>,
    /// How it came in.
    pub channel: Channel,
    /// How sure it is who asks.
    pub assurance: Assurance,
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
    pub channel: Channel,
    pub assurance: Assurance,
    pub event_count: i32,
    pub marks: BTreeMap<OptionId, i32>,
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

/// What the voters of a batch have on record for one question in one run, and what the batch
/// makes of it.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    before: HashMap<VoterKey, Held>,
    after: BTreeMap<VoterKey, Held>,
    seen: HashMap<(BallotId, String), Event>,
    events: Vec<Event>,
}

/// The net change of a batch.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Settlement {
    /// Ballots to add or overwrite.
    pub ballots: Vec<(VoterKey, Held)>,
    /// Marks to add or overwrite.
    pub marks: Vec<(BallotId, Mark)>,
    /// Marks to take away, by ballot.
    pub erased: Vec<(BallotId, Vec<OptionId>)>,
    /// Events to add.
    pub events: Vec<Event>,
    /// How the tally changes, in the order of its key; never by 0.
    pub tally: BTreeMap<(OptionId, i32), i64>,
    /// How the number of ballots with an answer changes.
    pub voters: i64,
    /// How the number of ballots that skip changes.
    pub skips: i64,
    /// How many more ballots each voter has, 1 or -1, in the order of their keys.
    pub people: BTreeMap<VoterKey, i64>,
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
            other_text: None,
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
            channel: Channel::Site,
            assurance: Assurance::Device,
            event_count: 1,
            marks: BTreeMap::new(),
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
    /// A ledger of what is on record: the batch's voters' ballots, and those of their events
    /// that bear an idempotency key of the batch.
    pub(super) fn new(
        held: HashMap<VoterKey, Held>,
        seen: impl IntoIterator<Item = Event>,
    ) -> Self {
        Self {
            before: held,
            after: BTreeMap::new(),
            seen: seen
                .into_iter()
                .map(|event| ((event.ballot, event.idempotency_key.clone()), event))
                .collect(),
            events: Vec::new(),
        }
    }

    /// The voter's ballot as it is now, retracted or not.
    pub(super) fn held(&self, voter: &VoterKey) -> Option<&Held> {
        self.after.get(voter).or_else(|| self.before.get(voter))
    }

    /// What came of the voter's request of this name, if it was taken before.
    pub(super) fn seen(&self, voter: &VoterKey, idempotency_key: &str) -> Option<&Event> {
        let ballot = self.held(voter)?.id;
        self.seen.get(&(ballot, idempotency_key.to_owned()))
    }

    /// Takes a casting whose key was not [`seen`](Self::seen), and gives the ballot that it
    /// leaves; none where a voter retracts what is not there.
    pub(super) fn take(&mut self, casting: Casting) -> Option<&Held> {
        let held = self.held(&casting.voter).cloned();
        let stood = held.as_ref().is_some_and(Held::stands);
        if casting.act == Act::Retract && !stood {
            return None;
        }
        let mut ballot = held.unwrap_or_else(|| Held {
            id: BallotId::new(casting.at),
            cast_at: casting.at,
            changed_at: None,
            retracted_at: None,
            skipped: false,
            channel: casting.channel,
            assurance: casting.assurance,
            event_count: 0,
            marks: BTreeMap::new(),
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
        ballot.channel = casting.channel;
        ballot.assurance = casting.assurance;
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
        self.after.insert(casting.voter.clone(), ballot);
        self.after.get(&casting.voter)
    }

    /// The net change.
    pub(super) fn settle(mut self) -> Settlement {
        let mut settlement = Settlement {
            events: self.events,
            ..Settlement::default()
        };
        for (voter, after) in self.after {
            let before = self.before.remove(&voter);
            settlement.count(&voter, before.as_ref(), &after);
            settlement.ballots.push((voter, after));
        }
        settlement.tally.retain(|_, change| *change != 0);
        settlement
    }
}

impl Settlement {
    fn count(&mut self, voter: &VoterKey, before: Option<&Held>, after: &Held) {
        let none = BTreeMap::new();
        let marked = before.map_or(&none, |before| &before.marks);
        let mut erased = Vec::new();
        for (&option, &value) in marked {
            if after.marks.get(&option) != Some(&value) {
                *self.tally.entry((option, value)).or_default() -= 1;
            }
            if !after.marks.contains_key(&option) {
                erased.push(option);
            }
        }
        for (&option, &value) in &after.marks {
            if marked.get(&option) != Some(&value) {
                *self.tally.entry((option, value)).or_default() += 1;
                self.marks.push((after.id, Mark { option, value }));
            }
        }
        if !erased.is_empty() {
            self.erased.push((after.id, erased));
        }
        self.voters += after.answers() - before.map_or(0, Held::answers);
        self.skips += after.skips() - before.map_or(0, Held::skips);
        let people = i64::from(after.stands()) - i64::from(before.is_some_and(Held::stands));
        if people != 0 {
            self.people.insert(voter.clone(), people);
        }
    }

    /// Whether the results are no longer what they were.
    pub(super) fn changes_results(&self) -> bool {
        !self.tally.is_empty() || self.voters != 0 || self.skips != 0
    }
}

#[cfg(test)]
mod tests;
