//! Why a request about moderation is declined.

use crate::{
    Locale,
    poll::PollRefusal,
    refusal::{Code, InvalidText, Path, Refusal},
};

/// Why a request about moderation is declined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModerationRefusal {
    /// A text breaks its limits.
    Text(InvalidText),
    /// The decision needs a reason.
    ReasonMissing,
    /// More than 100 cases at once.
    TooManyCases,
    /// The public does not see it.
    NotPublic,
    /// The reporter wrote it.
    OwnContent,
    /// The same person reported it before.
    AlreadyReported,
    /// The case is not in the version that the moderator saw.
    CaseChanged,
    /// Another moderator judges the case now.
    CaseClaimed,
    /// The action does not fit what the case is about.
    ActionUnfit,
}

impl Refusal for ModerationRefusal {
    fn code(&self) -> Code {
        match self {
            Self::Text(invalid) => invalid.code(),
            Self::ReasonMissing => Code::Required,
            Self::TooManyCases => Code::ListTooLong,
            Self::NotPublic => Code::ContentNotPublic,
            Self::OwnContent => Code::OwnContent,
            Self::AlreadyReported => Code::AlreadyReported,
            Self::CaseChanged => Code::CaseChanged,
            Self::CaseClaimed => Code::CaseClaimed,
            Self::ActionUnfit => Code::ActionUnfit,
        }
    }

    fn path(&self) -> Path {
        match self {
            Self::Text(invalid) => invalid.path(),
            Self::ReasonMissing => Path::from("reasonCode"),
            Self::TooManyCases => Path::from("alsoCaseIds"),
            Self::NotPublic | Self::OwnContent | Self::AlreadyReported => Path::from("subjectId"),
            Self::CaseChanged => Path::from("expectedVersion"),
            Self::CaseClaimed => Path::from("caseId"),
            Self::ActionUnfit => Path::from("action"),
        }
    }

    fn message(&self, locale: Locale) -> String {
        let (dutch, english) = match self {
            Self::Text(invalid) => return invalid.message(locale),
            Self::ReasonMissing => ("Kies een reden.", "Choose a reason."),
            Self::TooManyCases => (
                "Kies hoogstens 100 zaken tegelijk.",
                "Choose at most 100 cases at once.",
            ),
            Self::NotPublic => (
                "Dit is niet openbaar en kan niet worden gemeld.",
                "This is not public and cannot be reported.",
            ),
            Self::OwnContent => (
                "Wat u zelf schreef, kunt u niet melden.",
                "You cannot report what you wrote yourself.",
            ),
            Self::AlreadyReported => ("U hebt dit al gemeld.", "You reported this before."),
            Self::CaseChanged => (
                "Deze zaak is intussen veranderd; bekijk haar opnieuw.",
                "This case changed in the meantime; look at it again.",
            ),
            Self::CaseClaimed => (
                "Een andere moderator behandelt deze zaak nu.",
                "Another moderator judges this case now.",
            ),
            Self::ActionUnfit => (
                "Dit besluit past niet bij dit soort bijdrage.",
                "This decision does not fit this kind of contribution.",
            ),
        };
        locale.pick(dutch, english).to_owned()
    }
}

impl From<InvalidText> for ModerationRefusal {
    fn from(invalid: InvalidText) -> Self {
        Self::Text(invalid)
    }
}

/// A poll refuses to judge only what no voter wrote, and of that there is no case.
impl From<PollRefusal> for ModerationRefusal {
    fn from(_: PollRefusal) -> Self {
        Self::NotPublic
    }
}
