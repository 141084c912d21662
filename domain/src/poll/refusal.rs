//! Why a request about a poll or a ballot is declined.

use crate::{
    Locale,
    refusal::{Code, InvalidText, Path, Refusal},
};

/// Why a request about a poll is declined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PollRefusal {
    /// A text breaks its limits.
    Text(InvalidText),
    /// There is no theme with this id.
    ThemeUnknown(Path),
    /// The poll has fewer or more questions than allowed.
    QuestionCount {
        /// Most questions of a poll.
        max: usize,
    },
    /// The poll has no question with this id.
    QuestionUnknown(Path),
    /// Questions of this kind cannot be asked yet.
    KindNotAvailable(Path),
    /// The question has fewer or more options than its kind allows.
    OptionCount {
        /// Where the options stand.
        path: Path,
        /// Fewest options.
        min: usize,
        /// Most options.
        max: usize,
    },
    /// Another option of the question says the same.
    OptionRepeated(Path),
    /// The question has no option with this id.
    OptionUnknown(Path),
    /// A rule does not fit the question's kind or options, or another rule.
    Configuration(Path),
    /// The poll would open more than ten years from now, or close before it opens, in the past,
    /// or after more than a year.
    Times(Path),
    /// The poll has ballots: from the first on, only its wording changes.
    HasBallots(Path),
    /// The poll is not open, so there is nothing to close.
    NotOpen,
    /// The poll is paused.
    Paused,
    /// The poll is closed, and this does not open it again.
    Closed,
    /// The poll was called off.
    Cancelled,
    /// The audience sets the poll's pace: no presenter shows its questions.
    NotARoom,
    /// The question is no longer in the state that the request starts from.
    StateChanged,
    /// A timer runs 1 to 3,600 seconds, and only while a question is open.
    Timer,
    /// The poll is no longer in the run that the request starts from.
    RunChanged,
}

/// Why a ballot is declined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BallotRefusal {
    /// A text breaks its limits.
    Text(InvalidText),
    /// The poll is not open yet.
    PollNotOpen,
    /// The poll is paused.
    PollPaused,
    /// The poll is closed.
    PollClosed,
    /// The poll was called off.
    PollCancelled,
    /// The presenter takes no answers to the question now.
    QuestionNotOpen,
    /// The voter has a ballot already, and the poll's ballots are final.
    AlreadyVoted,
    /// The poll's ballots are final: none is retracted.
    Final,
    /// The ballot marks fewer options than this.
    ChoicesBelowMinimum(usize),
    /// The ballot marks more options than this.
    ChoicesAboveMaximum(usize),
    /// The question does not know a mark of this value; counted from 0.
    ScoreInvalid {
        /// The mark, counted from 0.
        mark: usize,
    },
    /// The question has no such option.
    OptionUnknown {
        /// The mark, counted from 0.
        mark: usize,
    },
    /// An earlier mark names the same option.
    OptionRepeated {
        /// The mark, counted from 0.
        mark: usize,
    },
    /// The ballot skips the question and marks options as well.
    ChoicesNotAllowed,
    /// The question may not be skipped.
    SkipNotAllowed,
    /// The question takes no answers of the voter's own.
    WriteInsNotAllowed,
    /// The idempotency key was used before, for another ballot.
    IdempotencyMismatch,
}

impl Refusal for PollRefusal {
    fn code(&self) -> Code {
        match self {
            Self::Text(invalid) => invalid.code(),
            Self::ThemeUnknown(_) => Code::ThemeUnknown,
            Self::QuestionCount { .. } => Code::QuestionCountInvalid,
            Self::QuestionUnknown(_) => Code::QuestionUnknown,
            Self::KindNotAvailable(_) => Code::KindNotAvailable,
            Self::OptionCount { .. } => Code::OptionCountInvalid,
            Self::OptionRepeated(_) => Code::OptionRepeated,
            Self::OptionUnknown(_) => Code::OptionUnknown,
            Self::Configuration(_) => Code::PollConfigurationInvalid,
            Self::Times(_) => Code::PollTimesInvalid,
            Self::HasBallots(_) => Code::PollHasBallots,
            Self::NotOpen => Code::PollNotOpen,
            Self::Paused => Code::PollPaused,
            Self::Closed => Code::PollClosed,
            Self::Cancelled => Code::PollCancelled,
            Self::NotARoom => Code::NotARoom,
            Self::StateChanged => Code::QuestionStateChanged,
            Self::Timer => Code::TimerInvalid,
            Self::RunChanged => Code::RunChanged,
        }
    }

