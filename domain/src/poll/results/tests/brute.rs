//! Results against what the ballots themselves say, one by one, for random ballots.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Options of the question.
const OPTIONS: usize = 4;

/// A ballot: the value that each option is marked with.
type Plain = [Option<i32>; OPTIONS];

fn ballots(
    values: impl Strategy<Value = i32> + Clone + 'static,
) -> impl Strategy<Value = Vec<Plain>> {
    let mark = prop::option::of(values);
    let ballot = prop::array::uniform4(mark).prop_filter("marks something", |ballot: &Plain| {
        ballot.iter().any(Option::is_some)
    });
    prop::collection::vec(ballot, 0..40)
}

/// Ballots that rank the first so many of a random order.
fn rankings() -> impl Strategy<Value = Vec<Plain>> {
    let order = Just((0..OPTIONS).collect::<Vec<_>>()).prop_shuffle();
    let ballot = (order, 1..=OPTIONS).prop_map(|(order, count)| {
        let mut ballot = [None; OPTIONS];
        for (place, option) in (1..).zip(order.into_iter().take(count)) {
            ballot[option] = Some(place);
        }
        ballot
    });
    prop::collection::vec(ballot, 0..40)
}

fn tallied(question: &Question, ballots: &[Plain]) -> QuestionResults {
    let mut tally: BTreeMap<(u128, i32), i64> = BTreeMap::new();
    for ballot in ballots {
        for (number, value) in (1..).zip(ballot) {
            if let Some(value) = value {
                *tally.entry((number, *value)).or_default() += 1;
            }
        }
    }
    let counts: Vec<_> = tally
        .into_iter()
        .map(|((number, value), count)| (number, value, count))
        .collect();
    let voters = i64::try_from(ballots.len()).unwrap();
    let options = (1..=4).map(fixture::option).collect();
    with(question, true, voters, 0, options, &counts)
}

/// The values that ballots give an option, sorted.
fn values(ballots: &[Plain], option: usize) -> Vec<i32> {
    let mut values: Vec<i32> = ballots.iter().filter_map(|ballot| ballot[option]).collect();
    values.sort_unstable();
    values
}

fn middle(sorted: &[i32]) -> Option<f64> {
    let half = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        count if count % 2 == 1 => Some(f64::from(sorted[half])),
        _ => Some(f64::midpoint(
            f64::from(sorted[half - 1]),
            f64::from(sorted[half]),
        )),
    }
}

fn mean(values: &[i32]) -> Option<f64> {
    let sum: f64 = values.iter().map(|value| f64::from(*value)).sum();
    (!values.is_empty()).then(|| sum / count(values.len()))
}

