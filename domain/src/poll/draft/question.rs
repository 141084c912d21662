//! Questions as typed, checked with their options and rules.

use std::collections::HashSet;

use super::{
    super::{PollRefusal, QuestionKind, Rules},
    DESCRIPTION, NONE_LABEL, OPTION_DESCRIPTION, OTHER_LABEL, OptionDraft, PROMPT, QuestionDraft,
    rules,
};
use crate::{
    refusal::{Checks, Path},
    text::{self, Limits},
};

/// Most questions of a poll.
const QUESTIONS: usize = 50;

/// How long an option's label may be.
pub(in crate::poll) fn label_limits(kind: QuestionKind) -> Limits {
    match kind {
        QuestionKind::Statements => Limits::new(1, 1_000),
        QuestionKind::Open => Limits::new(1, 500),
        _ => Limits::new(1, 120),
    }
}

/// Fewest and most options that are typed for a question.
fn option_counts(kind: QuestionKind) -> (usize, usize) {
    match kind {
        QuestionKind::Single
        | QuestionKind::Multiple
        | QuestionKind::Ranking
        | QuestionKind::Points
        | QuestionKind::Quiz => (2, 50),
        QuestionKind::Scale => (1, 50),
        QuestionKind::Statements => (1, 1_000),
        QuestionKind::Number | QuestionKind::WordCloud | QuestionKind::Open => (0, 0),
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
    let (min, max) = option_counts(draft.kind);
    let list = path.then("options");
    let count = draft.options.len();
    let prompt = checks.line(path.then("prompt"), &draft.prompt, PROMPT);
    let description = checks.paragraphs(path.then("description"), &draft.description, DESCRIPTION);
    let rules = rules::complete(checks, &path.then("rules"), &draft, count.clamp(min, max));
    let options = if (min..=max).contains(&count) {
        options(checks, &list, draft.kind, draft.options, &rules)
    } else {
        checks.refuse(PollRefusal::OptionCount {
            path: list,
            min,
            max,
        });
        Vec::new()
    };
    QuestionDraft {
        kind: draft.kind,
        prompt,
        description,
        options,
        rules,
        target: draft.target,
    }
}

fn options(
    checks: &mut Checks<PollRefusal>,
    list: &Path,
    kind: QuestionKind,
    drafts: Vec<OptionDraft>,
    rules: &Rules,
) -> Vec<OptionDraft> {
    let own = [
        (rules.other, OTHER_LABEL),
        (rules.none_of_the_above, NONE_LABEL),
    ];
    let mut seen: HashSet<String> = own
        .into_iter()
        .filter(|(given, _)| *given)
        .map(|(_, label)| text::alike(label))
        .collect();
    let quiz = kind == QuestionKind::Quiz;
    if quiz && !drafts.iter().any(|draft| draft.is_right) {
        checks.refuse(PollRefusal::RightAnswerMissing(list.clone()));
    }
    drafts
        .into_iter()
        .enumerate()
        .map(|(position, draft)| {
            let path = list.at(position);
            let label = checks.line(path.then("label"), &draft.label, label_limits(kind));
            if !label.is_empty() && !seen.insert(text::alike(&label)) {
                checks.refuse(PollRefusal::OptionRepeated(path.then("label")));
            }
            if draft.is_right && !quiz {
                checks.refuse(PollRefusal::Configuration(path.then("isRight")));
            }
            OptionDraft {
                label,
                description: checks.paragraphs(
                    path.then("description"),
                    &draft.description,
                    OPTION_DESCRIPTION,
                ),
                is_right: draft.is_right,
            }
        })
        .collect()
}
