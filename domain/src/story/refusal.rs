//! Why a request about a story is declined.

use crate::{
    Locale,
    refusal::{Code, InvalidText, Path, Refusal},
};

/// Why a request about a story is declined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoryRefusal {
    /// A text breaks its limits.
    Text(InvalidText),
    /// The language is none of those a story may be written in.
    LanguageUnknown,
    /// There is no municipality with this code.
    MunicipalityUnknown,
    /// There is no theme with the id at this position.
    ThemeUnknown {
        /// The position in the input, from 0.
        position: usize,
    },
    /// More themes than a story may have.
    TooManyThemes {
        /// The most a story may have.
        max: usize,
    },
    /// The instant is before 2000 or more than a year ahead.
    TimeOutOfRange,
    /// The story waits for a judgement already, or needs none.
    AlreadySubmitted,
    /// Its author has not offered the story yet.
    NotSubmitted,
    /// The moderators asked its author to change the story first.
    ChangesRequested,
    /// The public sees the story already.
    AlreadyPublished,
    /// The public does not see the story.
    NotPublic,
    /// The moderators rejected or hid the story.
    Rejected,
    /// The story was withdrawn or put away.
    Withdrawn,
    /// There is no story with the id at this position.
    StoryUnknown {
        /// The position in the input, from 0.
        position: usize,
    },
    /// The story at this position was named before.
    StoryTwice {
        /// The position in the input, from 0.
        position: usize,
    },
    /// The story at this position stands in another series.
    StoryInOtherSeries {
        /// The position in the input, from 0.
        position: usize,
    },
    /// More stories than a series may have.
    TooManyStories {
        /// The most a series may have.
        max: usize,
    },
}

impl Refusal for StoryRefusal {
    fn code(&self) -> Code {
        match self {
            Self::Text(invalid) => invalid.code(),
            Self::LanguageUnknown => Code::LanguageUnknown,
            Self::MunicipalityUnknown => Code::MunicipalityUnknown,
            Self::ThemeUnknown { .. } => Code::ThemeUnknown,
            Self::TooManyThemes { .. } | Self::TooManyStories { .. } => Code::ListTooLong,
            Self::TimeOutOfRange => Code::TimeOutOfRange,
            Self::AlreadySubmitted => Code::StoryAlreadySubmitted,
            Self::NotSubmitted => Code::StoryNotSubmitted,
            Self::ChangesRequested => Code::StoryChangesRequested,
            Self::AlreadyPublished => Code::StoryAlreadyPublished,
            Self::NotPublic => Code::StoryNotPublic,
            Self::Rejected => Code::StoryRejected,
            Self::Withdrawn => Code::StoryWithdrawn,
            Self::StoryUnknown { .. } => Code::StoryUnknown,
            Self::StoryTwice { .. } => Code::StoryTwice,
            Self::StoryInOtherSeries { .. } => Code::StoryInOtherSeries,
        }
    }

    fn path(&self) -> Path {
        match self {
            Self::Text(invalid) => invalid.path(),
            Self::LanguageUnknown => Path::from("language"),
            Self::MunicipalityUnknown => Path::from("municipalityCode"),
            Self::ThemeUnknown { position } => Path::from("themeIds").at(*position),
            Self::TooManyThemes { .. } => Path::from("themeIds"),
            Self::TimeOutOfRange => Path::from("publishedAt"),
            Self::StoryUnknown { position }
            | Self::StoryTwice { position }
            | Self::StoryInOtherSeries { position } => Path::from("storyIds").at(*position),
            Self::TooManyStories { .. } => Path::from("storyIds"),
            Self::AlreadySubmitted
            | Self::NotSubmitted
            | Self::ChangesRequested
            | Self::AlreadyPublished
            | Self::NotPublic
            | Self::Rejected
            | Self::Withdrawn => Path::default(),
        }
    }

    fn message(&self, locale: Locale) -> String {
        let (dutch, english) = match self {
            Self::Text(invalid) => return invalid.message(locale),
            Self::TooManyThemes { max } => {
                return match locale {
                    Locale::Nl => format!("Kies hoogstens {max} thema's."),
                    Locale::En => format!("Choose at most {max} themes."),
                };
            }
            Self::TooManyStories { max } => {
                return match locale {
                    Locale::Nl => format!("Een reeks heeft hoogstens {max} verhalen."),
                    Locale::En => format!("A series has at most {max} stories."),
                };
            }
            Self::LanguageUnknown => ("Kies een taal uit de lijst.", "Choose a listed language."),
            Self::MunicipalityUnknown => (
                "Deze gemeente kennen we niet.",
                "We do not know this municipality.",
            ),
            Self::ThemeUnknown { .. } => ("Dit thema is er niet.", "There is no such theme."),
            Self::TimeOutOfRange => (
                "Kies een tijd na het jaar 2000 en hoogstens een jaar vooruit.",
                "Choose a time after the year 2000 and at most a year ahead.",
            ),
            Self::AlreadySubmitted => (
                "Dit verhaal is al ingediend.",
                "This story has been submitted already.",
            ),
            Self::NotSubmitted => (
                "De schrijver heeft dit verhaal nog niet ingediend.",
                "The author has not submitted this story yet.",
            ),
            Self::ChangesRequested => (
                "De schrijver is gevraagd dit verhaal eerst aan te passen.",
                "The author was asked to change this story first.",
            ),
            Self::AlreadyPublished => (
                "Dit verhaal is al gepubliceerd.",
                "This story has been published already.",
            ),
            Self::NotPublic => ("Dit verhaal is niet openbaar.", "This story is not public."),
            Self::Rejected => (
                "Dit verhaal is afgekeurd of verborgen.",
                "This story was rejected or hidden.",
            ),
            Self::Withdrawn => ("Dit verhaal is ingetrokken.", "This story was withdrawn."),
            Self::StoryUnknown { .. } => ("Dit verhaal is er niet.", "There is no such story."),
            Self::StoryTwice { .. } => (
                "Dit verhaal staat al eerder in de lijst.",
                "This story is in the list before.",
            ),
            Self::StoryInOtherSeries { .. } => (
                "Dit verhaal staat in een andere reeks; haal het daar eerst uit.",
                "This story stands in another series; take it out there first.",
            ),
        };
        locale.pick(dutch, english).to_owned()
    }
}

impl From<InvalidText> for StoryRefusal {
    fn from(invalid: InvalidText) -> Self {
        Self::Text(invalid)
    }
}
