//! Which fields are the same for everyone of one sight (`domain::poll::Sight`): they come of the
//! state that is executed for, or of what is nobody's in particular. A document that selects only
//! these is executed once for all of them.

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet, TypeCondition};

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

/// Fragments within fragments that are followed; who nests deeper does not share.
const DEPTH: usize = 32;

/// Whether an operation of the document selects only what is the same for everyone of one sight.
pub(super) fn are_shared(document: &ExecutableDocument, operation: Option<&str>) -> bool {
    let asked = document
        .operations
        .iter()
        .find(|(name, _)| operation.is_none_or(|asked| name.is_some_and(|name| name == asked)));
    let Some((_, operation)) = asked else {
        return false;
    };
    match operation.node.selection_set.node.items.as_slice() {
        [only] => match &only.node {
            Selection::Field(field) if field.node.name.node == "pollUpdated" => {
                all_same(document, "Poll", &field.node.selection_set.node, DEPTH)
            }
            _ => false,
        },
        _ => false,
    }
}

fn all_same(document: &ExecutableDocument, of: &str, set: &SelectionSet, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    let is_of = |condition: &TypeCondition| condition.on.node == of;
    set.items.iter().all(|selection| match &selection.node {
        Selection::Field(field) if field.node.name.node == "__typename" => true,
        Selection::Field(field) => match shared(of, &field.node.name.node) {
            Some((_, None)) => true,
            Some((_, Some(its))) => all_same(document, its, &field.node.selection_set.node, depth),
            None => false,
        },
        Selection::InlineFragment(inline) => {
            inline
                .node
                .type_condition
                .as_ref()
                .is_none_or(|condition| is_of(&condition.node))
                && all_same(document, of, &inline.node.selection_set.node, depth)
        }
        Selection::FragmentSpread(spread) => document
            .fragments
            .get(&spread.node.fragment_name.node)
            .is_some_and(|fragment| {
                is_of(&fragment.node.type_condition.node)
                    && all_same(document, of, &fragment.node.selection_set.node, depth)
            }),
    })
}

/// The field of a type, if it is shared.
fn shared(of: &str, field: &str) -> Option<&'static Field> {
    let (_, fields) = SAME.iter().find(|(name, _)| *name == of)?;
    fields.iter().find(|(name, _)| *name == field)
}

#[cfg(test)]
mod tests;
