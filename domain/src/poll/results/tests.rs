//! Results against numbers worked out by hand.

mod brute;
mod kinds;
mod shown;

use super::*;
use crate::{Locale, poll::fixture};

fn results(
    kind: QuestionKind,
    voters: i64,
    skips: i64,
    counts: &[(u128, i32, i64)],
) -> QuestionResults {
    of(&fixture::question(kind), false, voters, skips, counts)
}

/// The results of a question with options 1 to 3.
fn of(
    question: &Question,
    revealed: bool,
    voters: i64,
    skips: i64,
    counts: &[(u128, i32, i64)],
) -> QuestionResults {
    let options = (1..=3).map(fixture::option).collect();
    with(question, revealed, voters, skips, options, counts)
}

fn with(
    question: &Question,
    revealed: bool,
    voters: i64,
    skips: i64,
    options: Vec<PollOption>,
    counts: &[(u128, i32, i64)],
) -> QuestionResults {
    let head = Head {
        voter_count: voters,
        skip_count: skips,
        revision: 7,
    };
    let counts: Vec<Count> = counts
        .iter()
        .map(|&(number, value, count)| (fixture::option_id(number), value, count))
        .collect();
    read(question, revealed, head, options, &counts)
}

fn near(found: Option<Ratio>, expected: f64) {
    let number = found.unwrap().to_f64();
    assert!((number - expected).abs() < 1e-12, "{found:?}");
}

#[test]
fn a_single_choice_shares_its_voters() {
    let found = results(QuestionKind::Single, 10, 2, &[(1, 1, 7), (2, 1, 3)]);
    assert_eq!(
        (found.voter_count, found.skip_count, found.revision),
        (10, 2, 7)
    );
    near(found.options[0].share, 0.7);
    near(found.options[1].share, 0.3);
    near(found.options[2].share, 0.0);
    let ranks: Vec<_> = found.options.iter().map(|one| one.rank).collect();
    assert_eq!(ranks, [Some(1), Some(2), Some(3)]);
    assert_eq!(
        found.options[2].distribution,
        [ValueCount { value: 1, count: 0 }]
    );
    let one = &found.options[0];
    assert_eq!((one.voter_count, one.total), (7, None));
    assert_eq!((one.mean, one.median, one.score), (None, None, None));
}

#[test]
fn a_multiple_choice_shares_voters_not_choices() {
    let counts = [(1, 1, 4), (2, 1, 4), (3, 1, 1)];
    let found = results(QuestionKind::Multiple, 5, 0, &counts);
    near(found.options[0].share, 0.8);
    near(found.options[2].share, 0.2);
    let ranks: Vec<_> = found.options.iter().map(|one| one.rank).collect();
    assert_eq!(ranks, [Some(1), Some(1), Some(3)]);
}

#[test]
fn statements_count_agree_pass_and_disagree() {
    let counts = [(1, 1, 6), (1, 0, 1), (1, -1, 3), (2, -1, 2), (2, 1, 2)];
    let found = results(QuestionKind::Statements, 12, 0, &counts);
    let one = &found.options[0];
    assert_eq!((one.voter_count, one.total, one.rank), (10, Some(3), None));
    near(one.share, 0.6);
    near(one.mean, 0.3);
    near(one.median, 1.0);
    let counted: Vec<_> = one
        .distribution
        .iter()
        .map(|v| (v.value, v.count))
        .collect();
    assert_eq!(counted, [(-1, 3), (0, 1), (1, 6)]);
    // -1, -1, 1, 1: halfway.
    near(found.options[1].median, 0.0);
    near(found.options[1].mean, 0.0);
    let none = &found.options[2];
    assert_eq!((none.voter_count, none.total), (0, Some(0)));
    assert_eq!((none.share, none.mean, none.median), (None, None, None));
    assert_eq!(none.distribution.len(), 3);
}

#[test]
fn the_median_is_the_middle_of_an_odd_number() {
    let found = results(
        QuestionKind::Statements,
        3,
        0,
        &[(1, -1, 1), (1, 0, 1), (1, 1, 1)],
    );
    near(found.options[0].median, 0.0);
    let found = results(QuestionKind::Statements, 4, 0, &[(1, 0, 2), (1, 1, 2)]);
    near(found.options[0].median, 0.5);
    let found = results(QuestionKind::Statements, 1, 0, &[(1, -1, 1)]);
    near(found.options[0].median, -1.0);
}

#[test]
fn options_that_may_not_be_seen_leave_no_trace() {
    let found = results(QuestionKind::Statements, 5, 0, &[(9, 1, 5)]);
    assert!(found.options.iter().all(|option| option.voter_count == 0));
    assert_eq!(found.summary(Locale::En), "5 people voted.");
}

#[test]
fn nobody_has_a_rank_before_the_first_vote() {
    let found = results(QuestionKind::Single, 0, 0, &[]);
    assert!(found.options.iter().all(|option| option.rank.is_none()));
    assert!(found.options.iter().all(|option| option.share.is_none()));
    assert_eq!(found.summary(Locale::Nl), "Er is nog niet gestemd.");
    assert_eq!(found.summary(Locale::En), "Nobody has voted yet.");
}

#[test]
fn the_summary_names_the_leader_and_ties() {
    let one = results(QuestionKind::Single, 10, 1, &[(1, 1, 7), (2, 1, 3)]);
    assert_eq!(
        one.summary(Locale::Nl),
        "10 mensen hebben gestemd; het meest gekozen is ‘Optie 1’ (70%); \
         1 persoon sloeg de vraag over."
    );
    assert_eq!(
        one.summary(Locale::En),
        "10 people voted; the most chosen is “Optie 1” (70%); 1 person skipped the question."
    );
    let tie = results(QuestionKind::Multiple, 3, 0, &[(1, 1, 2), (3, 1, 2)]);
    assert_eq!(
        tie.summary(Locale::Nl),
        "3 mensen hebben gestemd; even vaak en het meest gekozen zijn ‘Optie 1’ en ‘Optie 3’ \
         (elk 67%)."
    );
}

#[test]
fn the_summary_names_the_statements_at_both_ends() {
    let counts = [(1, 1, 6), (1, -1, 2), (2, 1, 3), (3, -1, 9), (3, 1, 1)];
    let found = results(QuestionKind::Statements, 10, 0, &counts);
    assert_eq!(
        found.summary(Locale::En),
        "10 people voted; the most agreed with is “Optie 2” (100%); \
         the most disagreed with is “Optie 3” (90%)."
    );
    assert_eq!(
        found.summary(Locale::Nl),
        "10 mensen hebben gestemd; de meeste instemming kreeg ‘Optie 2’ (100%); \
         het meeste verzet ‘Optie 3’ (90%)."
    );
}

#[test]
fn a_question_that_all_skip_says_so() {
    let found = results(QuestionKind::Single, 0, 2, &[]);
    assert_eq!(found.summary(Locale::Nl), "2 mensen sloegen de vraag over.");
}
