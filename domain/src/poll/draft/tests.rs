//! Every problem of a draft at once, each at its place.

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
        pace: Pace::Audience,
        results_visibility: ResultsVisibility::Always,
        vote_change: VoteChange::Locked,
        eligibility: Eligibility::Anyone,
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

/// The problems of a question of this kind with three options, or none where it has none.
fn with_rules(kind: QuestionKind, rules: Rules, target: Option<i32>) -> Vec<String> {
    let labels: &[&str] = match kind {
        QuestionKind::Number | QuestionKind::WordCloud | QuestionKind::Open => &[],
        _ => &["Ja", "Nee", "Soms"],
    };
    let mut one = question(kind, labels);
    if kind == QuestionKind::Quiz {
        one.options[0].is_right = true;
    }
    one.rules = rules;
    one.target = target;
    problems(poll(vec![one]))
        .into_iter()
        .map(|(code, path)| {
            assert_eq!(code, Code::PollConfigurationInvalid);
            path.trim_start_matches("questions.0.rules.").to_owned()
        })
        .collect()
}

const KINDS: [QuestionKind; 10] = [
    QuestionKind::Single,
    QuestionKind::Multiple,
    QuestionKind::Statements,
    QuestionKind::Scale,
    QuestionKind::Ranking,
    QuestionKind::Points,
    QuestionKind::Number,
    QuestionKind::WordCloud,
    QuestionKind::Open,
    QuestionKind::Quiz,
];

#[test]
fn every_kind_is_asked_without_rules_and_completes_them() {
    for kind in KINDS {
        assert_eq!(
            with_rules(kind, Rules::default(), None),
            [""; 0],
            "{kind:?}"
        );
    }
    let complete = |kind| {
        let mut one = question(kind, &["Ja", "Nee", "Soms"]);
        if !matches!(
            kind,
            QuestionKind::Scale | QuestionKind::Ranking | QuestionKind::Points
        ) {
            one.options.clear();
        }
        let checked = poll(vec![one]).check(at(100)).unwrap();
        checked.questions[0].rules.clone()
    };
    let scale = complete(QuestionKind::Scale);
    assert_eq!((scale.scale_min, scale.scale_max), (Some(1), Some(5)));
    let number = complete(QuestionKind::Number);
    assert_eq!((number.scale_min, number.scale_max), (Some(0), Some(100)));
    let ranking = complete(QuestionKind::Ranking);
    assert_eq!(
        (ranking.min_choices, ranking.max_choices),
        (Some(3), Some(3))
    );
    assert_eq!(complete(QuestionKind::Points).budget, Some(100));
    let words = complete(QuestionKind::WordCloud);
    assert_eq!((words.max_answers, words.max_length), (Some(3), Some(25)));
    let answers = complete(QuestionKind::Open);
    assert_eq!(
        (answers.max_answers, answers.max_length),
        (Some(1), Some(500))
    );
}

#[test]
fn a_rule_of_another_kind_is_refused() {
    type Change = fn(&mut Rules);
    let rules: [(&str, Change, &[QuestionKind]); 9] = [
        (
            "budget",
            |rules| rules.budget = Some(10),
            &[QuestionKind::Points],
        ),
        (
            "spendAll",
            |rules| rules.spend_all = true,
            &[QuestionKind::Points],
        ),
        (
            "moderated",
            |rules| rules.moderated = true,
            &[QuestionKind::WordCloud, QuestionKind::Open],
        ),
        (
            "maxAnswers",
            |rules| rules.max_answers = Some(2),
            &[QuestionKind::WordCloud, QuestionKind::Open],
        ),
        (
            "maxLength",
            |rules| rules.max_length = Some(20),
            &[QuestionKind::WordCloud, QuestionKind::Open],
        ),
        (
            "other",
            |rules| rules.other = true,
            &[QuestionKind::Single, QuestionKind::Multiple],
        ),
        (
            "scaleMinLabel",
            |rules| rules.scale_min_label = Some("Nooit".to_owned()),
            &[QuestionKind::Scale],
        ),
        (
            "timeLimitSeconds",
            |rules| rules.time_limit_seconds = Some(20),
            &[QuestionKind::Quiz],
        ),
        (
            "noneOfTheAbove",
            |rules| rules.none_of_the_above = true,
            &[
                QuestionKind::Single,
                QuestionKind::Multiple,
                QuestionKind::Ranking,
                QuestionKind::Points,
            ],
        ),
    ];
    for kind in KINDS {
        for (name, change, kinds) in &rules {
            let mut with = Rules::default();
            change(&mut with);
            let found = with_rules(kind, with, None);
            let expected = if kinds.contains(&kind) {
                vec![]
            } else {
                vec![*name]
            };
            assert_eq!(found, expected, "{kind:?}");
        }
        let expected = if kind == QuestionKind::Number {
            vec![]
        } else {
            vec!["target"]
        };
        assert_eq!(
            with_rules(kind, Rules::default(), Some(7)),
            expected,
            "{kind:?}"
        );
    }
}

