//! Splitting results by how ballots came in and by how sure it is who cast them, without a
//! database.

mod cache;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    Assurance, Channel, PollOption, Question, QuestionResults,
    results::{self, Count, Head},
};
use crate::id::OptionId;

pub(super) use cache::SplitCache;

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

/// The ballots of a question in one run by channel and assurance, as they were counted.
#[derive(Debug)]
pub(super) struct SplitCount {
    pub run: i32,
    /// The revision of the results that the ballots add up to, or one shortly before.
    pub revision: i64,
    parts: Vec<Part>,
    public: PublicGroups,
}

/// The groups of both splits that the public sees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct PublicGroups {
    channels: BTreeSet<Channel>,
    assurances: BTreeSet<Assurance>,
}

impl SplitCount {
    pub(super) fn new(run: i32, revision: i64, parts: Vec<Part>) -> Self {
        Self {
            run,
            revision,
            public: PublicGroups::of(&parts),
            parts,
        }
    }

    /// Returns the split with the results of each group; `revealed` shows what is right, `whole`
    /// the groups that the public does not see as well.
    pub(super) fn read(
        &self,
        question: &Question,
        revealed: bool,
        options: &[PollOption],
        whole: bool,
    ) -> Split {
        let read = |group: Part| {
            let head = Head {
                revision: self.revision,
                ..group.head
            };
            let options = options.to_vec();
            Arc::new(results::read(
                question,
                revealed,
                head,
                options,
                &group.counts,
            ))
        };
        let channels = grouped(&self.parts, |part| part.channel);
        let assurances = grouped(&self.parts, |part| part.assurance);
        Split {
            by_channel: channels
                .into_iter()
                .map(|(channel, group)| {
                    let is_shown = whole || self.public.channels.contains(&channel);
                    (channel, is_shown.then(|| read(group)))
                })
                .collect(),
            by_assurance: assurances
                .into_iter()
                .map(|(assurance, group)| {
                    let is_shown = whole || self.public.assurances.contains(&assurance);
                    (assurance, is_shown.then(|| read(group)))
                })
                .collect(),
        }
    }
}

fn grouped<K: Ord>(parts: &[Part], key: impl Fn(&Part) -> K) -> BTreeMap<K, Part> {
    let mut groups = BTreeMap::new();
    for part in parts {
        groups
            .entry(key(part))
            .or_insert_with(|| Part::new(part.channel, part.assurance))
            .add(part);
    }
    groups
}

impl PublicGroups {
    /// Chooses the groups that the public sees.
    ///
    /// The two splits are the margins of one table, channels by assurances, and whoever knows
    /// some margins and the total knows their differences. So the groups that are not shown are
    /// merged, channels with channels and assurances with assurances, and every cell of the
    /// merged table must hold no ballot or [`SMALLEST`]: then even the whole merged table, from
    /// which everything published follows, says nothing of fewer.
    ///
    /// Of the choices that hold this, the one that shows the most ballots is taken. One that
    /// shows as many as another is not: which of the two was taken would tell by its name which
    /// group is the small one.
    fn of(parts: &[Part]) -> Self {
        let channels: Vec<Channel> = grouped(parts, |part| part.channel).into_keys().collect();
        let assurances: Vec<Assurance> =
            grouped(parts, |part| part.assurance).into_keys().collect();
        let mut choices: BTreeMap<Reverse<(i64, usize)>, Vec<Self>> = BTreeMap::new();
        for channels in subsets(&channels) {
            for assurances in subsets(&assurances) {
                let choice = Self {
                    channels: channels.clone(),
                    assurances,
                };
                if choice.hides_small_groups(parts) {
                    let shown = Reverse(choice.shown(parts));
                    choices.entry(shown).or_default().push(choice);
                }
            }
        }
        let unique = choices.into_values().find(|choices| choices.len() == 1);
        unique
            .and_then(|mut choices| choices.pop())
            .unwrap_or_default()
    }

    /// Returns if no cell of the merged table holds a few ballots.
    fn hides_small_groups(&self, parts: &[Part]) -> bool {
        let mut cells: BTreeMap<(Option<Channel>, Option<Assurance>), i64> = BTreeMap::new();
        for part in parts {
            let channel = self.channels.get(&part.channel).copied();
            let assurance = self.assurances.get(&part.assurance).copied();
            *cells.entry((channel, assurance)).or_default() += part.ballots();
        }
        cells
            .values()
            .all(|ballots| !(1..SMALLEST).contains(ballots))
    }

    /// Returns how many ballots the shown groups of both splits hold, and how many groups.
    fn shown(&self, parts: &[Part]) -> (i64, usize) {
        let ballots = |part: &Part| {
            let times = i64::from(self.channels.contains(&part.channel))
                + i64::from(self.assurances.contains(&part.assurance));
            times * part.ballots()
        };
        let groups = self.channels.len() + self.assurances.len();
        (parts.iter().map(ballots).sum(), groups)
    }
}

/// Returns every subset; there are five channels and five assurances at most.
fn subsets<T: Copy + Ord>(all: &[T]) -> impl Iterator<Item = BTreeSet<T>> + '_ {
    (0..1_u32 << all.len()).map(|chosen| {
        let places = all.iter().enumerate();
        let is_in = |place: usize| chosen & (1 << place) != 0;
        places
            .filter(|(place, _)| is_in(*place))
            .map(|(_, one)| *one)
            .collect()
    })
}

#[cfg(test)]
mod tests;
