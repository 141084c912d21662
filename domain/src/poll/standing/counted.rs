//! Bringing a standing on by what was counted since it was read, without reading again.

use std::collections::HashSet;

use super::{super::counting::Counted, Asked, Standing};

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
        let known = self
            .questions
            .iter()
            .position(|asked| asked.question.id == counted.question);
        let (Some(place), true) = (known, self.run() == counted.run) else {
            return Brought::Gap;
        };
        let revision = self.questions[place].head.revision;
        if revision >= counted.head.revision {
            return Brought::Already;
        }
        if revision + 1 != counted.head.revision {
            return Brought::Gap;
        }
        let mut next = self.clone();
        if let Some(people) = counted.people {
            next.voter_count = people;
        }
        match next.questions[place].add(counted) {
            Some(()) => Brought::On(next),
            None => Brought::Gap,
        }
    }
}

impl Asked {
    /// None where the tally counts an option that is not known here.
    fn add(&mut self, counted: &Counted) -> Option<()> {
        let mut strange = HashSet::new();
        for &(option, value, change) in &counted.tally {
            let place = self
                .counts
                .binary_search_by_key(&(option, value), |&(option, value, _)| (option, value));
            match place {
                Ok(place) => self.counts[place].2 += change,
                Err(place) => {
                    strange.insert(option);
                    self.counts.insert(place, (option, value, change));
                }
            }
        }
        if !strange.is_empty() {
            for option in &*self.options {
                strange.remove(&option.id);
            }
        }
        self.results = Default::default();
        self.head = counted.head;
        strange.is_empty().then_some(())
    }
}
