//! What is spread over options: places of a ranking, points of a budget.

use super::{
    super::Question, Counted, Head, OptionResults, Ratio, ValueCount, count_of, filled, median,
    rank,
};

/// Places. Of n options, a ballot gives n - 1 to the one it puts first, n - 2 to the next, and
/// so on, and 0 to what it leaves out (Borda); who chooses none of them gives 0 to all.
pub(super) fn ranking(
    question: &Question,
    head: Head,
    counted: Vec<Counted>,
) -> Vec<OptionResults> {
    let places = question.rules.max_choices.unwrap_or(0);
    let count = counted.iter().filter(|one| one.is_choice()).count();
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let borda = |one: &Counted| -> i64 {
        one.counts
            .iter()
            .map(|entry| (count - i64::from(entry.value)) * entry.count)
            .sum()
    };
    let any = counted
        .iter()
        .any(|one| one.is_choice() && one.voters() > 0);
    let parts: Vec<Option<Ratio>> = counted
        .iter()
        .map(|one| (one.is_choice() && any).then(|| Ratio::whole_number(borda(one))))
        .collect();
    let mut options: Vec<OptionResults> = counted
        .into_iter()
        .map(|one| {
            if !one.is_choice() {
                return one.chosen(head);
            }
            let score = Some(Ratio::whole_number(borda(&one)));
            let mean = Ratio::new(one.total(), one.voters());
            let median = median(&one.counts);
            let share = Ratio::new(count_of(&one.counts, 1), head.voter_count);
            let results = one.results();
            OptionResults {
                share,
                mean,
                median,
                score,
                distribution: filled(results.distribution, 1..=places),
                ..results
            }
        })
        .collect();
    rank(&mut options, &parts);
    options
}

/// Points, of each of the question's voters: who gives an option none gives it 0.
pub(super) fn points(head: Head, counted: Vec<Counted>) -> Vec<OptionResults> {
    let all: i64 = counted
        .iter()
        .filter(|one| one.is_choice())
        .map(Counted::total)
        .sum();
    let parts: Vec<Option<Ratio>> = counted
        .iter()
        .map(|one| (one.is_choice() && all > 0).then(|| Ratio::whole_number(one.total())))
        .collect();
    let mut options: Vec<OptionResults> = counted
        .into_iter()
        .map(|one| {
            if !one.is_choice() {
                return one.chosen(head);
            }
            let (total, voters) = (one.total(), one.voters());
            let mut results = one.results();
            let none = ValueCount {
                value: 0,
                count: head.voter_count - voters,
            };
            results.distribution.insert(0, none);
            OptionResults {
                share: Ratio::new(total, all),
                total: Some(total),
                mean: Ratio::new(total, head.voter_count),
                median: median(&results.distribution),
                ..results
            }
        })
        .collect();
    rank(&mut options, &parts);
    options
}
