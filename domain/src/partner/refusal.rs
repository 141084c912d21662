//! Why a request about a partner is declined.

use crate::{
    Locale,
    refusal::{Code, InvalidText, Path, Refusal},
};

/// Why a request about a partner is declined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartnerRefusal {
    /// A text breaks its limits.
    Text(InvalidText),
    /// The website is no https address.
    Website,
    /// There is no municipality with this code.
    MunicipalityUnknown,
    /// No mail could reach the address.
    Email,
    /// So many people work for the partner already.
    MembersFull,
}

impl Refusal for PartnerRefusal {
    fn code(&self) -> Code {
        match self {
            Self::Text(invalid) => invalid.code(),
            Self::Website => Code::UrlInvalid,
            Self::MunicipalityUnknown => Code::MunicipalityUnknown,
            Self::Email => Code::EmailInvalid,
            Self::MembersFull => Code::ListTooLong,
        }
    }

    fn path(&self) -> Path {
        match self {
            Self::Text(invalid) => invalid.path(),
            Self::Website => Path::from("website"),
            Self::MunicipalityUnknown => Path::from("municipalityCode"),
            Self::Email | Self::MembersFull => Path::from("email"),
        }
    }

    fn message(&self, locale: Locale) -> String {
        let (dutch, english) = match self {
            Self::Text(invalid) => return invalid.message(locale),
            Self::Website => (
                "Geef het adres van een site, beginnend met https://.",
                "Give the address of a site, starting with https://.",
            ),
            Self::MunicipalityUnknown => (
                "Deze gemeente van Overijssel is er niet.",
                "There is no such municipality in Overijssel.",
            ),
            Self::Email => (
                "Naar dit adres kan geen e-mail worden gestuurd.",
                "No mail can be sent to this address.",
            ),
            Self::MembersFull => (
                "Bij een partner werken hoogstens 100 mensen.",
                "At most 100 people work for a partner.",
            ),
        };
        match locale {
            Locale::Nl => dutch,
            Locale::En => english,
        }
        .to_owned()
    }
}

impl From<InvalidText> for PartnerRefusal {
    fn from(invalid: InvalidText) -> Self {
        Self::Text(invalid)
    }
}
