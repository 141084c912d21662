//! Why a request about an embed is declined.

use super::{Accent, SubjectProblem, origin};
use crate::{
    Locale,
    refusal::{Code, Path, Refusal},
};

/// Why a request about an embed is declined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EmbedRefusal {
    /// It may stand nowhere.
    OriginsMissing,
    /// It may stand on more than 20 origins.
    OriginsTooMany,
    /// One of the origins is none.
    Origin(Path, origin::Problem),
    /// The colour cannot be read.
    ColorInvalid,
    /// The colour is too light; this shade of it is not.
    ContrastTooLow {
        /// The nearest darker shade that would pass.
        nearest: Accent,
    },
    /// The key cannot be read, or is of another kind.
    SubjectKeyInvalid,
    /// The poll is in the name of another partner.
    PollOfOtherPartner,
    /// The embed is shown nowhere any more.
    Revoked,
    /// What the partner signed of its visitor is not taken.
    Subject(SubjectProblem),
}

impl Refusal for EmbedRefusal {
    fn code(&self) -> Code {
        match self {
            Self::OriginsMissing => Code::Required,
            Self::OriginsTooMany => Code::ListTooLong,
            Self::Origin(_, origin::Problem::Form) => Code::OriginInvalid,
            Self::Origin(_, origin::Problem::Wildcard) => Code::OriginWildcard,
            Self::Origin(_, origin::Problem::Insecure) => Code::OriginInsecure,
            Self::ColorInvalid => Code::ColorInvalid,
            Self::ContrastTooLow { .. } => Code::ContrastTooLow,
            Self::SubjectKeyInvalid => Code::SubjectKeyInvalid,
            Self::PollOfOtherPartner => Code::PollOfOtherPartner,
            Self::Revoked => Code::EmbedRevoked,
            Self::Subject(_) => Code::SubjectInvalid,
        }
    }

    fn path(&self) -> Path {
        match self {
            Self::OriginsMissing | Self::OriginsTooMany => Path::from("allowedOrigins"),
            Self::Origin(path, _) => path.clone(),
            Self::ColorInvalid | Self::ContrastTooLow { .. } => Path::from("accentColor"),
            Self::SubjectKeyInvalid => Path::from("subjectKey"),
            Self::PollOfOtherPartner => Path::from("pollId"),
            Self::Revoked => Path::from("embedId"),
            Self::Subject(_) => Path::from("subject"),
        }
    }

    fn message(&self, locale: Locale) -> String {
        let (dutch, english) = match self {
            Self::ContrastTooLow { nearest } => return too_light(*nearest, locale),
            Self::Subject(problem) => return of_subject(*problem, locale),
            Self::Origin(_, problem) => return of_origin(*problem, locale),
            Self::OriginsMissing => (
                "Noem ten minste één site waarop de peiling mag staan.",
                "Name at least one site that the poll may stand on.",
            ),
            Self::OriginsTooMany => (
                "Een peiling staat op hoogstens 20 sites.",
                "A poll stands on at most 20 sites.",
            ),
            Self::ColorInvalid => (
                "Schrijf de kleur als # en zes cijfers of letters a tot f, zoals #00529c.",
                "Write the colour as # and six digits or letters a to f, such as #00529c.",
            ),
            Self::SubjectKeyInvalid => (
                "Geef een publieke Ed25519-sleutel: als PEM, of de 32 bytes in base64url.",
                "Give a public Ed25519 key: as PEM, or its 32 bytes in base64url.",
            ),
            Self::PollOfOtherPartner => (
                "Deze peiling is van een andere partner.",
                "This poll is another partner's.",
            ),
            Self::Revoked => (
                "Deze insluiting is ingetrokken; maak een nieuwe.",
                "This embed was revoked; make a new one.",
            ),
        };
        locale.pick(dutch, english).to_owned()
    }
}

fn too_light(nearest: Accent, locale: Locale) -> String {
    match locale {
        Locale::Nl => format!(
            "Witte tekst op deze kleur is slecht te lezen (contrast onder 4,5:1). De dichtstbijzijnde donkerder tint die kan, is {nearest}."
        ),
        Locale::En => format!(
            "White text on this colour is hard to read (contrast below 4.5:1). The nearest darker shade that passes is {nearest}."
        ),
    }
}

fn of_origin(problem: origin::Problem, locale: Locale) -> String {
    let (dutch, english) = match problem {
        origin::Problem::Form => (
            "Geef alleen het begin van het adres van een site, zoals https://www.voorbeeld.nl.",
            "Give only the start of a site's address, such as https://www.example.nl.",
        ),
        origin::Problem::Wildcard => (
            "Noem elke site zelf: een * staat voor sites die niemand heeft nagekeken.",
            "Name each site by itself: a * stands for sites that nobody looked at.",
        ),
        origin::Problem::Insecure => (
            "Het adres begint met https://; http:// kan alleen op de eigen computer.",
            "The address starts with https://; http:// is for one's own computer alone.",
        ),
    };
    locale.pick(dutch, english).to_owned()
}

fn of_subject(problem: SubjectProblem, locale: Locale) -> String {
    let (dutch, english) = match problem {
        SubjectProblem::NoKey => (
            "Bij deze insluiting hoort geen sleutel om de handtekening mee na te kijken.",
            "This embed has no key to check the signature by.",
        ),
        SubjectProblem::Signature => (
            "Dit is geen JWT dat met EdDSA en de sleutel van deze insluiting is ondertekend.",
            "This is not a JWT signed by EdDSA with the key of this embed.",
        ),
        SubjectProblem::Claims => (
            "Het token mist sub, aud, iat of exp, of een daarvan klopt niet van vorm; sub is hoogstens 255 bytes.",
            "The token lacks sub, aud, iat or exp, or one of them is malformed; sub has at most 255 bytes.",
        ),
        SubjectProblem::Audience => (
            "Het token is voor een andere insluiting: aud is het adres of het id van deze.",
            "The token is for another embed: aud is the address or the id of this one.",
        ),
        SubjectProblem::Time => (
            "Het token geldt niet meer, of nog niet.",
            "The token is no longer good, or not yet.",
        ),
        SubjectProblem::Life => (
            "Het token mag hoogstens vijf minuten gelden (exp na iat).",
            "The token may be good for at most five minutes (exp after iat).",
        ),
    };
    locale.pick(dutch, english).to_owned()
}
