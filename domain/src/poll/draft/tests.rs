//! Every problem of a draft at once, each at its place.

mod rules;

use chrono::{DateTime, TimeDelta};

use super::*;
use crate::{
    Error,
    refusal::{Code, Refusal},
};

fn at(day: i64) -> Instant {
    DateTime::UNIX_EPOCH + TimeDelta::days(day)
}

fn option(label: &str) -> OptionDraft {
    OptionDraft {
        label: label.to_owned(),
        description: String::new(),
        is_right: false,
    }
}

fn question(kind: QuestionKind, labels: &[&str]) -> QuestionDraft {
    QuestionDraft {
        kind,
        prompt: "Wat vindt u?".to_owned(),
        description: String::new(),
        options: labels.iter().map(|label| option(label)).collect(),
        rules: Rules::default(),
        target: None,
    }
}

fn poll(questions: Vec<QuestionDraft>) -> PollDraft {
    PollDraft {
        title: "Peiling".to_owned(),
        description: String::new(),
        themes: Vec::new(),
        partner: None,
        pace: Pace::Audience,
        results_visibility: ResultsVisibility::Always,
        vote_change: VoteChange::Locked,
        eligibility: Eligibility::Anyone,
        new_voters_per_network: None,
        opens_at: None,
        closes_at: None,
        questions,
    }
}

fn problems(draft: PollDraft) -> Vec<(Code, String)> {
    match draft.check(at(100)) {
        Ok(_) => Vec::new(),
        Err(Error::Refused(refusals)) => refusals
            .iter()
            .map(|refusal| (refusal.code(), refusal.path().segments().join(".")))
            .collect(),
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn a_plain_poll_passes_and_its_rules_are_complete() {
    let mut draft = poll(vec![question(
        QuestionKind::Multiple,
        &["Ja", "Nee", "Soms"],
    )]);
    draft.questions[0].rules.max_choices = Some(2);
    let checked = draft.check(at(100)).unwrap();
    let rules = &checked.questions[0].rules;
    assert_eq!((rules.min_choices, rules.max_choices), (Some(1), Some(2)));
}

#[test]
fn every_problem_is_named_at_its_place() {
    let mut draft = poll(vec![
        question(QuestionKind::Single, &["Ja"]),
        question(QuestionKind::Quiz, &["Rust", "Ruimte"]),
        question(QuestionKind::Single, &["Ja", "ja", ""]),
    ]);
    draft.title = String::new();
    draft.closes_at = Some(at(99));
    assert_eq!(
        problems(draft),
        [
            (Code::PollTimesInvalid, "closesAt".to_owned()),
            (Code::Required, "title".to_owned()),
            (Code::OptionCountInvalid, "questions.0.options".to_owned()),
            (Code::RightAnswerMissing, "questions.1.options".to_owned()),
            (
                Code::OptionRepeated,
                "questions.2.options.1.label".to_owned()
            ),
            (Code::Required, "questions.2.options.2.label".to_owned()),
        ]
    );
}

#[test]
fn a_poll_has_1_to_50_questions() {
    let count = |count| {
        let one = question(QuestionKind::Single, &["Ja", "Nee"]);
        problems(poll(vec![one; count]))
    };
    let refused = [(Code::QuestionCountInvalid, "questions".to_owned())];
    assert_eq!(count(0), refused);
    assert_eq!(count(1), []);
    assert_eq!(count(50), []);
    assert_eq!(count(51), refused);
}

#[test]
fn options_are_2_to_50_and_statements_1_to_1000() {
    let count = |kind, count: usize| {
        let labels: Vec<String> = (0..count).map(|number| number.to_string()).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        problems(poll(vec![question(kind, &labels)])).len()
    };
    assert_eq!(
        [1, 2, 50, 51].map(|n| count(QuestionKind::Single, n)),
        [1, 0, 0, 1]
    );
    assert_eq!(
        [0, 1, 1_000, 1_001].map(|n| count(QuestionKind::Statements, n)),
        [1, 0, 0, 1]
    );
}

#[test]
fn a_label_is_as_long_as_its_kind_allows() {
    let length = |kind, length: usize| {
        let long = "a".repeat(length);
        problems(poll(vec![question(kind, &[&long, "b"])])).len()
    };
    assert_eq!([120, 121].map(|n| length(QuestionKind::Single, n)), [0, 1]);
    assert_eq!(
        [1_000, 1_001].map(|n| length(QuestionKind::Statements, n)),
        [0, 1]
    );
}

#[test]
fn rules_fit_the_kind_and_each_other() {
    let with = |kind, rules| {
        let mut one = question(kind, &["Ja", "Nee", "Soms"]);
        one.rules = rules;
        problems(poll(vec![one]))
    };
    let choices = |min, max| Rules {
        min_choices: Some(min),
        max_choices: Some(max),
        ..Rules::default()
    };
    let at = |name: &str| {
        (
            Code::PollConfigurationInvalid,
            format!("questions.0.rules.{name}"),
        )
    };
    assert_eq!(with(QuestionKind::Multiple, choices(1, 3)), []);
    assert_eq!(
        with(QuestionKind::Multiple, choices(0, 3)),
        [at("minChoices")]
    );
    assert_eq!(
        with(QuestionKind::Multiple, choices(2, 1)),
        [at("maxChoices")]
    );
    assert_eq!(
        with(QuestionKind::Multiple, choices(1, 4)),
        [at("maxChoices")]
    );
    assert_eq!(with(QuestionKind::Single, choices(1, 1)), []);
    assert_eq!(
        with(QuestionKind::Single, choices(1, 2)),
        [at("maxChoices")]
    );
    let budget = Rules {
        budget: Some(100),
        ..Rules::default()
    };
    assert_eq!(with(QuestionKind::Single, budget), [at("budget")]);
}

#[test]
fn a_poll_closes_in_the_future_after_it_opens_and_within_a_year() {
    let now = at(100);
    let tick = TimeDelta::microseconds(1);
    assert!(times_fit(None, None, now));
    assert!(times_fit(Some(at(1)), None, now));
    assert!(!times_fit(None, Some(now), now));
    assert!(times_fit(None, Some(now + tick), now));
    assert!(!times_fit(Some(at(110)), Some(at(110)), now));
    assert!(times_fit(Some(at(110)), Some(at(110) + tick), now));
    assert!(times_fit(Some(at(110)), Some(at(110 + 366)), now));
    assert!(!times_fit(Some(at(110)), Some(at(110 + 366) + tick), now));
}