    fn path(&self) -> Path {
        match self {
            Self::Text(invalid) => invalid.path(),
            Self::QuestionCount { .. } => Path::from("questions"),
            Self::ThemeUnknown(path)
            | Self::QuestionUnknown(path)
            | Self::KindNotAvailable(path)
            | Self::OptionCount { path, .. }
            | Self::OptionRepeated(path)
            | Self::OptionUnknown(path)
            | Self::Configuration(path)
            | Self::Times(path)
            | Self::HasBallots(path) => path.clone(),
            Self::StateChanged => Path::from("state"),
            Self::Timer => Path::from("timerSeconds"),
            Self::RunChanged => Path::from("expectedRun"),
            Self::NotOpen | Self::Paused | Self::Closed | Self::Cancelled | Self::NotARoom => {
                Path::default()
            }
        }
    }

    fn message(&self, locale: Locale) -> String {
        let (dutch, english) = match self {
            Self::Text(invalid) => return invalid.message(locale),
            Self::QuestionCount { max } => {
                return match locale {
                    Locale::Nl => format!("Een peiling heeft 1 tot {max} vragen."),
                    Locale::En => format!("A poll has 1 to {max} questions."),
                };
            }
            Self::OptionCount { min, max, .. } => {
                return match locale {
                    Locale::Nl => format!("Deze soort vraag heeft {min} tot {max} antwoorden."),
                    Locale::En => format!("A question of this kind has {min} to {max} options."),
                };
            }
            Self::ThemeUnknown(_) => ("Dit thema bestaat niet.", "There is no such theme."),
            Self::QuestionUnknown(_) => (
                "De peiling heeft deze vraag niet.",
                "The poll has no such question.",
            ),
            Self::KindNotAvailable(_) => (
                "Deze soort vraag kan nog niet worden gesteld.",
                "Questions of this kind cannot be asked yet.",
            ),
            Self::OptionRepeated(_) => (
                "Dit antwoord staat er al bij.",
                "The question has this option already.",
            ),
            Self::OptionUnknown(_) => (
                "De vraag heeft dit antwoord niet.",
                "The question has no such option.",
            ),
            Self::Configuration(_) => (
                "Deze regel past niet bij de soort vraag, de antwoorden of een andere regel.",
                "This rule does not fit the kind of question, its options or another rule.",
            ),
            Self::Times(_) => (
                "Een peiling opent binnen tien jaar, en sluit in de toekomst en binnen een jaar na \
                 de opening.",
                "A poll opens within ten years, and closes in the future and within a year of its \
                 opening.",
            ),
            Self::HasBallots(_) => (
                "Er is al gestemd; nu kunnen alleen de teksten nog worden verbeterd.",
                "People have voted; from now on only the wording can be mended.",
            ),
            Self::NotOpen => ("De peiling is niet open.", "The poll is not open."),
            Self::Closed => (
                "De peiling is gesloten en gaat niet weer open.",
                "The poll is closed and does not open again.",
            ),
            Self::Paused => ("De peiling staat stil.", "The poll is paused."),
            Self::Cancelled => ("De peiling gaat niet door.", "The poll was called off."),
            Self::NotARoom => (
                "Bij deze peiling bepaalt iedereen zelf het tempo; er is geen zaal.",
                "Everyone answers this poll at their own pace; it has no room.",
            ),
            Self::StateChanged => (
                "De vraag staat inmiddels anders; kijk eerst hoe het er nu voor staat.",
                "The question stands differently by now; look how it stands first.",
            ),
            Self::Timer => (
                "Een tijdklok loopt 1 tot 3600 seconden, en alleen bij een open vraag.",
                "A timer runs 1 to 3,600 seconds, and only while a question is open.",
            ),
            Self::RunChanged => (
                "De peiling is al opnieuw begonnen.",
                "The poll has been restarted already.",
            ),
        };
        locale.pick(dutch, english).to_owned()
    }
}

