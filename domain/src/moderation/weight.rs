//! What a report weighs in a case's priority.

/// Of a visitor, who may be the same person again.
const OF_VISITOR: i64 = 3;
/// The least and the most of an account.
const LEAST: i64 = 5;
const MOST: i64 = 15;
/// The most that all visitors' reports in a case weigh together: a visitor's token costs nothing,
/// so that however many report come behind any three accounts.
const OF_ALL_VISITORS: i64 = 3 * LEAST - 1;

/// Returns what a visitor's report weighs where `earlier` visitors reported since the case was
/// opened: 3, and what is left of the most that visitors weigh together.
pub(super) fn of_visitor(earlier: u64) -> i64 {
    let before = i64::try_from(earlier)
        .unwrap_or(i64::MAX)
        .saturating_mul(OF_VISITOR);
    OF_VISITOR.min(OF_ALL_VISITORS - before.min(OF_ALL_VISITORS))
}

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

    #[test]
    fn the_first_visitors_weigh_three_each_and_then_nothing() {
        let weights: Vec<i64> = (0..7).map(of_visitor).collect();
        assert_eq!(weights, [3, 3, 3, 3, 2, 0, 0]);
        assert_eq!(of_visitor(u64::MAX), 0);
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

        #[test]
        fn any_number_of_visitors_weighs_less_than_any_three_accounts(
            visitors in 0_u64..2_000,
            accounts in proptest::collection::vec((0_u64..5_000, 0_u64..5_000), 3),
        ) {
            let of_visitors: i64 = (0..visitors).map(of_visitor).sum();
            let of_accounts: i64 = accounts
                .iter()
                .map(|(upheld, wrong)| of_account(*upheld, upheld + wrong))
                .sum();
            prop_assert!(of_visitors < of_accounts);
        }
    }
}
