//! What a right answer earns: for being right, and for being fast by the server's clock.

use super::{Poll, Question};
use crate::clock::Instant;

/// What a right answer earns without a time limit, or at the first instant of one.
const ALL: i64 = 1_000;
/// What a right answer earns however late.
const LEAST: i64 = 500;

/// The points of an answer at `at`, if it is right: 1,000 without a time limit; with one,
/// 500 + 500 × the part of it that is left, rounded down, counted in milliseconds from when the
/// question was opened, or the poll where no presenter opened it.
pub(super) fn points(poll: &Poll, question: &Question, at: Instant) -> i32 {
    let opened = question.opened_at.or(poll.times.opens_at);
    let earned = match (question.rules.time_limit_seconds, opened) {
        (Some(seconds), Some(opened)) if seconds > 0 => {
            let limit = i64::from(seconds) * 1_000;
            let left = limit - (at - opened).num_milliseconds().clamp(0, limit);
            LEAST + (ALL - LEAST) * left / limit
        }
        _ => ALL,
    };
    i32::try_from(earned).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::poll::fixture::{self, OPENING};

    fn after(milliseconds: i64, limit: Option<i32>) -> i32 {
        let mut question = fixture::question(crate::poll::QuestionKind::Quiz);
        question.rules.time_limit_seconds = limit;
        question.opened_at = Some(OPENING);
        points(
            &fixture::poll(),
            &question,
            OPENING + TimeDelta::milliseconds(milliseconds),
        )
    }

    #[test]
    fn being_right_earns_half_and_being_fast_the_rest() {
        assert_eq!(after(0, Some(20)), 1_000);
        assert_eq!(after(5_000, Some(20)), 875);
        assert_eq!(after(10_000, Some(20)), 750);
        assert_eq!(after(10_001, Some(20)), 749);
        assert_eq!(after(19_999, Some(20)), 500);
        assert_eq!(after(20_000, Some(20)), 500);
        assert_eq!(after(3_600_000, Some(20)), 500);
        assert_eq!(after(-50, Some(20)), 1_000);
    }

    #[test]
    fn without_a_time_limit_every_right_answer_earns_all() {
        assert_eq!(after(0, None), 1_000);
        assert_eq!(after(3_600_000, None), 1_000);
    }

    #[test]
    fn without_a_presenter_the_poll_s_opening_counts() {
        let mut question = fixture::question(crate::poll::QuestionKind::Quiz);
        question.rules.time_limit_seconds = Some(10);
        let at = OPENING + TimeDelta::seconds(5);
        assert_eq!(points(&fixture::poll(), &question, at), 750);
        question.opened_at = Some(at);
        assert_eq!(points(&fixture::poll(), &question, at), 1_000);
    }
}
