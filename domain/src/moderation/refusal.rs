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
    /// The moderator wrote what the case is about.
    OwnCase,
    /// Who made the decision may not judge the appeal against it.
    AppealNeedsAnother,
    /// The decision does not go against its author, or another came after it.
    NotAppealable,
    /// The decision is more than 14 days old.
    AppealTooLate,
    /// There was an appeal against the decision before, or it was made on one.
    AlreadyAppealed,
    /// A block ends more than a minute and at most five years from now.
    BlockTimeInvalid,
    /// Only admins block those who work for the province, and nobody blocks themselves.
    NotToBlock,
    /// The account is not blocked.
    NotBlocked,
    /// The template goes with no such action.
    TemplateActionUnfit,
}

impl Refusal for ModerationRefusal {
    fn code(&self) -> Code {
        match self {
            Self::Text(invalid) => invalid.code(),
            Self::ReasonMissing => Code::Required,
            Self::TooManyCases => Code::ListTooLong,
            Self::NotPublic => Code::ContentNotPublic,
            Self::OwnContent | Self::OwnCase => Code::OwnContent,
            Self::AlreadyReported => Code::AlreadyReported,
            Self::CaseChanged => Code::CaseChanged,
            Self::CaseClaimed => Code::CaseClaimed,
            Self::ActionUnfit | Self::TemplateActionUnfit => Code::ActionUnfit,
            Self::AppealNeedsAnother => Code::AppealNeedsAnotherModerator,
            Self::NotAppealable => Code::DecisionNotAppealable,
            Self::AppealTooLate => Code::AppealTooLate,
            Self::AlreadyAppealed => Code::AlreadyAppealed,
            Self::BlockTimeInvalid => Code::TimeOutOfRange,
            Self::NotToBlock => Code::AccountNotToBlock,
            Self::NotBlocked => Code::AccountNotBlocked,
        }
    }

    fn path(&self) -> Path {
        match self {
            Self::Text(invalid) => invalid.path(),
            Self::ReasonMissing => Path::from("reasonCode"),
            Self::TooManyCases => Path::from("alsoCases"),
            Self::NotPublic | Self::OwnContent | Self::AlreadyReported => Path::from("subjectId"),
            Self::CaseChanged => Path::from("expectedVersion"),
            Self::CaseClaimed | Self::OwnCase | Self::AppealNeedsAnother => Path::from("caseId"),
            Self::ActionUnfit | Self::TemplateActionUnfit => Path::from("action"),
            Self::NotAppealable | Self::AppealTooLate | Self::AlreadyAppealed => {
                Path::from("decisionId")
            }
            Self::BlockTimeInvalid => Path::from("until"),
            Self::NotToBlock | Self::NotBlocked => Path::from("accountId"),
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
            Self::OwnCase => (
                "U schreef dit zelf; een andere moderator beslist erover.",
                "You wrote this yourself; another moderator decides on it.",
            ),
            Self::AppealNeedsAnother => (
                "Over dit bezwaar beslist een andere moderator dan wie het besluit nam; het wacht \
                 tot die er is.",
                "Another moderator than who decided judges this appeal; it waits until there is \
                 one.",
            ),
            Self::NotAppealable => (
                "Tegen dit besluit is geen bezwaar mogelijk.",
                "There is no appeal against this decision.",
            ),
            Self::AppealTooLate => (
                "Bezwaar was mogelijk tot 14 dagen na het besluit.",
                "An appeal was possible until 14 days after the decision.",
            ),
            Self::AlreadyAppealed => (
                "U kunt tegen een besluit één keer bezwaar maken.",
                "You can appeal against a decision once.",
            ),
            Self::BlockTimeInvalid => (
                "Kies een einde in de toekomst, hoogstens vijf jaar vooruit.",
                "Choose an end in the future, at most five years ahead.",
            ),
            Self::NotToBlock => (
                "Dit account kunt u niet blokkeren.",
                "You cannot block this account.",
            ),
            Self::NotBlocked => (
                "Dit account is niet geblokkeerd.",
                "This account is not blocked.",
            ),
            Self::TemplateActionUnfit => (
                "Een sjabloon hoort bij wijzigen vragen, afwijzen, verbergen of blokkeren.",
                "A template goes with asking for changes, rejecting, hiding or blocking.",
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
