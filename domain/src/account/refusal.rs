//! Why a request about an account is declined.

use crate::{
    Locale,
    refusal::{Code, InvalidText, Path, Refusal},
};

/// Why a request about an account is declined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountRefusal {
    /// A text breaks its limits.
    Text(InvalidText),
    /// No mail could reach the address.
    EmailInvalid,
    /// The address has an account; told to operators only.
    EmailTaken,
    /// The address is unknown or the password is wrong.
    CredentialsInvalid,
    /// The credentials are right, but the address was not verified yet; a link was mailed.
    EmailNotVerified,
    /// The link was used, replaced, or is older than 24 hours.
    VerificationTokenInvalid,
    /// The refresh token is unknown, or its session has ended.
    RefreshTokenInvalid,
    /// The refresh token was used before; its session has ended now.
    RefreshTokenReused,
}

impl Refusal for AccountRefusal {
    fn code(&self) -> Code {
        match self {
            Self::Text(invalid) => invalid.code(),
            Self::EmailInvalid => Code::EmailInvalid,
            Self::EmailTaken => Code::EmailTaken,
            Self::CredentialsInvalid => Code::CredentialsInvalid,
            Self::EmailNotVerified => Code::EmailNotVerified,
            Self::VerificationTokenInvalid => Code::VerificationTokenInvalid,
            Self::RefreshTokenInvalid => Code::RefreshTokenInvalid,
            Self::RefreshTokenReused => Code::RefreshTokenReused,
        }
    }

    fn path(&self) -> Path {
        match self {
            Self::Text(invalid) => invalid.path(),
            Self::EmailInvalid | Self::EmailTaken => "email".into(),
            Self::VerificationTokenInvalid => "token".into(),
            Self::RefreshTokenInvalid | Self::RefreshTokenReused => "refreshToken".into(),
            Self::CredentialsInvalid | Self::EmailNotVerified => Path::default(),
        }
    }

    fn message(&self, locale: Locale) -> String {
        let (dutch, english) = match self {
            Self::Text(invalid) => return invalid.message(locale),
            Self::EmailInvalid => (
                "Vul een e-mailadres in, zoals naam@voorbeeld.nl.",
                "Fill in an e-mail address, such as name@example.org.",
            ),
            Self::EmailTaken => (
                "Dit e-mailadres heeft al een account.",
                "This e-mail address already has an account.",
            ),
            Self::CredentialsInvalid => (
                "Het e-mailadres of het wachtwoord klopt niet.",
                "The e-mail address or the password is wrong.",
            ),
            Self::EmailNotVerified => (
                "Bevestig eerst uw e-mailadres: we hebben u opnieuw een link gemaild.",
                "Confirm your e-mail address first: we have mailed you a new link.",
            ),
            Self::VerificationTokenInvalid => (
                "Deze link is gebruikt of verlopen. Meld u aan om een nieuwe te krijgen.",
                "This link was used or has expired. Sign in to get a new one.",
            ),
            Self::RefreshTokenInvalid => (
                "Deze sessie is afgelopen. Meld u opnieuw aan.",
                "This session has ended. Sign in again.",
            ),
            Self::RefreshTokenReused => (
                "Deze sessie is uit voorzorg beëindigd. Meld u opnieuw aan.",
                "This session was ended as a precaution. Sign in again.",
            ),
        };
        locale.pick(dutch, english).to_owned()
    }
}

impl From<InvalidText> for AccountRefusal {
    fn from(invalid: InvalidText) -> Self {
        Self::Text(invalid)
    }
}