impl Refusal for BallotRefusal {
    fn code(&self) -> Code {
        match self {
            Self::Text(invalid) => invalid.code(),
            Self::PollNotOpen => Code::PollNotOpen,
            Self::PollPaused => Code::PollPaused,
            Self::PollClosed => Code::PollClosed,
            Self::PollCancelled => Code::PollCancelled,
            Self::QuestionNotOpen => Code::QuestionNotOpen,
            Self::AlreadyVoted => Code::AlreadyVoted,
            Self::Final => Code::BallotFinal,
            Self::ChoicesBelowMinimum(_) => Code::ChoiceCountBelowMinimum,
            Self::ChoicesAboveMaximum(_) => Code::ChoiceCountAboveMaximum,
            Self::ScoreInvalid { .. } => Code::ScoreInvalid,
            Self::OptionUnknown { .. } => Code::OptionUnknown,
            Self::OptionRepeated { .. } => Code::OptionRepeated,
            Self::ChoicesNotAllowed => Code::ChoicesNotAllowed,
            Self::SkipNotAllowed => Code::SkipNotAllowed,
            Self::WriteInsNotAllowed => Code::WriteInsNotAllowed,
            Self::IdempotencyMismatch => Code::IdempotencyMismatch,
        }
    }

    fn path(&self) -> Path {
        match self {
            Self::Text(invalid) => invalid.path(),
            Self::ScoreInvalid { mark } => Path::from("marks").at(*mark).then("value"),
            Self::OptionUnknown { mark } | Self::OptionRepeated { mark } => {
                Path::from("marks").at(*mark).then("optionId")
            }
            Self::ChoicesBelowMinimum(_)
            | Self::ChoicesAboveMaximum(_)
            | Self::ChoicesNotAllowed => Path::from("marks"),
            Self::SkipNotAllowed => Path::from("skip"),
            Self::WriteInsNotAllowed => Path::from("writeIns"),
            Self::IdempotencyMismatch => Path::from("idempotencyKey"),
            _ => Path::default(),
        }
    }

    fn message(&self, locale: Locale) -> String {
        let (dutch, english) = match self {
            Self::Text(invalid) => return invalid.message(locale),
            Self::ChoicesBelowMinimum(min) => {
                return match locale {
                    Locale::Nl => format!("Kies ten minste {min}."),
                    Locale::En => format!("Choose at least {min}."),
                };
            }
            Self::ChoicesAboveMaximum(max) => {
                return match locale {
                    Locale::Nl => format!("Kies hoogstens {max}."),
                    Locale::En => format!("Choose at most {max}."),
                };
            }
            Self::PollNotOpen => ("De peiling is nog niet open.", "The poll is not open yet."),
            Self::PollPaused => ("De peiling staat stil.", "The poll is paused."),
            Self::PollClosed => ("De peiling is gesloten.", "The poll is closed."),
            Self::PollCancelled => ("De peiling gaat niet door.", "The poll was called off."),
            Self::QuestionNotOpen => (
                "Op deze vraag kan nu niet worden gestemd.",
                "This question takes no votes now.",
            ),
            Self::AlreadyVoted => (
                "U hebt al gestemd, en een stem staat hier vast.",
                "You have voted, and a vote is final here.",
            ),
            Self::Final => (
                "Een stem staat hier vast en kan niet worden ingetrokken.",
                "A vote is final here and cannot be retracted.",
            ),
            Self::ScoreInvalid { .. } => (
                "Deze waarde hoort niet bij de vraag.",
                "The question does not know this value.",
            ),
            Self::OptionUnknown { .. } => (
                "De vraag heeft dit antwoord niet.",
                "The question has no such option.",
            ),
            Self::OptionRepeated { .. } => (
                "Dit antwoord is al aangekruist.",
                "This option is marked already.",
            ),
            Self::ChoicesNotAllowed => (
                "Sla de vraag over of kies, niet allebei.",
                "Skip the question or choose, not both.",
            ),
            Self::SkipNotAllowed => (
                "Deze vraag kan niet worden overgeslagen.",
                "This question cannot be skipped.",
            ),
            Self::WriteInsNotAllowed => (
                "Bij deze vraag kunt u geen eigen antwoord geven.",
                "This question takes no answers of your own.",
            ),
            Self::IdempotencyMismatch => (
                "Deze sleutel hoort bij een andere stem.",
                "This key belongs to another vote.",
            ),
        };
        locale.pick(dutch, english).to_owned()
    }
}

impl From<InvalidText> for PollRefusal {
    fn from(invalid: InvalidText) -> Self {
        Self::Text(invalid)
    }
}

impl From<InvalidText> for BallotRefusal {
    fn from(invalid: InvalidText) -> Self {
        Self::Text(invalid)
    }
}
