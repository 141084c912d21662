//! Why a request about an account is declined.

use crate::{
    Locale,
    clock::Instant,
    local_time,
    refusal::{Code, InvalidText, Path, Refusal},
};

/// Why a request about an account is declined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountRefusal {
    /// A text breaks its limits.
    Text(InvalidText),
    /// No mail could reach the address.
    EmailInvalid,
    /// Before the @ stand letters that many mail servers do not take (RFC 6531).
    EmailNotAscii,
    /// The address has an account; told to operators only.
    EmailTaken,
    /// The address is unknown or the password is wrong.
    CredentialsInvalid,
    /// The credentials are right, but the address was not verified yet; a link was mailed.
    EmailNotVerified,
    /// The link was used, replaced, or is older than 24 hours.
    VerificationTokenInvalid,
    /// The visitor's token is not good, or no longer.
    VisitorTokenInvalid,
    /// The refresh token is unknown, or its session has ended.
    RefreshTokenInvalid,
    /// The refresh token was used before; its session has ended now.
    RefreshTokenReused,
    /// Another request with the same refresh token was a moment earlier; nothing ended.
    RefreshTokenRaced,
    /// The link was used, replaced, or is older than 15 minutes.
    LinkTokenInvalid,
    /// All else is right, but the account has a second factor and no code came with it.
    SecondFactorRequired,
    /// The code of the second factor is wrong or was used before.
    SecondFactorInvalid,
    /// The account has a second factor already.
    SecondFactorSet,
    /// No second factor was asked for.
    SecondFactorNotEnrolled,
    /// The account is blocked, until this instant or for good.
    Blocked(Option<Instant>),
    /// The name passes for that of the province, a partner, or those who work for them.
    NameReserved,
    /// The name holds a listed word, a link or personal data.
    NameUnfit,
    /// Moderators hid this name of the account.
    NameHidden,
}

impl Refusal for AccountRefusal {
    fn code(&self) -> Code {
        match self {
            Self::Text(invalid) => invalid.code(),
            Self::EmailInvalid | Self::EmailNotAscii => Code::EmailInvalid,
            Self::EmailTaken => Code::EmailTaken,
            Self::CredentialsInvalid => Code::CredentialsInvalid,
            Self::EmailNotVerified => Code::EmailNotVerified,
            Self::VerificationTokenInvalid => Code::VerificationTokenInvalid,
            Self::VisitorTokenInvalid => Code::VisitorTokenInvalid,
            Self::RefreshTokenInvalid => Code::RefreshTokenInvalid,
            Self::RefreshTokenReused => Code::RefreshTokenReused,
            Self::RefreshTokenRaced => Code::RefreshTokenRaced,
            Self::LinkTokenInvalid => Code::LinkTokenInvalid,
            Self::SecondFactorRequired => Code::SecondFactorRequired,
            Self::SecondFactorInvalid => Code::SecondFactorInvalid,
            Self::SecondFactorSet => Code::SecondFactorSet,
            Self::SecondFactorNotEnrolled => Code::SecondFactorNotEnrolled,
            Self::Blocked(_) => Code::AccountBlocked,
            Self::NameReserved => Code::NameReserved,
            Self::NameUnfit => Code::NameUnfit,
            Self::NameHidden => Code::NameHidden,
        }
    }

    fn path(&self) -> Path {
        match self {
            Self::Text(invalid) => invalid.path(),
            Self::EmailInvalid | Self::EmailNotAscii | Self::EmailTaken => "email".into(),
            Self::VerificationTokenInvalid | Self::LinkTokenInvalid => "token".into(),
            Self::VisitorTokenInvalid => "visitorToken".into(),
            Self::NameReserved | Self::NameUnfit | Self::NameHidden => "displayName".into(),
            Self::RefreshTokenInvalid | Self::RefreshTokenReused | Self::RefreshTokenRaced => {
                "refreshToken".into()
            }
            Self::CredentialsInvalid
            | Self::EmailNotVerified
            | Self::SecondFactorRequired
            | Self::SecondFactorInvalid
            | Self::SecondFactorSet
            | Self::SecondFactorNotEnrolled
            | Self::Blocked(_) => Path::default(),
        }
    }

