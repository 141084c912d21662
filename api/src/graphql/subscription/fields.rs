//! Which fields are the same for everyone of one sight (`domain::poll::Sight`): they come of the
//! state that is executed for, or of what is nobody's in particular. A document that selects only
//! these is executed once for all of them.

use super::super::operation::{Plan, Selection};

/// A field, and the type that it gives where that has fields of its own.
type Field = (&'static str, Option<&'static str>);

/// Fields that are the same, by type. Whatever is in no list here is not shared.
const SAME: &[(&str, &[Field])] = &[
    (
        "Poll",
        &[
            ("id", None),
            ("slug", None),
            ("title", None),
            ("description", None),
            ("descriptionHtml", None),
            ("status", None),
            ("pace", None),
            ("joinCode", None),
            ("opensAt", None),
            ("closesAt", None),
            ("ballotsAnonymizedAt", None),
            ("resultsVisibility", None),
            ("voteChange", None),
            ("eligibility", None),
            ("run", None),
            ("voterCount", None),
            // Read with each state rather than kept with it, and the same whoever asks.
            ("participantCount", None),
            ("participantPeak", None),
            ("commentCount", None),
            ("createdAt", None),
            ("updatedAt", None),
            ("activeQuestion", Some("Question")),
            ("questions", Some("Question")),
        ],
    ),
    (
        "Question",
        &[
            ("id", None),
            ("position", None),
            ("kind", None),
            ("prompt", None),
            ("description", None),
            ("descriptionHtml", None),
            ("state", None),
            ("openedAt", None),
            ("timerEndsAt", None),
            ("rules", Some("QuestionRules")),
            ("results", Some("QuestionResults")),
        ],
    ),
    (
        "QuestionRules",
        &[
            ("minChoices", None),
            ("maxChoices", None),
            ("scaleMin", None),
            ("scaleMax", None),
            ("scaleMinLabel", None),
            ("scaleMaxLabel", None),
            ("budget", None),
            ("maxAnswers", None),
            ("maxLength", None),
            ("allowSkip", None),
            ("spendAll", None),
            ("moderated", None),
            ("answersVisible", None),
            ("noneOfTheAbove", None),
            ("other", None),
            ("shuffled", None),
            ("timeLimitSeconds", None),
            ("target", None),
        ],
    ),
    (
        "PollOption",
        &[
            ("id", None),
            ("label", None),
            ("description", None),
            ("role", None),
            ("isRight", None),
            ("moderation", None),
        ],
    ),
    (
        "QuestionResults",
        &[
            ("revision", None),
            ("voterCount", None),
            ("skipCount", None),
            ("summary", None),
            ("options", Some("OptionResults")),
        ],
    ),
    (
        "OptionResults",
        &[
            ("option", Some("PollOption")),
            ("voterCount", None),
            ("share", None),
            ("percentage", None),
            ("total", None),
            ("mean", None),
            ("meanText", None),
            ("median", None),
            ("medianText", None),
            ("score", None),
            ("scoreText", None),
            ("rank", None),
            ("figure", None),
            ("caption", None),
            ("distribution", Some("ValueCount")),
            ("distributionStep", None),
            ("nearest", Some("ValueCount")),
        ],
    ),
    (
        "ValueCount",
        &[("value", None), ("count", None), ("percentage", None)],
    ),
];

/// Fields that depend on the viewer, or may, by type. Nothing reads it but the test that finds
/// every field in one of the two lists.
#[cfg(test)]
const OWN: &[(&str, &[&str])] = &[
    (
        "Poll",
        &[
            "comments",
            "newVotersPerNetwork",
            "partner",
            "runs",
            "themes",
            "viewerCanComment",
            "viewerCanManage",
            "viewerCanSeeResults",
            "viewerCanVote",
        ],
    ),
    // Shuffled options have an order of the voter's own.
    (
        "Question",
        &[
            "options",
            "otherTexts",
            "resultsByAssurance",
            "resultsByChannel",
            "resultsOfRun",
            "viewerBallot",
        ],
    ),
];

/// Returns true if a plan selects only what is the same for everyone of one sight.
pub(super) fn are_shared(plan: &Plan) -> bool {
    match plan.root.fields.as_slice() {
        [only] if only.name == "pollUpdated" => {
            let selection = only.selection.as_ref();
            selection.is_some_and(|selection| all_same("Poll", selection))
        }
        _ => false,
    }
}

/// Returns true if all that is selected of an object of this type is shared.
fn all_same(of: &str, selection: &Selection) -> bool {
    selection.fields.iter().all(|field| {
        field.name == "__typename"
            || match (shared(of, &field.name), &field.selection) {
                (Some((_, Some(its))), Some(selection)) => all_same(its, selection),
                (Some((_, None)), None) => true,
                _ => false,
            }
    })
}

/// The field of a type, if it is shared.
fn shared(of: &str, field: &str) -> Option<&'static Field> {
    let (_, fields) = SAME.iter().find(|(name, _)| *name == of)?;
    fields.iter().find(|(name, _)| *name == field)
}

#[cfg(test)]
mod tests;
