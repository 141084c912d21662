//! What voters wrote: the words of a cloud, and answers that others support.

use std::cmp::Reverse;

use super::{
    super::{Question, written::StopWords},
    Counted, Head, OptionResults,
    choice::by_voters,
};

/// Most options of such results.
const SHOWN: usize = 100;

/// Words by their voters, without those that say nothing by themselves, and which of the latter
/// the most voters wrote: the places are those among all words.
pub(super) fn words(
    question: &Question,
    head: Head,
    counted: Vec<Counted>,
) -> (Vec<OptionResults>, Vec<OptionResults>) {
    let stop_words = StopWords::of(&question.prompt);
    let (mut unshown, mut shown): (Vec<_>, Vec<_>) = most(head, counted)
        .into_iter()
        .partition(|word| stop_words.contains(&word.option.label));
    unshown.retain(|word| word.rank == Some(1));
    shown.truncate(SHOWN);
    (shown, unshown)
}

/// Answers by who wrote or supports them.
pub(super) fn answers(head: Head, counted: Vec<Counted>) -> Vec<OptionResults> {
    let mut shown = most(head, counted);
    shown.truncate(SHOWN);
    shown
}

/// Those that anybody marked, the most voters first; of as many, the first that was written.
fn most(head: Head, mut counted: Vec<Counted>) -> Vec<OptionResults> {
    counted.retain(|one| !one.counts.is_empty());
    counted.sort_by_key(|one| (Reverse(one.voters()), one.option.position, one.option.id));
    by_voters(counted.into_iter().map(|one| one.chosen(head)).collect())
}
