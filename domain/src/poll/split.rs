//! Splitting results by how ballots came in and by how sure it is who cast them, without a
//! database.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Assurance, Channel, PollOption, Question, QuestionResults,
    results::{self, Count, Head},
};
use crate::id::OptionId;

/// The fewest ballots of a group whose results the public sees: fewer may point at people.
const SMALLEST: i64 = 5;

/// The ballots of one channel and assurance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub channel: Channel,
    pub assurance: Assurance,
    pub head: Head,
    pub counts: Vec<Count>,
}

/// The results of a question by groups of ballots; groups without ballots are absent.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// By how the ballots came in.
    pub by_channel: Vec<(Channel, Option<Arc<QuestionResults>>)>,
    /// By how sure it is who cast them.
    pub by_assurance: Vec<(Assurance, Option<Arc<QuestionResults>>)>,
}

impl Part {
    pub(super) fn new(channel: Channel, assurance: Assurance) -> Self {
        Self {
            channel,
            assurance,
            head: Head::default(),
            counts: Vec::new(),
        }
    }

    fn ballots(&self) -> i64 {
        self.head.voter_count + self.head.skip_count
    }

    /// Adds the ballots of another part; one row an option and value, as in a tally.
    fn add(&mut self, other: &Self) {
        self.head.voter_count += other.head.voter_count;
        self.head.skip_count += other.head.skip_count;
        let mut counts: BTreeMap<(OptionId, i32), i64> = BTreeMap::new();
        for &(option, value, count) in self.counts.iter().chain(&other.counts) {
            *counts.entry((option, value)).or_default() += count;
        }
        self.counts = counts
            .into_iter()
            .map(|((option, value), count)| (option, value, count))
            .collect();
    }
}

/// The split of a question's results at this revision; `whole` shows small groups as well.
pub(super) fn split(
    question: &Question,
    revision: i64,
    options: &[PollOption],
    parts: &[Part],
    whole: bool,
) -> Split {
    let read = |group: Part| {
        let head = Head {
            revision,
            ..group.head
        };
        results::read(question.kind, head, options.to_vec(), &group.counts)
    };
    Split {
        by_channel: grouped(parts, |part| part.channel, whole, read),
        by_assurance: grouped(parts, |part| part.assurance, whole, read),
    }
}

fn grouped<K: Ord>(
    parts: &[Part],
    key: impl Fn(&Part) -> K,
    whole: bool,
    read: impl Fn(Part) -> QuestionResults,
) -> Vec<(K, Option<Arc<QuestionResults>>)> {
    let mut groups: BTreeMap<K, Part> = BTreeMap::new();
    for part in parts {
        groups
            .entry(key(part))
            .or_insert_with(|| Part::new(part.channel, part.assurance))
            .add(part);
    }
    let sizes: Vec<i64> = groups.values().map(Part::ballots).collect();
    let held = held_back(&sizes);
    groups
        .into_iter()
        .zip(held)
        .map(|((key, group), held)| (key, (whole || !held).then(|| Arc::new(read(group)))))
        .collect()
}

/// Which groups of these sizes the public does not see: the small ones, and as many of the next
/// smallest as it takes that the whole less what is shown says nothing of a few.
fn held_back(sizes: &[i64]) -> Vec<bool> {
    let mut held: Vec<bool> = sizes.iter().map(|size| *size < SMALLEST).collect();
    loop {
        let together: i64 = sizes
            .iter()
            .zip(&held)
            .filter(|(_, held)| **held)
            .map(|(size, _)| size)
            .sum();
        let next = (0..sizes.len())
            .filter(|group| !held[*group])
            .min_by_key(|group| sizes[*group]);
        match next {
            Some(next) if (1..SMALLEST).contains(&together) => held[next] = true,
            _ => return held,
        }
    }
}

#[cfg(test)]
mod tests;
