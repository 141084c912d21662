//! What authors are told of what they send.

use async_graphql::{Context, Enum, SimpleObject};
use domain::{
    refusal::Path,
    screening::{FindingCode, Screening},
};

use crate::graphql::context::request;

/// Something to tell an author about what they send. Nothing is refused for it; some of it is why
/// a moderator looks first.
#[derive(SimpleObject)]
pub(crate) struct ContributionWarning {
    /// Stable; branch on this.
    code: ContributionWarningCode,
    /// One plain sentence for people, Dutch or English by the request's `Accept-Language`.
    message: String,
    /// The place in the arguments, outermost first, such as `["input", "body"]`, or for a story
    /// that was submitted its field, such as `["story", "title"]`; null where it is about no text.
    field: Option<Vec<String>>,
    /// What it is about, as it was typed, at most 100 characters; null where that is the whole
    /// text, or no text.
    excerpt: Option<String>,
    /// Whether this is a reason to hold a contribution until a moderator has seen it; those of
    /// editors, moderators and admins are not held.
    is_held_for: bool,
}

/// The stable codes of warnings. New ones may be added.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContributionWarningCode {
    /// You contributed a lot in a short time.
    TooManyRecently,
    /// The same text came in during the last 24 hours; a short one only counts as your own.
    TextRepeated,
    /// Half of the text or more is links.
    MostlyLinks,
    /// Half of the letters or more are capitals.
    ManyCapitals,
    /// Two or more exclamation or question marks stand in a row.
    RepeatedSigns,
    /// A word is on the list of its language.
    ListedWord,
    /// An e-mail address, Dutch telephone number, IBAN or BSN, which everyone could read.
    PersonalData,
    /// It is among your first contributions, which a moderator reads before they appear.
    NewAuthor,
    /// A moderator reads all contributions of this kind before they appear.
    ReadFirst,
}

/// What of a screening its author is told; `place` says where each of its texts stands.
pub(crate) fn warnings(
    ctx: &Context<'_>,
    screening: &Screening,
    place: impl Fn(usize) -> Path,
) -> Vec<ContributionWarning> {
    let locale = request(ctx).locale;
    screening
        .findings()
        .iter()
        .filter_map(|finding| {
            Some(ContributionWarning {
                code: ContributionWarningCode::of(finding.code)?,
                message: finding.code.message(locale)?.to_owned(),
                field: finding
                    .place
                    .as_ref()
                    .map(|found| place(found.text).segments().to_vec()),
                excerpt: finding.excerpt.clone(),
                is_held_for: finding.code.holds(),
            })
        })
        .collect()
}

impl ContributionWarningCode {
    /// The warning for what was found; none for what authors are not told.
    fn of(code: FindingCode) -> Option<Self> {
        Some(match code {
            FindingCode::HoneypotFilled | FindingCode::SentTooFast => return None,
            FindingCode::TooManyRecently => Self::TooManyRecently,
            FindingCode::TextRepeated => Self::TextRepeated,
            FindingCode::MostlyLinks => Self::MostlyLinks,
            FindingCode::ManyCapitals => Self::ManyCapitals,
            FindingCode::RepeatedSigns => Self::RepeatedSigns,
            FindingCode::ListedWord => Self::ListedWord,
            FindingCode::PersonalData => Self::PersonalData,
            FindingCode::NewAuthor => Self::NewAuthor,
            FindingCode::ReadFirst => Self::ReadFirst,
        })
    }
}
