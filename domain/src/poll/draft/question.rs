//! Questions as typed, checked with their options and rules.

use std::collections::HashSet;

use super::{
    super::{PollRefusal, QuestionKind, Rules},
    DESCRIPTION, OPTION_DESCRIPTION, OptionDraft, PROMPT, QuestionDraft,
};
use crate::{
    refusal::{Checks, Path},
    text::Limits,
};

/// Most questions of a poll.
const QUESTIONS: usize = 50;

/// How long an option's label may be.
pub(in crate::poll) fn label_limits(kind: QuestionKind) -> Limits {
    if kind == QuestionKind::Statements {
        Limits::new(1, 1_000)
    } else {
        Limits::new(1, 120)
    }
}

/// Fewest and most options of a question.
fn option_counts(kind: QuestionKind) -> (usize, usize) {
    if kind == QuestionKind::Statements {
        (1, 1_000)
    } else {
        (2, 50)
    }
}

/// The questions of a poll, each checked.
pub(super) fn all(
    checks: &mut Checks<PollRefusal>,
    drafts: Vec<QuestionDraft>,
) -> Vec<QuestionDraft> {
    if drafts.is_empty() || drafts.len() > QUESTIONS {
        checks.refuse(PollRefusal::QuestionCount { max: QUESTIONS });
        return Vec::new();
    }
    let list = Path::from("questions");
    drafts
        .into_iter()
        .enumerate()
        .map(|(position, draft)| question(checks, &list.at(position), draft))
        .collect()
}

fn question(checks: &mut Checks<PollRefusal>, path: &Path, draft: QuestionDraft) -> QuestionDraft {
    let available = matches!(
        draft.kind,
        QuestionKind::Single | QuestionKind::Multiple | QuestionKind::Statements
    );
    if !available {
        checks.refuse(PollRefusal::KindNotAvailable(path.then("kind")));
    }
    let (min, max) = option_counts(draft.kind);
    let list = path.then("options");
    let count = draft.options.len();
    let options = if available && !(min..=max).contains(&count) {
        checks.refuse(PollRefusal::OptionCount {
            path: list,
            min,
            max,
        });
        Vec::new()
    } else {
        options(checks, &list, draft.kind, draft.options)
    };
    QuestionDraft {
        kind: draft.kind,
        prompt: checks.line(path.then("prompt"), &draft.prompt, PROMPT),
        description: checks.paragraphs(path.then("description"), &draft.description, DESCRIPTION),
        rules: if available {
            rules(
                checks,
                &path.then("rules"),
                draft.kind,
                &draft.rules,
                count.max(min),
            )
        } else {
            draft.rules
        },
        options,
    }
}

fn options(
    checks: &mut Checks<PollRefusal>,
    list: &Path,
    kind: QuestionKind,
    drafts: Vec<OptionDraft>,
) -> Vec<OptionDraft> {
    let mut seen = HashSet::new();
    drafts
        .into_iter()
        .enumerate()
        .map(|(position, draft)| {
            let path = list.at(position);
            let label = checks.line(path.then("label"), &draft.label, label_limits(kind));
            if !label.is_empty() && !seen.insert(label.to_lowercase()) {
                checks.refuse(PollRefusal::OptionRepeated(path.then("label")));
            }
            OptionDraft {
                label,
                description: checks.paragraphs(
                    path.then("description"),
                    &draft.description,
                    OPTION_DESCRIPTION,
                ),
            }
        })
        .collect()
}

/// The rules of a question of this kind, complete; a rule that another kind has is refused.
fn rules(
    checks: &mut Checks<PollRefusal>,
    path: &Path,
    kind: QuestionKind,
    rules: &Rules,
    options: usize,
) -> Rules {
    for (name, foreign) in [
        ("scaleMin", rules.scale_min.is_some()),
        ("scaleMax", rules.scale_max.is_some()),
        ("scaleMinLabel", rules.scale_min_label.is_some()),
        ("scaleMaxLabel", rules.scale_max_label.is_some()),
        ("budget", rules.budget.is_some()),
        ("maxAnswers", rules.max_answers.is_some()),
        ("maxLength", rules.max_length.is_some()),
    ] {
        if foreign {
            checks.refuse(PollRefusal::Configuration(path.then(name)));
        }
    }
    let most = i32::try_from(options).unwrap_or(i32::MAX);
    let (min, max) = match kind {
        QuestionKind::Single => (1, 1),
        QuestionKind::Multiple => (
            rules.min_choices.unwrap_or(1),
            rules.max_choices.unwrap_or(most),
        ),
        _ => (1, most),
    };
    let fixed = kind != QuestionKind::Multiple;
    if min < 1 || min > most || (fixed && rules.min_choices.is_some_and(|given| given != min)) {
        checks.refuse(PollRefusal::Configuration(path.then("minChoices")));
    }
    if max < min || max > most || (fixed && rules.max_choices.is_some_and(|given| given != max)) {
        checks.refuse(PollRefusal::Configuration(path.then("maxChoices")));
    }
    Rules {
        min_choices: Some(min),
        max_choices: Some(max),
        allow_skip: rules.allow_skip,
        ..Rules::default()
    }
}
