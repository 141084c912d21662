//! Why a request about a theme is declined.

use crate::{
    Locale,
    refusal::{Code, InvalidText, Path, Refusal},
};

/// Why a request about a theme is declined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThemeRefusal {
    /// A text breaks its limits.
    Text(InvalidText),
}

impl Refusal for ThemeRefusal {
    fn code(&self) -> Code {
        match self {
            Self::Text(invalid) => invalid.code(),
        }
    }

    fn path(&self) -> Path {
        match self {
            Self::Text(invalid) => invalid.path(),
        }
    }

    fn message(&self, locale: Locale) -> String {
        match self {
            Self::Text(invalid) => invalid.message(locale),
        }
    }
}

impl From<InvalidText> for ThemeRefusal {
    fn from(invalid: InvalidText) -> Self {
        Self::Text(invalid)
    }
}
