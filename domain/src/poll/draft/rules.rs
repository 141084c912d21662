//! The rules of a question as typed, checked against its kind and each other, and completed.

use QuestionKind::{
    Multiple, Number, Open, Points, Quiz, Ranking, Scale, Single, Statements, WordCloud,
};

use super::{
    super::{PollRefusal, QuestionKind, Rules},
    QuestionDraft,
};
use crate::{
    refusal::{Checks, Path},
    text::Limits,
};

/// What an end of a scale means.
const SCALE_LABEL: Limits = Limits::new(1, 120);
/// The lowest and the highest step of any scale.
const STEPS: (i32, i32) = (-10, 10);
/// Fewest and most steps of a scale.
const STEP_COUNT: (i32, i32) = (2, 11);
/// The lowest and the highest number of any range.
const NUMBERS: (i32, i32) = (-1_000_000_000, 1_000_000_000);
/// Fewest and most points of a budget, and what it is where nothing is said.
const BUDGET: (i32, i32) = (1, 10_000);
const USUAL_BUDGET: i32 = 100;
/// Seconds of a time limit.
const TIME_LIMIT: (i32, i32) = (1, 3_600);

/// Words of a cloud: most on a ballot, how many where nothing is said, and graphemes of one.
const WORDS: Written = Written {
    most: 10,
    usual: 3,
    length: 25,
};
/// The same of open answers.
const ANSWERS: Written = Written {
    most: 5,
    usual: 1,
    length: 500,
};

struct Written {
    most: i32,
    usual: i32,
    length: i32,
}

/// The rules of a question with so many options, complete; a rule that its kind does not have is
/// refused.
pub(super) fn complete(
    checks: &mut Checks<PollRefusal>,
    path: &Path,
    draft: &QuestionDraft,
    options: usize,
) -> Rules {
    let (kind, rules) = (draft.kind, &draft.rules);
    foreign(checks, path, draft);
    let options = i32::try_from(options).unwrap_or(i32::MAX) + i32::from(rules.other);
    let mut complete = Rules {
        allow_skip: rules.allow_skip,
        none_of_the_above: rules.none_of_the_above,
        other: rules.other,
        shuffled: rules.shuffled,
        ..Rules::default()
    };
    match kind {
        Single | Multiple | Statements | Ranking | Quiz => {}
        Scale => {
            let usual = (rules.scale_min.unwrap_or(1), rules.scale_max.unwrap_or(5));
            range(checks, path, usual, STEPS, STEP_COUNT, &mut complete);
            for (name, typed, label) in [
                (
                    "scaleMinLabel",
                    &rules.scale_min_label,
                    &mut complete.scale_min_label,
                ),
                (
                    "scaleMaxLabel",
                    &rules.scale_max_label,
                    &mut complete.scale_max_label,
                ),
            ] {
                *label = typed
                    .as_ref()
                    .map(|raw| checks.line(path.then(name), raw, SCALE_LABEL));
            }
        }
        Number => {
            let usual = (rules.scale_min.unwrap_or(0), rules.scale_max.unwrap_or(100));
            let counts = (2, i32::MAX);
            range(checks, path, usual, NUMBERS, counts, &mut complete);
            if draft
                .target
                .is_some_and(|target| target < usual.0 || target > usual.1)
            {
                checks.refuse(PollRefusal::Configuration(path.then("target")));
            }
        }
        Points => {
            let budget = rules.budget.unwrap_or(USUAL_BUDGET);
            within(checks, path, "budget", budget, BUDGET);
            complete.budget = Some(budget);
            complete.spend_all = rules.spend_all;
        }
        WordCloud => written(checks, path, rules, &WORDS, &mut complete),
        Open => written(checks, path, rules, &ANSWERS, &mut complete),
    }
    if let Some(seconds) = rules.time_limit_seconds.filter(|_| kind == Quiz) {
        within(checks, path, "timeLimitSeconds", seconds, TIME_LIMIT);
        complete.time_limit_seconds = Some(seconds);
    }
    choices(checks, path, draft, options, &mut complete);
    complete
}

