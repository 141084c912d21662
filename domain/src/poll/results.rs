//! Results: one reading of the tally for each kind of question.
//!
//! The pure entry is [`read`]: what it needs of the question, its ballots and who asks is passed
//! in, so that it reads from the database and from memory alike.

mod choice;
mod measure;
mod number;
mod ratio;
mod spread;
mod written;

use std::collections::HashMap;

use super::{OptionRole, PollOption, Question, QuestionKind};
use crate::id::OptionId;

pub use ratio::{Ratio, Tenths, grouped};
use ratio::{percentage, percentages};

/// The results of a question in one run.
#[derive(Debug, Clone, PartialEq)]
pub struct QuestionResults {
    /// The kind of question, which says how to read the rest.
    pub kind: QuestionKind,
    /// Goes up whenever the results change.
    pub revision: i64,
    /// How many voters gave an answer; who skipped is not among them.
    pub voter_count: i64,
    /// How many voters skipped.
    pub skip_count: i64,
    /// The options that the actor may see, in the order of the question; what voters wrote by
    /// its voters, the most first, at most 100.
    pub options: Vec<OptionResults>,
    /// The lowest and the highest step or number; none for other kinds.
    pub(super) range: Option<(i32, i32)>,
    /// The number to guess, once it is revealed.
    pub(super) target: Option<i32>,
    /// Words of a cloud that share the first place and are not shown, as they say nothing.
    pub(super) unshown: Vec<OptionResults>,
}

/// What voters said of an option. The descriptions of the schema's `OptionResults` say what each
/// part is for each kind of question.
#[derive(Debug, Clone, PartialEq)]
pub struct OptionResults {
    /// The option.
    pub option: PollOption,
    /// How many voters marked it.
    pub voter_count: i64,
    /// From 0 to 1: choices, words and answers by voters, statements by who agrees, a ranking by
    /// who puts it first, points by points. None for scales and numbers, and where that would
    /// divide by 0.
    pub share: Option<Ratio>,
    /// The share in whole per cents, as it is shown: parts of one whole add up to 100.
    pub percentage: Option<i64>,
    /// The sum of its values: agreement less disagreement, steps, points or numbers, and what it
    /// earned in a quiz that is revealed.
    pub total: Option<i64>,
    /// The mean of its values: agreement, step, place, points a voter of the question, or number.
    pub mean: Option<Ratio>,
    /// The median of the same, halfway between two where they differ.
    pub median: Option<Ratio>,
    /// A ranking's Borda count; what it earned on average in a quiz that is revealed.
    pub score: Option<Ratio>,
    /// 1 for the best, the same for equals, and the next place left out.
    pub rank: Option<i32>,
    /// How many voters gave each value, from the lowest.
    pub distribution: Vec<ValueCount>,
    /// How many values in a row each entry of the distribution stands for.
    pub distribution_step: i32,
    /// The numbers given that are nearest to the target; none while it is not revealed.
    pub nearest: Option<Vec<ValueCount>>,
}

/// How many voters gave a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValueCount {
    /// The value.
    pub value: i32,
    /// How many voters gave it.
    pub count: i64,
}

/// What a question's ballots add up to, apart from the tally.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// Ballots with an answer.
    pub voter_count: i64,
    /// Ballots that skip.
    pub skip_count: i64,
    /// Goes up whenever the results change.
    pub revision: i64,
}

/// A row of the tally: how many ballots give an option a value.
pub(super) type Count = (OptionId, i32, i64);

/// An option with its part of the tally, from the lowest value, none of them 0 times.
struct Counted {
    option: PollOption,
    counts: Vec<ValueCount>,
}

/// The results of a question: `options` are those that the actor may see, in order, and counts
/// of others are left out. `revealed` says whether the actor may see what is right.
pub(super) fn read(
    question: &Question,
    revealed: bool,
    head: Head,
    options: Vec<PollOption>,
    counts: &[Count],
) -> QuestionResults {
    let mut by_option: HashMap<OptionId, Vec<ValueCount>> = HashMap::new();
    for &(option, value, count) in counts.iter().filter(|(_, _, count)| *count != 0) {
        by_option
            .entry(option)
            .or_default()
            .push(ValueCount { value, count });
    }
    let counted = options
        .into_iter()
        .map(|mut option| {
            let mut counts = by_option.remove(&option.id).unwrap_or_default();
            counts.sort_unstable_by_key(|entry| entry.value);
            option.is_right =
                (revealed && question.kind == QuestionKind::Quiz).then_some(option.right);
            Counted { option, counts }
        })
        .collect();
    let target = question.answer.filter(|_| revealed);
    let mut unshown = Vec::new();
    let mut options = match question.kind {
        QuestionKind::Single | QuestionKind::Multiple => choice::choices(head, counted),
        QuestionKind::Quiz => choice::quiz(head, revealed, counted),
        QuestionKind::Statements => measure::statements(counted),
        QuestionKind::Scale => measure::scale(question, counted),
        QuestionKind::Number => number::read(target, counted),
        QuestionKind::Ranking => spread::ranking(question, head, counted),
        QuestionKind::Points => spread::points(head, counted),
        QuestionKind::WordCloud => {
            let (shown, leading) = written::words(question, head, counted);
            unshown = leading;
            shown
        }
        QuestionKind::Open => written::answers(head, counted),
    };
    round_shares(question.kind, &mut options);
    QuestionResults {
        kind: question.kind,
        revision: head.revision,
        voter_count: head.voter_count,
        skip_count: head.skip_count,
        options,
        range: question.rules.scale_min.zip(question.rules.scale_max),
        target,
        unshown,
    }
}

