//! Bringing a standing on by what was counted since it was read, without reading again.

use std::sync::Arc;

use super::{
    super::{PollOption, voter::VoterKey},
    Asked, Standing,
};
use crate::id::{OptionId, PollId, QuestionId};

/// What a batch of ballots for one question has changed, once it is committed.
#[derive(Debug, Clone, Default)]
pub(in crate::poll) struct Counted {
    /// The poll, the run and the question; none of these where nothing was counted.
    pub of: Option<(PollId, i32, QuestionId)>,
    /// The revision of the question's results before the batch.
    pub before: i64,
    /// And after it.
    pub after: i64,
    /// How the number of ballots with an answer changes.
    pub voters: i64,
    /// How the number of ballots that skip changes.
    pub skips: i64,
    /// How the number of people with a ballot in the poll changes.
    pub people: i64,
    /// How the tally changes.
    pub tally: Vec<(OptionId, i32, i64)>,
    /// Options that voters wrote in, new with this batch.
    pub written: Vec<PollOption>,
    /// Whose ballots they were, each with whether it stands.
    pub ballots: Vec<(VoterKey, bool)>,
}

/// What came of bringing a standing on.
#[derive(Debug)]
pub(super) enum Brought {
    /// It says more now.
    On(Standing),
    /// It said so already.
    Already,
    /// Something is missing in between; it should be read again.
    Gap,
}

impl Standing {
    pub(super) fn with(&self, counted: &Counted) -> Brought {
        let Some((_, run, question)) = counted.of else {
            return Brought::Already;
        };
        let known = self
            .questions
            .iter()
            .position(|asked| asked.question.id == question);
        let (Some(place), true) = (known, self.run() == run) else {
            return Brought::Gap;
        };
        let head = self.questions[place].head;
        if counted.before == counted.after {
            // No revision tells whether these people are among the standing's.
            return if counted.people == 0 {
                Brought::Already
            } else {
                Brought::Gap
            };
        }
        if head.revision >= counted.after {
            return Brought::Already;
        }
        if head.revision != counted.before {
            return Brought::Gap;
        }
        let mut next = self.clone();
        next.voter_count += counted.people;
        match next.questions[place].add(counted) {
            Some(()) => Brought::On(next),
            None => Brought::Gap,
        }
    }
}

impl Asked {
    /// None where the tally counts an option that is not known here.
    fn add(&mut self, counted: &Counted) -> Option<()> {
        self.results = Default::default();
        if !counted.written.is_empty() {
            let options = Arc::make_mut(&mut self.options);
            options.extend(counted.written.iter().cloned());
            options.sort_by_key(|option| (option.position, option.id));
        }
        for &(option, value, change) in &counted.tally {
            let place = self
                .counts
                .binary_search_by_key(&(option, value), |&(option, value, _)| (option, value));
            match place {
                Ok(place) => self.counts[place].2 += change,
                Err(place) => {
                    if !self.options.iter().any(|known| known.id == option) {
                        return None;
                    }
                    self.counts.insert(place, (option, value, change));
                }
            }
        }
        self.head.voter_count += counted.voters;
        self.head.skip_count += counted.skips;
        self.head.revision = counted.after;
        Some(())
    }
}