    fn message(&self, locale: Locale) -> String {
        let (dutch, english) = match self {
            Self::Text(invalid) => return invalid.message(locale),
            Self::Blocked(until) => return blocked(*until, locale),
            Self::EmailInvalid => (
                "Vul een e-mailadres in, zoals naam@voorbeeld.nl.",
                "Fill in an e-mail address, such as name@example.org.",
            ),
            Self::EmailNotAscii => (
                "Niet elke mailserver kent de letters voor de @. Vul een adres in met alleen letters zonder accenten, cijfers en tekens voor de @.",
                "Not every mail server knows the letters before the @. Fill in an address with only letters without accents, digits and signs before the @.",
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
            Self::VisitorTokenInvalid => (
                "Wat u zonder account deed, is niet meer terug te vinden. Probeer het opnieuw zonder.",
                "What you did without an account cannot be found any more. Try again without it.",
            ),
            Self::RefreshTokenInvalid => (
                "Deze sessie is afgelopen. Meld u opnieuw aan.",
                "This session has ended. Sign in again.",
            ),
            Self::RefreshTokenRaced => (
                "Deze sessie is op hetzelfde moment al vernieuwd; gebruik het antwoord daarvan.",
                "This session was renewed at the same moment; use the answer to that.",
            ),
            Self::LinkTokenInvalid => (
                "Deze link is gebruikt of verlopen. Vraag een nieuwe aan.",
                "This link was used or has expired. Ask for a new one.",
            ),
            Self::SecondFactorRequired => (
                "Vul ook de code van uw app in.",
                "Fill in the code of your app as well.",
            ),
            Self::SecondFactorInvalid => (
                "Deze code klopt niet of is al gebruikt. Wacht op de volgende.",
                "This code is wrong or was used. Wait for the next one.",
            ),
            Self::SecondFactorSet => (
                "U hebt al een tweede stap ingesteld.",
                "You have set a second step already.",
            ),
            Self::SecondFactorNotEnrolled => ("Koppel eerst een app.", "Connect an app first."),
            Self::NameReserved => (
                "Deze naam lijkt op die van de provincie, een partner of een medewerker. Kies een andere naam.",
                "This name looks like that of the province, a partner or a member of staff. Choose another name.",
            ),
            Self::NameUnfit => (
                "In deze naam staat een woord, link, adres of nummer dat hier niet kan. Kies een andere naam.",
                "This name holds a word, link, address or number that cannot stand here. Choose another name.",
            ),
            Self::NameHidden => (
                "De moderatoren hebben deze naam verborgen. Kies een andere naam.",
                "The moderators hid this name. Choose another name.",
            ),
            Self::RefreshTokenReused => (
                "Deze sessie is uit voorzorg beëindigd. Meld u opnieuw aan.",
                "This session was ended as a precaution. Sign in again.",
            ),
        };
        locale.pick(dutch, english).to_owned()
    }
}

fn blocked(until: Option<Instant>, locale: Locale) -> String {
    let until = until.map(|until| match locale {
        Locale::Nl => format!(" tot {}", local_time::moment(until, locale)),
        Locale::En => format!(" until {}", local_time::moment(until, locale)),
    });
    let until = until.unwrap_or_default();
    match locale {
        Locale::Nl => format!(
            "Uw account is geblokkeerd{until}. U kunt wel lezen, bezwaar maken, uw gegevens \
             opvragen en uw account verwijderen."
        ),
        Locale::En => format!(
            "Your account is blocked{until}. You can still read, appeal, export your data and \
             erase your account."
        ),
    }
}

impl From<InvalidText> for AccountRefusal {
    fn from(invalid: InvalidText) -> Self {
        Self::Text(invalid)
    }
}