/// Rounds the shares: together where they are parts of one whole, else each by itself.
fn round_shares(kind: QuestionKind, options: &mut [OptionResults]) {
    if kind == QuestionKind::Statements {
        for option in options {
            let agree = option.percentage_of(1);
            option.percentage = option.share.map(|_| agree);
        }
        return;
    }
    let is_part = |option: &OptionResults| match kind {
        QuestionKind::Single | QuestionKind::Quiz | QuestionKind::Ranking => true,
        QuestionKind::Points => option.option.role == OptionRole::Choice,
        _ => false,
    };
    let shares = |option: &&mut OptionResults| option.share.is_some();
    let (parts, alone): (Vec<_>, Vec<_>) = options
        .iter_mut()
        .filter(shares)
        .partition(|option| is_part(option));
    let whole = parts.first().and_then(|one| one.share).map(Ratio::whole);
    let counts: Vec<i64> = parts
        .iter()
        .filter_map(|one| one.share.map(Ratio::part))
        .collect();
    for (option, rounded) in parts
        .into_iter()
        .zip(percentages(&counts, whole.unwrap_or_default()))
    {
        option.percentage = Some(rounded);
    }
    for option in alone {
        option.percentage = option.share.map(Ratio::percentage);
    }
}

impl OptionResults {
    /// Returns how many of a hundred who marked it gave each value of the distribution, in whole per
    /// cents that add up to 100.
    pub fn percentages(&self) -> Vec<i64> {
        let counts: Vec<i64> = self.distribution.iter().map(|entry| entry.count).collect();
        percentages(&counts, voters(&self.distribution))
    }

    /// The percentage of one value of the distribution.
    pub fn percentage_of(&self, value: i32) -> i64 {
        self.distribution
            .iter()
            .zip(self.percentages())
            .find(|(entry, _)| entry.value == value)
            .map_or(0, |(_, percentage)| percentage)
    }

    /// Returns how many of a hundred voters of the option gave the nearest number.
    pub fn percentage_near(&self, entry: ValueCount) -> i64 {
        percentage(entry.count, self.voter_count)
    }

    /// Returns true if it says none of the others: it is counted, and never compared with them.
    pub fn is_none_of_the_above(&self) -> bool {
        self.option.role == OptionRole::NoneOfTheAbove
    }
}

impl Counted {
    fn voters(&self) -> i64 {
        voters(&self.counts)
    }

    /// The sum of its values.
    fn total(&self) -> i64 {
        self.counts
            .iter()
            .map(|entry| i64::from(entry.value) * entry.count)
            .sum()
    }

    /// How many voters marked it, and nothing else.
    fn results(self) -> OptionResults {
        OptionResults {
            voter_count: self.voters(),
            option: self.option,
            share: None,
            percentage: None,
            total: None,
            mean: None,
            median: None,
            score: None,
            rank: None,
            distribution: self.counts,
            distribution_step: 1,
            nearest: None,
        }
    }

    /// Its voters as a part of the question's: what is chosen or not.
    fn chosen(self, head: Head) -> OptionResults {
        let voters = self.voters();
        OptionResults {
            share: Ratio::new(voters, head.voter_count),
            distribution: vec![ValueCount {
                value: 1,
                count: voters,
            }],
            ..self.results()
        }
    }

    fn is_choice(&self) -> bool {
        self.option.role == OptionRole::Choice
    }
}

fn voters(counts: &[ValueCount]) -> i64 {
    counts.iter().map(|entry| entry.count).sum()
}

/// The counts from the lowest value, with each of `named` also where nobody gave it.
fn filled(mut counts: Vec<ValueCount>, named: impl IntoIterator<Item = i32>) -> Vec<ValueCount> {
    for value in named {
        if let Err(place) = counts.binary_search_by_key(&value, |entry| entry.value) {
            counts.insert(place, ValueCount { value, count: 0 });
        }
    }
    counts
}

pub(super) fn count_of(distribution: &[ValueCount], value: i32) -> i64 {
    distribution
        .iter()
        .find(|entry| entry.value == value)
        .map_or(0, |entry| entry.count)
}

/// The middle value, or halfway between the two in the middle; of nothing there is none.
fn median(distribution: &[ValueCount]) -> Option<Ratio> {
    let voters = voters(distribution);
    let nth = |place: i64| {
        let mut passed = 0;
        distribution
            .iter()
            .find(|entry| {
                passed += entry.count;
                passed > place
            })
            .map(|entry| i64::from(entry.value))
    };
    if voters == 0 {
        return None;
    }
    Ratio::new(nth((voters - 1) / 2)? + nth(voters / 2)?, 2)
}

/// Gives each option its place by its part, 1 for the greatest, and equals the same: 1, 2, 2, 4.
/// What has no part has no place.
fn rank(options: &mut [OptionResults], parts: &[Option<Ratio>]) {
    let mut order: Vec<Ratio> = parts.iter().copied().flatten().collect();
    order.sort_unstable_by(|one, other| other.cmp(one));
    for (option, part) in options.iter_mut().zip(parts) {
        option.rank = part.and_then(|part| {
            let ahead = order.partition_point(|other| *other > part);
            i32::try_from(ahead + 1).ok()
        });
    }
}

#[cfg(test)]
mod tests;
