//! What is chosen or not: one option, some, or the answer to a quiz.

use super::{Counted, Head, OptionResults, Ratio, rank};

/// Options by their voters.
pub(super) fn choices(head: Head, counted: Vec<Counted>) -> Vec<OptionResults> {
    by_voters(counted.into_iter().map(|one| one.chosen(head)).collect())
}

/// Answers by their voters and, once they are revealed, with what they earned: the tally holds
/// what each ballot earns if it is right.
pub(super) fn quiz(head: Head, revealed: bool, counted: Vec<Counted>) -> Vec<OptionResults> {
    let options = counted
        .into_iter()
        .map(|one| {
            let earned = if one.option.right { one.total() } else { 0 };
            let score = Ratio::new(earned, one.voters());
            let mut option = one.chosen(head);
            if revealed {
                option.total = Some(earned);
                option.score = score;
            }
            option
        })
        .collect();
    by_voters(options)
}

/// With places by voters, once anybody has voted.
pub(super) fn by_voters(mut options: Vec<OptionResults>) -> Vec<OptionResults> {
    if options.iter().any(|option| option.voter_count > 0) {
        let parts: Vec<Option<Ratio>> = options
            .iter()
            .map(|option| Some(Ratio::whole_number(option.voter_count)))
            .collect();
        rank(&mut options, &parts);
    }
    options
}
