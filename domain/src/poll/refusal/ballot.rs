//! Why a ballot is declined.

use crate::{
    Locale,
    refusal::{Code, InvalidText, Path, Refusal},
};

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
    /// The question does not know a mark of this value.
    ScoreInvalid {
        /// The mark, counted from 0.
        mark: usize,
    },
    /// The mark's value is below the lowest step or number.
    ScoreBelowMinimum {
        /// The mark, counted from 0.
        mark: usize,
        /// The lowest.
        min: i32,
    },
    /// The mark's value is above the highest step or number.
    ScoreAboveMaximum {
        /// The mark, counted from 0.
        mark: usize,
        /// The highest.
        max: i32,
    },
    /// The mark takes points away.
    ScoreNegative {
        /// The mark, counted from 0.
        mark: usize,
    },
    /// The ballot gives more points than there are.
    DotsExceeded {
        /// How many there are.
        budget: i32,
    },
    /// The ballot leaves points that must be given.
    DotsUnspent {
        /// How many must be given.
        budget: i32,
    },
    /// The ballot ranks fewer or more options than asked.
    RankedChoiceCount {
        /// Fewest.
        min: usize,
        /// Most.
        max: usize,
    },
    /// The place is not one of 1 up to the number of ranked options, or another mark has it.
    RankSequence {
        /// The mark, counted from 0.
        mark: usize,
    },
    /// The mark says none of the options, and the ballot says more.
    NoneOfTheAboveWithChoices {
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
    /// The ballot has more answers of the voter's own than this.
    WriteInsAboveMaximum(usize),
    /// The option that the voter words is marked without the words.
    OtherTextRequired,
    /// The idempotency key was used before, for another ballot.
    IdempotencyMismatch,
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
            Self::ChoicesAboveMaximum(_) | Self::WriteInsAboveMaximum(_) => {
                Code::ChoiceCountAboveMaximum
            }
            Self::ScoreInvalid { .. } => Code::ScoreInvalid,
            Self::ScoreBelowMinimum { .. } => Code::ScoreBelowMinimum,
            Self::ScoreAboveMaximum { .. } => Code::ScoreAboveMaximum,
            Self::ScoreNegative { .. } => Code::ScoreNegative,
            Self::DotsExceeded { .. } => Code::DotsExceeded,
            Self::DotsUnspent { .. } => Code::DotsUnspent,
            Self::RankedChoiceCount { .. } => Code::RankedChoiceCountInvalid,
            Self::RankSequence { .. } => Code::RankSequenceInvalid,
            Self::NoneOfTheAboveWithChoices { .. } => Code::NoneOfTheAboveWithChoices,
            Self::OptionUnknown { .. } => Code::OptionUnknown,
            Self::OptionRepeated { .. } => Code::OptionRepeated,
            Self::ChoicesNotAllowed => Code::ChoicesNotAllowed,
            Self::SkipNotAllowed => Code::SkipNotAllowed,
            Self::WriteInsNotAllowed => Code::WriteInsNotAllowed,
            Self::OtherTextRequired => Code::OtherTextRequired,
            Self::IdempotencyMismatch => Code::IdempotencyMismatch,
        }
    }

    fn path(&self) -> Path {
        match self {
            Self::Text(invalid) => invalid.path(),
            Self::ScoreInvalid { mark }
            | Self::ScoreBelowMinimum { mark, .. }
            | Self::ScoreAboveMaximum { mark, .. }
            | Self::ScoreNegative { mark }
            | Self::RankSequence { mark } => Path::from("marks").at(*mark).then("value"),
            Self::OptionUnknown { mark }
            | Self::OptionRepeated { mark }
            | Self::NoneOfTheAboveWithChoices { mark } => {
                Path::from("marks").at(*mark).then("optionId")
            }
            Self::ChoicesBelowMinimum(_)
            | Self::ChoicesAboveMaximum(_)
            | Self::ChoicesNotAllowed
            | Self::DotsExceeded { .. }
            | Self::DotsUnspent { .. }
            | Self::RankedChoiceCount { .. } => Path::from("marks"),
            Self::SkipNotAllowed => Path::from("skip"),
            Self::WriteInsNotAllowed | Self::WriteInsAboveMaximum(_) | Self::OtherTextRequired => {
                Path::from("writeIns")
            }
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
            Self::WriteInsAboveMaximum(max) => {
                return match locale {
                    Locale::Nl => format!("Geef hoogstens {max} eigen antwoorden."),
                    Locale::En => format!("Give at most {max} answers of your own."),
                };
            }
            Self::ScoreBelowMinimum { min, .. } => {
                return match locale {
                    Locale::Nl => format!("Kies {min} of hoger."),
                    Locale::En => format!("Choose {min} or higher."),
                };
            }
            Self::ScoreAboveMaximum { max, .. } => {
                return match locale {
                    Locale::Nl => format!("Kies {max} of lager."),
                    Locale::En => format!("Choose {max} or lower."),
                };
            }
            Self::DotsExceeded { budget } => {
                return match locale {
                    Locale::Nl => format!("Verdeel hoogstens {budget} punten."),
                    Locale::En => format!("Spread at most {budget} points."),
                };
            }
            Self::DotsUnspent { budget } => {
                return match locale {
                    Locale::Nl => format!("Verdeel alle {budget} punten."),
                    Locale::En => format!("Spread all {budget} points."),
                };
            }
            Self::RankedChoiceCount { min, max } => {
                return match locale {
                    Locale::Nl if min == max => format!("Zet er precies {min} op volgorde."),
                    Locale::Nl => format!("Zet er {min} tot {max} op volgorde."),
                    Locale::En if min == max => format!("Rank exactly {min}."),
                    Locale::En => format!("Rank {min} to {max}."),
                };
            }
            Self::ScoreNegative { .. } => {
                ("Punten aftrekken kan niet.", "Points cannot be taken away.")
            }
            Self::RankSequence { .. } => (
                "De plaatsen lopen van 1 op zonder gaten, elk één keer.",
                "Places run from 1 without gaps, each once.",
            ),
            Self::NoneOfTheAboveWithChoices { .. } => (
                "Kies geen van deze of iets anders, niet allebei.",
                "Choose none of these or something else, not both.",
            ),
            Self::OtherTextRequired => ("Schrijf erbij wat u bedoelt.", "Write what you mean."),
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

impl From<InvalidText> for BallotRefusal {
    fn from(invalid: InvalidText) -> Self {
        Self::Text(invalid)
    }
}
