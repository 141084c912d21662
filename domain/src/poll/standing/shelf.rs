//! Where standings are kept: a bounded number of them, each read by one for all who ask.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::TimeDelta;
use tokio::sync::{Mutex as Gate, OwnedMutexGuard};

use super::{super::counting::Counted, Standing, counted::Brought};
use crate::{
    Result,
    clock::{Instant, SharedClock},
    database::Database,
    id::{PollId, QuestionId},
    poll::store,
};

/// How many polls are kept; the one that was not asked for longest makes room.
const POLLS: usize = 512;
/// How long a standing is kept that nothing was heard about: another process may have written.
const AGE: TimeDelta = TimeDelta::seconds(2);

/// The standings that this process keeps.
pub(in crate::poll) struct Standings {
    database: Database,
    clock: SharedClock,
    shelf: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    slots: HashMap<PollId, Slot>,
    /// Which poll a question belongs to, which never changes.
    polls: HashMap<QuestionId, PollId>,
    /// Which poll has an address, which never changes either.
    addresses: HashMap<String, PollId>,
    /// Goes up with every use.
    uses: u64,
}

#[derive(Default)]
struct Slot {
    /// Who reads holds it; the others wait here.
    gate: Arc<Gate<()>>,
    kept: Option<Kept>,
    /// Goes up when what is kept is no longer right, so that a reading that began before is not
    /// kept after it.
    generation: u64,
    /// What was counted while a reading is under way; none while none is.
    meanwhile: Option<Vec<Counted>>,
    questions: Vec<QuestionId>,
    slug: String,
    used: u64,
}

struct Kept {
    standing: Arc<Standing>,
    /// When it was read.
    at: Instant,
}

impl Kept {
    fn is_fresh(&self, now: Instant) -> bool {
        let age = now - self.at;
        age >= TimeDelta::zero() && age < AGE
    }
}

/// Readings under way: whatever becomes of them, they end.
struct Readings<'a> {
    standings: &'a Standings,
    /// Each with the generation at its beginning.
    begun: Vec<(PollId, u64)>,
    _gates: Vec<OwnedMutexGuard<()>>,
}

impl Drop for Readings<'_> {
    fn drop(&mut self) {
        let mut held = self.standings.shelf();
        for (poll, _) in &self.begun {
            if let Some(slot) = held.slots.get_mut(poll) {
                slot.meanwhile = None;
            }
        }
    }
}

impl Standings {
    pub(in crate::poll) fn new(database: Database, clock: SharedClock) -> Self {
        Self {
            database,
            clock,
            shelf: Mutex::default(),
        }
    }

    /// The standings of these polls, from memory where they are kept; those that are not there
    /// are read together. A poll that does not exist is left out.
    pub(in crate::poll) async fn of(
        &self,
        polls: impl IntoIterator<Item = PollId>,
    ) -> Result<HashMap<PollId, Arc<Standing>>> {
        let (mut found, missing) = self.shelf().look(polls, self.clock.now());
        if missing.is_empty() {
            return Ok(found);
        }
        // In the order of their ids: nobody waits in a ring.
        let mut gates = Vec::with_capacity(missing.len());
        for gate in missing.values() {
            gates.push(Arc::clone(gate).lock_owned().await);
        }
        let now = self.clock.now();
        let readings = Readings {
            begun: self.shelf().begin(missing.into_keys(), now, &mut found),
            standings: self,
            _gates: gates,
        };
        if readings.begun.is_empty() {
            return Ok(found);
        }
        let asked: Vec<PollId> = readings.begun.iter().map(|(poll, _)| *poll).collect();
        let mut read = store::standing::read(self.database.read(), &asked, now).await?;
        let mut held = self.shelf();
        for &(poll, generation) in &readings.begun {
            match read.remove(&poll) {
                None => held.remove(poll),
                Some(standing) => {
                    found.insert(poll, held.keep(standing, generation, now));
                }
            }
        }
        held.make_room();
        drop(held);
        Ok(found)
    }

    /// The standing of a poll; none where there is no such poll.
    pub(in crate::poll) async fn one(&self, poll: PollId) -> Result<Option<Arc<Standing>>> {
        Ok(self.of([poll]).await?.remove(&poll))
    }

    /// Those of the standings that are kept.
    pub(in crate::poll) fn kept(&self, polls: &[PollId]) -> Vec<Arc<Standing>> {
        let now = self.clock.now();
        let mut held = self.shelf();
        held.uses += 1;
        let used = held.uses;
        let mut found = Vec::new();
        for poll in polls {
            if let Some(slot) = held.slots.get_mut(poll) {
                slot.used = used;
                let kept = slot.kept.as_ref().filter(|kept| kept.is_fresh(now));
                found.extend(kept.map(|kept| Arc::clone(&kept.standing)));
            }
        }
        found
    }

    /// The standing of the poll with this address, if it is kept.
    pub(in crate::poll) fn kept_at(&self, slug: &str) -> Option<Arc<Standing>> {
        self.kept(&[self.at(slug)?]).pop()
    }

    /// The poll with this address, if it was kept lately.
    pub(in crate::poll) fn at(&self, slug: &str) -> Option<PollId> {
        self.shelf().addresses.get(slug).copied()
    }