fn count(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

fn same(found: Option<Ratio>, expected: Option<f64>) -> bool {
    match (found.map(Ratio::to_f64), expected) {
        (None, None) => true,
        (Some(found), Some(expected)) => (found - expected).abs() < 1e-9,
        _ => false,
    }
}

/// Each place is one more than the number of better ones.
fn placed(found: &QuestionResults, worth: &[Option<f64>]) -> bool {
    found.options.iter().zip(worth).all(|(option, own)| {
        let better = own.map(|own| {
            let better = worth.iter().flatten().filter(|other| **other > own + 1e-9);
            i32::try_from(better.count()).unwrap() + 1
        });
        option.rank == better
    })
}

proptest! {
    #[test]
    fn scales_and_statements(ballots in ballots(-1..=1)) {
        let mut scale = fixture::question(QuestionKind::Scale);
        scale.rules.scale_min = Some(-1);
        scale.rules.scale_max = Some(1);
        let statements = fixture::question(QuestionKind::Statements);
        let mut means = Vec::new();
        for option in 0..OPTIONS {
            let given = values(&ballots, option);
            for question in [&scale, &statements] {
                let found = tallied(question, &ballots).options.swap_remove(option);
                prop_assert_eq!(found.voter_count, i64::try_from(given.len()).unwrap());
                prop_assert_eq!(found.total, Some(i64::from(given.iter().sum::<i32>())));
                prop_assert!(same(found.mean, mean(&given)));
                prop_assert!(same(found.median, middle(&given)));
                for entry in &found.distribution {
                    let counted = given.iter().filter(|value| **value == entry.value).count();
                    prop_assert_eq!(entry.count, i64::try_from(counted).unwrap());
                }
                prop_assert_eq!(found.distribution.len(), 3);
            }
            means.push(mean(&given));
        }
        prop_assert!(placed(&tallied(&scale, &ballots), &means));
    }

    #[test]
    fn rankings_by_borda(ballots in rankings()) {
        let mut question = fixture::question(QuestionKind::Ranking);
        question.rules.max_choices = Some(4);
        let found = tallied(&question, &ballots);
        let mut scores = Vec::new();
        for (option, one) in found.options.iter().enumerate() {
            let places = values(&ballots, option);
            let score: i32 = places.iter().map(|place| 4 - place).sum();
            prop_assert!(same(one.score, Some(f64::from(score))));
            prop_assert!(same(one.mean, mean(&places)));
            prop_assert!(same(one.median, middle(&places)));
            let first = places.iter().filter(|place| **place == 1).count();
            let share = (!ballots.is_empty()).then(|| count(first) / count(ballots.len()));
            prop_assert!(same(one.share, share));
            scores.push((!ballots.is_empty()).then(|| f64::from(score)));
        }
        prop_assert!(placed(&found, &scores));
        // Whoever beats every other on every ballot is first.
        let all = found.options.iter().filter_map(|option| option.score.map(Ratio::to_f64)).sum::<f64>();
        let expected: i32 = ballots.iter().flatten().flatten().map(|place| 4 - place).sum();
        prop_assert!((all - f64::from(expected)).abs() < 1e-9);
    }

    #[test]
    fn points_of_all_voters(ballots in ballots(1..=100)) {
        let found = tallied(&fixture::question(QuestionKind::Points), &ballots);
        let all: i32 = ballots.iter().flatten().flatten().sum();
        let mut totals = Vec::new();
        for (option, one) in found.options.iter().enumerate() {
            let mut given: Vec<i32> = ballots.iter().map(|ballot| ballot[option].unwrap_or(0)).collect();
            given.sort_unstable();
            let total: i32 = given.iter().sum();
            prop_assert_eq!(one.total, Some(i64::from(total)));
            prop_assert!(same(one.mean, mean(&given)));
            prop_assert!(same(one.median, middle(&given)));
            prop_assert!(same(one.share, (all != 0).then(|| f64::from(total) / f64::from(all))));
            let listed: i64 = one.distribution.iter().map(|entry| entry.count).sum();
            prop_assert_eq!(listed, found.voter_count);
            totals.push((!ballots.is_empty()).then(|| f64::from(total)));
        }
        prop_assert!(placed(&found, &totals));
    }

    #[test]
    fn numbers_and_the_nearest(
        guesses in prop::collection::vec(-300..300_i32, 0..250),
        target in -300..300_i32,
    ) {
        let mut question = fixture::question(QuestionKind::Number);
        question.answer = Some(target);
        let ballots: Vec<Plain> = guesses.iter().map(|guess| [Some(*guess), None, None, None]).collect();
        let found = tallied(&question, &ballots).options.swap_remove(0);
        let mut sorted = guesses.clone();
        sorted.sort_unstable();
        prop_assert!(same(found.mean, mean(&sorted)));
        prop_assert!(same(found.median, middle(&sorted)));
        prop_assert!(found.distribution.len() <= 100);
        let step = found.distribution_step;
        for entry in &found.distribution {
            let inside = guesses.iter().filter(|guess| (entry.value..entry.value + step).contains(guess));
            prop_assert_eq!(entry.count, i64::try_from(inside.count()).unwrap());
        }
        let listed: i64 = found.distribution.iter().map(|entry| entry.count).sum();
        prop_assert_eq!(listed, i64::try_from(guesses.len()).unwrap());
        let least = guesses.iter().map(|guess| (guess - target).abs()).min();
        for entry in found.nearest.unwrap() {
            prop_assert_eq!(Some((entry.value - target).abs()), least);
            let same = guesses.iter().filter(|guess| **guess == entry.value).count();
            prop_assert_eq!(entry.count, i64::try_from(same).unwrap());
        }
    }

    #[test]
    fn what_is_chosen_written_or_supported(ballots in ballots(Just(1))) {
        for kind in [QuestionKind::Multiple, QuestionKind::Open, QuestionKind::WordCloud] {
            let found = tallied(&fixture::question(kind), &ballots);
            let listed = i64::from(kind != QuestionKind::Multiple);
            let mut seen = 0;
            for one in &found.options {
                let option = usize::try_from(one.option.position).unwrap() - 1;
                let voters = values(&ballots, option).len();
                prop_assert!(i64::try_from(voters).unwrap() >= listed);
                prop_assert_eq!(one.voter_count, i64::try_from(voters).unwrap());
                let share = (!ballots.is_empty()).then(|| count(voters) / count(ballots.len()));
                prop_assert!(same(one.share, share));
                seen += voters;
            }
            prop_assert_eq!(seen, ballots.iter().flatten().flatten().count());
            let voters: Vec<Option<f64>> = found
                .options
                .iter()
                .map(|one| (!ballots.is_empty()).then(|| count(usize::try_from(one.voter_count).unwrap())))
                .collect();
            prop_assert!(placed(&found, &voters));
        }
    }

    #[test]
    fn a_quiz_earns_what_its_right_ballots_hold(
        chosen in prop::collection::vec((0..OPTIONS, 500..=1_000_i32), 0..40),
    ) {
        let mut options: Vec<PollOption> = (1..=4).map(fixture::option).collect();
        options[2].right = true;
        let mut tally: BTreeMap<(u128, i32), i64> = BTreeMap::new();
        for (option, value) in &chosen {
            *tally.entry((u128::try_from(*option).unwrap() + 1, *value)).or_default() += 1;
        }
        let counts: Vec<_> = tally.into_iter().map(|((n, v), c)| (n, v, c)).collect();
        let question = fixture::question(QuestionKind::Quiz);
        let voters = i64::try_from(chosen.len()).unwrap();
        let found = with(&question, true, voters, 0, options, &counts);
        let earned: Vec<i32> = chosen.iter().filter(|(option, _)| *option == 2).map(|(_, value)| *value).collect();
        prop_assert_eq!(found.options[2].total, Some(i64::from(earned.iter().sum::<i32>())));
        prop_assert!(same(found.options[2].score, mean(&earned)));
        for (option, one) in found.options.iter().enumerate() {
            let voters = chosen.iter().filter(|(one, _)| *one == option).count();
            prop_assert_eq!(one.voter_count, i64::try_from(voters).unwrap());
        }
    }
}
