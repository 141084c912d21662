//! Rules of every kind of question, each at its place.

use super::*;

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
    let rules: [(&str, Change, &[QuestionKind]); 10] = [
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
            "answersVisible",
            |rules| rules.answers_visible = true,
            &[QuestionKind::Open],
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
