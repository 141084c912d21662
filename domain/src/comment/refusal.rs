//! Why a request about a comment is declined.

use crate::{
    Locale,
    refusal::{Code, InvalidText, Path, Refusal},
};

/// Why a request about a comment is declined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommentRefusal {
    /// A text breaks its limits.
    Text(InvalidText),
    /// The language is none of those a comment may be written in.
    LanguageUnknown,
    /// The subject takes no comments now.
    Closed,
    /// The parent stands under another subject.
    ParentElsewhere,
    /// The parent is at depth 3 already.
    TooDeep,
    /// The comment at this place of the input was deleted, removed, or awaits a moderator.
    NotVisible(&'static str),
    /// The comment was posted more than 15 minutes ago.
    EditWindowClosed,
    /// Nobody supports what they wrote themselves.
    OwnComment,
}

impl Refusal for CommentRefusal {
    fn code(&self) -> Code {
        match self {
            Self::Text(invalid) => invalid.code(),
            Self::LanguageUnknown => Code::LanguageUnknown,
            Self::Closed => Code::CommentsClosed,
            Self::ParentElsewhere => Code::CommentParentElsewhere,
            Self::TooDeep => Code::CommentTooDeep,
            Self::NotVisible(_) => Code::CommentNotVisible,
            Self::EditWindowClosed => Code::EditWindowClosed,
            Self::OwnComment => Code::OwnComment,
        }
    }

    fn path(&self) -> Path {
        match self {
            Self::Text(invalid) => invalid.path(),
            Self::LanguageUnknown => Path::from("language"),
            Self::Closed => Path::default(),
            Self::ParentElsewhere | Self::TooDeep => Path::from("parentId"),
            Self::NotVisible(argument) => Path::from(*argument),
            Self::EditWindowClosed | Self::OwnComment => Path::from("commentId"),
        }
    }

    fn message(&self, locale: Locale) -> String {
        let (dutch, english) = match self {
            Self::Text(invalid) => return invalid.message(locale),
            Self::LanguageUnknown => ("Kies een taal uit de lijst.", "Choose a listed language."),
            Self::Closed => (
                "Hier kan nu niet op worden gereageerd.",
                "This takes no comments now.",
            ),
            Self::ParentElsewhere => (
                "De reactie waarop u antwoordt, staat ergens anders.",
                "The comment that you reply to stands elsewhere.",
            ),
            Self::TooDeep => (
                "Op dit antwoord kan niet verder worden geantwoord; antwoord een niveau hoger.",
                "This reply takes no further replies; reply one level up.",
            ),
            Self::NotVisible(_) => (
                "Deze reactie is niet zichtbaar: verwijderd, of nog niet beoordeeld.",
                "This comment cannot be seen: it was removed, or awaits a moderator.",
            ),
            Self::EditWindowClosed => (
                "Een reactie kan tot 15 minuten na plaatsing worden gewijzigd.",
                "A comment can be changed until 15 minutes after it was posted.",
            ),
            Self::OwnComment => (
                "Uw eigen reactie kunt u niet steunen.",
                "You cannot support your own comment.",
            ),
        };
        locale.pick(dutch, english).to_owned()
    }
}

impl From<InvalidText> for CommentRefusal {
    fn from(invalid: InvalidText) -> Self {
        Self::Text(invalid)
    }
}