#[test]
fn ranges_budgets_and_limits_have_ends() {
    let range = |kind, min, max| {
        let rules = Rules {
            scale_min: Some(min),
            scale_max: Some(max),
            ..Rules::default()
        };
        with_rules(kind, rules, None).len()
    };
    assert_eq!(
        [
            (1, 1),
            (1, 2),
            (0, 10),
            (0, 11),
            (-10, 0),
            (-11, -5),
            (5, 11),
            (3, 1)
        ]
        .map(|(min, max)| range(QuestionKind::Scale, min, max)),
        [1, 0, 0, 1, 0, 1, 1, 1]
    );
    assert_eq!(
        [
            (0, 0),
            (0, 1),
            (-1_000_000_000, 1_000_000_000),
            (0, 1_000_000_001),
            (i32::MIN, i32::MAX)
        ]
        .map(|(min, max)| range(QuestionKind::Number, min, max)),
        [1, 0, 0, 1, 2]
    );
    let target = |target| with_rules(QuestionKind::Number, Rules::default(), Some(target)).len();
    assert_eq!([-1, 0, 100, 101].map(target), [1, 0, 0, 1]);
    let budget = |budget| {
        let rules = Rules {
            budget: Some(budget),
            ..Rules::default()
        };
        with_rules(QuestionKind::Points, rules, None).len()
    };
    assert_eq!([0, 1, 10_000, 10_001].map(budget), [1, 0, 0, 1]);
    let answers = |kind, most| {
        let rules = Rules {
            max_answers: Some(most),
            ..Rules::default()
        };
        with_rules(kind, rules, None).len()
    };
    assert_eq!(
        [0, 1, 5, 6].map(|most| answers(QuestionKind::Open, most)),
        [1, 0, 0, 1]
    );
    assert_eq!(
        [0, 1, 10, 11].map(|most| answers(QuestionKind::WordCloud, most)),
        [1, 0, 0, 1]
    );
    let length = |kind, most| {
        let rules = Rules {
            max_length: Some(most),
            ..Rules::default()
        };
        with_rules(kind, rules, None).len()
    };
    assert_eq!(
        [0, 1, 500, 501].map(|most| length(QuestionKind::Open, most)),
        [1, 0, 0, 1]
    );
    assert_eq!(
        [0, 1, 25, 26].map(|most| length(QuestionKind::WordCloud, most)),
        [1, 0, 0, 1]
    );
    let seconds = |seconds| {
        let rules = Rules {
            time_limit_seconds: Some(seconds),
            ..Rules::default()
        };
        with_rules(QuestionKind::Quiz, rules, None).len()
    };
    assert_eq!([0, 1, 3_600, 3_601].map(seconds), [1, 0, 0, 1]);
    let first = |most| {
        let rules = Rules {
            max_choices: Some(most),
            ..Rules::default()
        };
        with_rules(QuestionKind::Ranking, rules, None).len()
    };
    assert_eq!([1, 3].map(first), [0, 0]);
    assert_ne!([0, 4].map(first), [0, 0]);
}

#[test]
fn options_are_for_kinds_that_have_them() {
    for kind in [
        QuestionKind::Number,
        QuestionKind::WordCloud,
        QuestionKind::Open,
    ] {
        let found = problems(poll(vec![question(kind, &["Ja"])]));
        assert_eq!(
            found,
            [(Code::OptionCountInvalid, "questions.0.options".to_owned())],
            "{kind:?}"
        );
    }
    assert_eq!(
        problems(poll(vec![question(QuestionKind::Scale, &["Rust"])])),
        []
    );
    let mut single = question(QuestionKind::Single, &["Ja", "Nee"]);
    single.options[1].is_right = true;
    let place = "questions.0.options.1.isRight".to_owned();
    assert_eq!(
        problems(poll(vec![single])),
        [(Code::PollConfigurationInvalid, place)]
    );
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
