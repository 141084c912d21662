//! Results: one reading of the tally for each kind of question.

use std::collections::HashMap;

use super::{PollOption, QuestionKind};
use crate::id::OptionId;

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
    /// The options that the actor may see, in the order of the question.
    pub options: Vec<OptionResults>,
}

/// What voters said of an option.
#[derive(Debug, Clone, PartialEq)]
pub struct OptionResults {
    /// The option.
    pub option: PollOption,
    /// How many voters marked it.
    pub voter_count: i64,
    /// From 0 to 1. Choices: its voters as a part of the question's. Statements: who agrees as a
    /// part of who marked it. None where that would divide by 0.
    pub share: Option<f64>,
    /// The sum of its values. Statements: who agrees less who disagrees. None for choices.
    pub total: Option<i64>,
    /// The mean of its values, statements from -1 to 1. None for choices and without voters.
    pub mean: Option<f64>,
    /// The median of its values, halfway between two where they differ. None as for the mean.
    pub median: Option<f64>,
    /// None for choices and statements.
    pub score: Option<f64>,
    /// Choices: 1 for the most voters, the same for as many. None for statements, and while
    /// nobody has voted.
    pub rank: Option<i32>,
    /// How many voters gave each value, from the lowest; statements name -1, 0 and 1 always,
    /// choices 1.
    pub distribution: Vec<ValueCount>,
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

/// The results of a question of this kind: `options` are those that may be seen, in order;
/// counts of others are left out.
pub(super) fn read(
    kind: QuestionKind,
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
    let mut options: Vec<OptionResults> = options
        .into_iter()
        .map(|option| {
            let counts = by_option.remove(&option.id).unwrap_or_default();
            of_option(kind, head, option, counts)
        })
        .collect();
    if matches!(kind, QuestionKind::Single | QuestionKind::Multiple) {
        rank(&mut options);
    }
    QuestionResults {
        kind,
        revision: head.revision,
        voter_count: head.voter_count,
        skip_count: head.skip_count,
        options,
    }
}

fn of_option(
    kind: QuestionKind,
    head: Head,
    option: PollOption,
    counts: Vec<ValueCount>,
) -> OptionResults {
    let voter_count = counts.iter().map(|entry| entry.count).sum();
    let distribution = filled(kind, counts);
    let measured = !matches!(kind, QuestionKind::Single | QuestionKind::Multiple);
    let total: i64 = distribution
        .iter()
        .map(|entry| i64::from(entry.value) * entry.count)
        .sum();
    OptionResults {
        option,
        voter_count,
        share: if measured {
            ratio(count_of(&distribution, 1), voter_count)
        } else {
            ratio(voter_count, head.voter_count)
        },
        total: measured.then_some(total),
        mean: if measured {
            ratio(total, voter_count)
        } else {
            None
        },
        median: if measured {
            median(&distribution, voter_count)
        } else {
            None
        },
        score: None,
        rank: None,
        distribution,
    }
}

/// The counts by value, from the lowest, with the values that a kind always names.
fn filled(kind: QuestionKind, mut counts: Vec<ValueCount>) -> Vec<ValueCount> {
    let named: &[i32] = match kind {
        QuestionKind::Single | QuestionKind::Multiple => &[1],
        QuestionKind::Statements => &[-1, 0, 1],
        _ => &[],
    };
    for &value in named {
        if !counts.iter().any(|entry| entry.value == value) {
            counts.push(ValueCount { value, count: 0 });
        }
    }
    counts.sort_unstable_by_key(|entry| entry.value);
    counts
}

pub(super) fn count_of(distribution: &[ValueCount], value: i32) -> i64 {
    distribution
        .iter()
        .find(|entry| entry.value == value)
        .map_or(0, |entry| entry.count)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of voters lie far below 2^53"
)]
fn ratio(part: i64, whole: i64) -> Option<f64> {
    (whole != 0).then(|| part as f64 / whole as f64)
}

/// The middle value, or halfway between the two in the middle.
fn median(distribution: &[ValueCount], voters: i64) -> Option<f64> {
    let nth = |place: i64| {
        let mut passed = 0;
        distribution
            .iter()
            .find(|entry| {
                passed += entry.count;
                passed > place
            })
            .map(|entry| f64::from(entry.value))
    };
    let (low, high) = (nth((voters - 1) / 2)?, nth(voters / 2)?);
    (voters > 0).then(|| f64::midpoint(low, high))
}

/// Gives each option its place by voters, and as many the same place: 1, 2, 2, 4.
fn rank(options: &mut [OptionResults]) {
    if options.iter().all(|option| option.voter_count == 0) {
        return;
    }
    let counts: Vec<i64> = options.iter().map(|option| option.voter_count).collect();
    for option in options {
        let ahead = counts
            .iter()
            .filter(|count| **count > option.voter_count)
            .count();
        option.rank = i32::try_from(ahead + 1).ok();
    }
}

#[cfg(test)]
mod tests;