/// Refuses each rule that the kind of question does not have.
fn foreign(checks: &mut Checks<PollRefusal>, path: &Path, draft: &QuestionDraft) {
    let rules = &draft.rules;
    let given: [(&str, bool, &[QuestionKind]); 15] = [
        ("scaleMin", rules.scale_min.is_some(), &[Scale, Number]),
        ("scaleMax", rules.scale_max.is_some(), &[Scale, Number]),
        ("scaleMinLabel", rules.scale_min_label.is_some(), &[Scale]),
        ("scaleMaxLabel", rules.scale_max_label.is_some(), &[Scale]),
        ("budget", rules.budget.is_some(), &[Points]),
        ("spendAll", rules.spend_all, &[Points]),
        (
            "maxAnswers",
            rules.max_answers.is_some(),
            &[WordCloud, Open],
        ),
        ("maxLength", rules.max_length.is_some(), &[WordCloud, Open]),
        ("moderated", rules.moderated, &[WordCloud, Open]),
        ("answersVisible", rules.answers_visible, &[Open]),
        (
            "noneOfTheAbove",
            rules.none_of_the_above,
            &[Single, Multiple, Ranking, Points],
        ),
        ("other", rules.other, &[Single, Multiple]),
        (
            "shuffled",
            rules.shuffled,
            &[Single, Multiple, Statements, Scale, Ranking, Points, Quiz],
        ),
        ("target", draft.target.is_some(), &[Number]),
        (
            "timeLimitSeconds",
            rules.time_limit_seconds.is_some(),
            &[Quiz],
        ),
    ];
    for (name, given, kinds) in given {
        if given && !kinds.contains(&draft.kind) {
            checks.refuse(PollRefusal::Configuration(path.then(name)));
        }
    }
}

/// A range of so many steps, within the widest.
fn range(
    checks: &mut Checks<PollRefusal>,
    path: &Path,
    (min, max): (i32, i32),
    widest: (i32, i32),
    steps: (i32, i32),
    complete: &mut Rules,
) {
    within(checks, path, "scaleMin", min, widest);
    let count = i64::from(max) - i64::from(min) + 1;
    let counts = i64::from(steps.0)..=i64::from(steps.1);
    if max > widest.1 || !counts.contains(&count) {
        checks.refuse(PollRefusal::Configuration(path.then("scaleMax")));
    }
    complete.scale_min = Some(min);
    complete.scale_max = Some(max);
}

fn written(
    checks: &mut Checks<PollRefusal>,
    path: &Path,
    rules: &Rules,
    limits: &Written,
    complete: &mut Rules,
) {
    let answers = rules.max_answers.unwrap_or(limits.usual);
    within(checks, path, "maxAnswers", answers, (1, limits.most));
    let length = rules.max_length.unwrap_or(limits.length);
    within(checks, path, "maxLength", length, (1, limits.length));
    complete.max_answers = Some(answers);
    complete.max_length = Some(length);
    complete.moderated = rules.moderated;
    complete.answers_visible = rules.answers_visible;
}

/// How many options a ballot marks. Only kinds that let the editor choose take other numbers
/// than their own.
fn choices(
    checks: &mut Checks<PollRefusal>,
    path: &Path,
    draft: &QuestionDraft,
    options: i32,
    complete: &mut Rules,
) {
    let (given_min, given_max) = (draft.rules.min_choices, draft.rules.max_choices);
    let (min, max, most, free) = match draft.kind {
        Single | Quiz | Number => (1, 1, 1, false),
        Statements | Scale | Points => (1, options, options, false),
        Multiple => (
            given_min.unwrap_or(1),
            given_max.unwrap_or(options),
            options,
            true,
        ),
        // All of them, or as many as may be ranked.
        Ranking => {
            let max = given_max.unwrap_or(options);
            (
                given_min.unwrap_or(max.clamp(1, options.max(1))),
                max,
                options,
                true,
            )
        }
        WordCloud | Open => {
            for (name, given) in [("minChoices", given_min), ("maxChoices", given_max)] {
                if given.is_some() {
                    checks.refuse(PollRefusal::Configuration(path.then(name)));
                }
            }
            return;
        }
    };
    let fixed = |given: Option<i32>, own: i32| !free && given.is_some_and(|given| given != own);
    if min < 1 || min > most || fixed(given_min, min) {
        checks.refuse(PollRefusal::Configuration(path.then("minChoices")));
    }
    if max < min || max > most || fixed(given_max, max) {
        checks.refuse(PollRefusal::Configuration(path.then("maxChoices")));
    }
    complete.min_choices = Some(min);
    complete.max_choices = Some(max);
}

fn within(
    checks: &mut Checks<PollRefusal>,
    path: &Path,
    name: &str,
    value: i32,
    (min, max): (i32, i32),
) {
    if value < min || value > max {
        checks.refuse(PollRefusal::Configuration(path.then(name)));
    }
}