    /// The polls of these questions; a question that does not exist is left out.
    pub(in crate::poll) async fn polls_of(
        &self,
        questions: &[QuestionId],
    ) -> Result<HashMap<QuestionId, PollId>> {
        let mut found = HashMap::with_capacity(questions.len());
        {
            let held = self.shelf();
            for question in questions {
                if let Some(poll) = held.polls.get(question) {
                    found.insert(*question, *poll);
                }
            }
        }
        let missing: Vec<QuestionId> = questions
            .iter()
            .copied()
            .filter(|question| !found.contains_key(question))
            .collect();
        if !missing.is_empty() {
            found.extend(store::standing::polls_of(self.database.read(), &missing).await?);
        }
        Ok(found)
    }

    /// What is kept of a poll is no longer right.
    pub(in crate::poll) fn forget(&self, poll: PollId) {
        if let Some(slot) = self.shelf().slots.get_mut(&poll) {
            slot.generation += 1;
            slot.kept = None;
        }
    }

    /// Brings on what is kept of a poll, or forgets it where something is missing in between.
    pub(in crate::poll) fn bring_on(&self, counted: Counted) {
        let mut held = self.shelf();
        let Some(slot) = held.slots.get_mut(&counted.poll) else {
            return;
        };
        if let Some(kept) = &mut slot.kept {
            match kept.standing.with(&counted) {
                Brought::On(standing) => kept.standing = Arc::new(standing),
                Brought::Already => {}
                Brought::Gap => slot.kept = None,
            }
        }
        if let Some(meanwhile) = &mut slot.meanwhile {
            meanwhile.push(counted);
        }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    /// What is kept, and the gates to what is not.
    #[expect(clippy::type_complexity, reason = "two maps, for one caller")]
    fn look(
        &mut self,
        polls: impl IntoIterator<Item = PollId>,
        now: Instant,
    ) -> (
        HashMap<PollId, Arc<Standing>>,
        BTreeMap<PollId, Arc<Gate<()>>>,
    ) {
        let (mut found, mut missing) = (HashMap::new(), BTreeMap::new());
        for poll in polls {
            self.uses += 1;
            let slot = self.slots.entry(poll).or_default();
            slot.used = self.uses;
            match &slot.kept {
                Some(kept) if kept.is_fresh(now) => {
                    found.insert(poll, Arc::clone(&kept.standing));
                }
                _ => {
                    missing.insert(poll, Arc::clone(&slot.gate));
                }
            }
        }
        (found, missing)
    }

    /// Begins to read those that nobody has read while we waited.
    fn begin(
        &mut self,
        polls: impl IntoIterator<Item = PollId>,
        now: Instant,
        found: &mut HashMap<PollId, Arc<Standing>>,
    ) -> Vec<(PollId, u64)> {
        let mut begun = Vec::new();
        for poll in polls {
            let slot = self.slots.entry(poll).or_default();
            match &slot.kept {
                Some(kept) if kept.is_fresh(now) => {
                    found.insert(poll, Arc::clone(&kept.standing));
                }
                _ => {
                    slot.meanwhile = Some(Vec::new());
                    begun.push((poll, slot.generation));
                }
            }
        }
        begun
    }

    /// Keeps what was read, brought on by what was counted meanwhile, unless something else has
    /// changed since; gives what is newest.
    fn keep(&mut self, standing: Standing, generation: u64, at: Instant) -> Arc<Standing> {
        let poll = standing.id();
        let questions: Vec<QuestionId> = standing.questions().map(|question| question.id).collect();
        let read = Arc::new(standing);
        let Some(slot) = self.slots.get_mut(&poll) else {
            return read;
        };
        let mut standing = Arc::clone(&read);
        for counted in slot.meanwhile.take().unwrap_or_default() {
            match standing.with(&counted) {
                Brought::On(next) => standing = Arc::new(next),
                Brought::Already => {}
                Brought::Gap => return read,
            }
        }
        if slot.generation != generation {
            return read;
        }
        slot.kept = Some(Kept {
            standing: Arc::clone(&standing),
            at,
        });
        standing.slug().clone_into(&mut slot.slug);
        self.addresses.insert(slot.slug.clone(), poll);
        let before = std::mem::replace(&mut slot.questions, questions.clone());
        for question in before {
            self.polls.remove(&question);
        }
        for question in questions {
            self.polls.insert(question, poll);
        }
        standing
    }

    fn remove(&mut self, poll: PollId) {
        if let Some(slot) = self.slots.remove(&poll) {
            self.addresses.remove(&slot.slug);
            for question in slot.questions {
                self.polls.remove(&question);
            }
        }
    }

    /// Lets go of those that were not used for longest; never of one that is being read.
    fn make_room(&mut self) {
        while self.slots.len() > POLLS {
            let oldest = self
                .slots
                .iter()
                .filter(|(_, slot)| Arc::strong_count(&slot.gate) == 1)
                .min_by_key(|(_, slot)| slot.used)
                .map(|(poll, _)| *poll);
            match oldest {
                Some(poll) => self.remove(poll),
                None => return,
            }
        }
    }
}
