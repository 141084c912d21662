//! What voters wrote: the words of a cloud, and answers that others support.

use std::cmp::Reverse;

use super::{super::written::is_stop_word, Counted, Head, OptionResults, choice::by_voters};

/// Most options of such results.
const SHOWN: usize = 100;

/// Words by their voters, without those that say nothing by themselves.
pub(super) fn words(head: Head, counted: Vec<Counted>) -> Vec<OptionResults> {
    most(head, counted, |label| !is_stop_word(label))
}

/// Answers by who wrote or supports them.
pub(super) fn answers(head: Head, counted: Vec<Counted>) -> Vec<OptionResults> {
    most(head, counted, |_| true)
}

/// Those that anybody marked, the most voters first; of as many, the first that was written.
fn most(head: Head, mut counted: Vec<Counted>, shown: impl Fn(&str) -> bool) -> Vec<OptionResults> {
    counted.retain(|one| !one.counts.is_empty());
    counted.sort_by_key(|one| (Reverse(one.voters()), one.option.position, one.option.id));
    by_voters(
        counted
            .into_iter()
            .filter(|one| shown(&one.option.label))
            .take(SHOWN)
            .map(|one| one.chosen(head))
            .collect(),
    )
}
