//! What a report weighs in a case's priority.

/// Of a visitor, who may be the same person again.
pub(super) const OF_VISITOR: i64 = 3;
/// The least and the most of an account.
const LEAST: i64 = 5;
const MOST: i64 = 15;

/// What a report of an account weighs, by how many of its judged reports the moderators saw the
/// same way: 5 for who is never right, 10 for who is new, 15 for who always is. One judgement
/// moves it little (Laplace's rule of succession).
pub(super) fn of_account(upheld: u64, judged: u64) -> i64 {
    let upheld = i64::try_from(upheld.min(judged)).unwrap_or(i64::MAX / MOST - 2);
    let judged = i64::try_from(judged).unwrap_or(i64::MAX / MOST - 2);
    LEAST + (MOST - LEAST) * (upheld + 1) / (judged + 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn who_is_new_stands_in_the_middle() {
        assert_eq!(of_account(0, 0), 10);
        assert_eq!(of_account(1, 1), 11);
        assert_eq!(of_account(0, 1), 8);
    }

    proptest! {
        #[test]
        fn being_right_never_weighs_less(upheld in 0_u64..5_000, wrong in 0_u64..5_000) {
            let judged = upheld + wrong;
            let weight = of_account(upheld, judged);
            prop_assert!((LEAST..=MOST).contains(&weight));
            prop_assert!(of_account(upheld + 1, judged + 1) >= weight);
            prop_assert!(of_account(upheld, judged + 1) <= weight);
            prop_assert!(weight > OF_VISITOR);
        }
    }
}
