//! How moderation goes: a few numbers out of the record.

use chrono::TimeDelta;

/// How moderation went over some days, and how it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Decisions that ended a case's waiting.
    pub decided: u64,
    /// The median of how long those cases had waited, in hours; none where there are none.
    pub median_hours: Option<f64>,
    /// Appeals.
    pub appealed: u64,
    /// Decisions that took back another.
    pub reversed: u64,
    /// Cases that wait now.
    pub open: u64,
    /// Those of them that wait beyond their deadline.
    pub overdue: u64,
}

/// The median in hours; none of nothing.
pub(super) fn median_hours(mut waits: Vec<TimeDelta>) -> Option<f64> {
    waits.sort_unstable();
    let middle = waits.len() / 2;
    let upper = *waits.get(middle)?;
    let median = if waits.len().is_multiple_of(2) {
        let lower = *waits.get(middle - 1)?;
        lower + (upper - lower) / 2
    } else {
        upper
    };
    Some(median.as_seconds_f64() / 3_600.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(all: &[i64]) -> Vec<TimeDelta> {
        all.iter().map(|hours| TimeDelta::hours(*hours)).collect()
    }

    #[test]
    fn the_median_lies_in_the_middle() {
        assert_eq!(median_hours(Vec::new()), None);
        assert_eq!(median_hours(hours(&[4])), Some(4.0));
        assert_eq!(median_hours(hours(&[9, 1, 2])), Some(2.0));
        assert_eq!(median_hours(hours(&[9, 1, 2, 3])), Some(2.5));
    }
}
