//! Numbers: a histogram, and the guesses nearest to the target.

use super::{Counted, OptionResults, ValueCount, measure::measured};

/// Most entries of a histogram; more values than this are grouped.
const BARS: usize = 100;

/// Numbers, with those nearest to the target where there is one to show.
pub(super) fn read(target: Option<i32>, counted: Vec<Counted>) -> Vec<OptionResults> {
    counted
        .into_iter()
        .map(|one| {
            let mut option = measured(one, []);
            option.nearest = target.map(|target| nearest(target, &option.distribution));
            (option.distribution, option.distribution_step) = histogram(option.distribution);
            option
        })
        .collect()
}

/// The value or the two values that lie nearest.
fn nearest(target: i32, values: &[ValueCount]) -> Vec<ValueCount> {
    let distance = |entry: &ValueCount| (i64::from(entry.value) - i64::from(target)).abs();
    let least = values.iter().map(distance).min();
    values
        .iter()
        .filter(|entry| Some(distance(entry)) == least)
        .copied()
        .collect()
}

/// The values as they are or, where they are more than 100, in groups of 2, 5, 10, 20, 50 and so
/// on that are at most 100; each group under its lowest value, a multiple of the step.
fn histogram(values: Vec<ValueCount>) -> (Vec<ValueCount>, i32) {
    if values.len() <= BARS {
        return (values, 1);
    }
    let mut step = 1_i32;
    loop {
        // 1, 2, 5, 10: the next of the row is 2 times this one, or 2.5 times.
        step = if step.to_string().starts_with('2') {
            (step / 2).saturating_mul(5)
        } else {
            step.saturating_mul(2)
        };
        let mut groups: Vec<ValueCount> = Vec::new();
        for entry in &values {
            let value = entry.value.div_euclid(step).saturating_mul(step);
            match groups.last_mut().filter(|group| group.value == value) {
                Some(group) => group.count += entry.count,
                None => groups.push(ValueCount {
                    value,
                    count: entry.count,
                }),
            }
        }
        if groups.len() <= BARS {
            return (groups, step);
        }
    }
}
