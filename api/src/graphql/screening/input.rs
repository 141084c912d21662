//! What clients send to be screened.

use async_graphql::{Enum, InputObject};
use domain::screening;

use crate::graphql::scalar::DateTime;

/// What the form tells that something was typed in. It tells programs from people; who sends
/// nothing of it is treated as a person.
#[derive(InputObject, Default)]
pub(crate) struct FormInput {
    /// What stands in a field that people do not see and leave empty: a text where a program
    /// filled it in. What it says is not kept.
    honeypot: Option<String>,
    /// When the form was opened, by the client's clock: who sends it within 3 seconds, or as many
    /// as the server is set to, did not type.
    opened_at: Option<DateTime>,
}

/// What kind of thing someone is about to contribute.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "screening::ContributionKind")]
pub(crate) enum ContributionKind {
    /// A story; a moderator reads each before it appears.
    Story,
    /// A comment.
    Comment,
    /// An answer of a voter's own in a poll.
    Answer,
}

/// Texts that someone is about to contribute.
#[derive(InputObject)]
pub(crate) struct ContributionScreeningInput {
    /// What they are to become.
    pub(super) kind: ContributionKind,
    /// The title of a story, at most 20,000 characters.
    pub(super) title: Option<String>,
    /// The summary of a story, at most 20,000 characters.
    pub(super) summary: Option<String>,
    /// The body of a story or comment, or the answer; at most 20,000 characters.
    pub(super) body: Option<String>,
    /// The language that they are written in (BCP 47), such as `nl`; null where that is not known.
    pub(super) language: Option<String>,
}

impl From<FormInput> for screening::Form {
    fn from(input: FormInput) -> Self {
        Self {
            honeypot: input.honeypot,
            opened_at: input.opened_at.map(|time| time.0),
        }
    }
}

/// What an input without a form tells of it: nothing.
pub(crate) fn form(input: Option<FormInput>) -> screening::Form {
    input.map(Into::into).unwrap_or_default()
}
