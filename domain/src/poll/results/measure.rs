//! What is measured on a few steps: statements and scales.

use super::{super::Question, Counted, OptionResults, Ratio, count_of, filled, median, rank};

/// Statements: agree is 1, pass 0, disagree -1.
pub(super) fn statements(counted: Vec<Counted>) -> Vec<OptionResults> {
    counted
        .into_iter()
        .map(|one| {
            let agree = count_of(&one.counts, 1);
            let share = Ratio::new(agree, one.voters());
            OptionResults {
                share,
                ..measured(one, -1..=1)
            }
        })
        .collect()
}

/// Steps of a scale, with places by the mean of those that anybody marked.
pub(super) fn scale(question: &Question, counted: Vec<Counted>) -> Vec<OptionResults> {
    let (min, max) = (
        question.rules.scale_min.unwrap_or(0),
        question.rules.scale_max.unwrap_or(0),
    );
    let parts: Vec<Option<Ratio>> = counted
        .iter()
        .map(|one| Ratio::new(one.total(), one.voters()))
        .collect();
    let mut options: Vec<OptionResults> = counted
        .into_iter()
        .map(|one| measured(one, min..=max))
        .collect();
    rank(&mut options, &parts);
    options
}

/// Total, mean, median and distribution of the values, with each of `named` in the last.
pub(super) fn measured(one: Counted, named: impl IntoIterator<Item = i32>) -> OptionResults {
    let (total, mean) = (one.total(), Ratio::new(one.total(), one.voters()));
    let median = median(&one.counts);
    let results = one.results();
    OptionResults {
        total: Some(total),
        mean,
        median,
        distribution: filled(results.distribution, named),
        ..results
    }
}
