//! What goes into screening, and what comes out.

use std::ops::Range;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::Locale;

/// What is screened: the texts of one contribution, in the order of its form.
#[derive(Debug, Clone, Copy)]
pub struct Contribution<'a> {
    /// The language that it is written in (BCP 47): its list of words counts. Every list does
    /// where none is known.
    pub language: Option<&'a str>,
    /// The texts.
    pub texts: &'a [&'a str],
}

/// What is known beside the texts. Where nothing is known, nothing is found.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a circumstance of its own"
)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Whether the field that people do not see was filled in.
    pub honeypot_filled: bool,
    /// How long the form was open before it was sent.
    pub filled_in_within: Option<TimeDelta>,
    /// How many contributions came from the same person in the window that is looked at.
    pub recent: u64,
    /// Whether the same text came in lately.
    pub seen_lately: bool,
    /// How many contributions came from the same person ever.
    pub earlier: Option<u64>,
    /// Whether everything of this kind is held until a moderator has seen it.
    pub held_first: bool,
    /// Whether the author works for those who run the platform: they are warned, and not held.
    pub trusted: bool,
}

/// Where the circumstances begin to speak against a contribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// The shortest time in which a person fills in a form.
    pub fastest: TimeDelta,
    /// The window in which the contributions of a person are counted.
    pub window: TimeDelta,
    /// How many contributions of a person in the window are nothing special.
    pub most_in_window: u64,
    /// How many of a person's first contributions are held.
    pub first_held: u64,
    /// How long a text that came in speaks against the same text again, at most a day.
    pub repeat_within: TimeDelta,
}

impl Thresholds {
    /// No circumstances speak against a contribution: for imports, demos and tests.
    pub const OFF: Self = Self {
        fastest: TimeDelta::zero(),
        window: TimeDelta::zero(),
        most_in_window: u64::MAX,
        first_held: 0,
        repeat_within: TimeDelta::zero(),
    };
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            fastest: TimeDelta::seconds(3),
            window: TimeDelta::minutes(10),
            most_in_window: 6,
            first_held: 2,
            repeat_within: TimeDelta::hours(24),
        }
    }
}

/// What can be found; the codes are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FindingCode {
    /// The field that people do not see was filled in.
    HoneypotFilled,
    /// The form was sent faster than people fill it in.
    SentTooFast,
    /// The same person contributed a lot in a short time.
    TooManyRecently,
    /// The same text came in lately.
    TextRepeated,
    /// Half of the text or more is links.
    MostlyLinks,
    /// Half of the letters or more are capitals.
    ManyCapitals,
    /// Exclamation or question marks in a row.
    RepeatedSigns,
    /// A word that is on the list of its language.
    ListedWord,
    /// An e-mail address, Dutch telephone number, IBAN or BSN.
    PersonalData,
    /// It is among the first contributions of its author.
    NewAuthor,
    /// All contributions of its kind are read first.
    ReadFirst,
}

impl FindingCode {
    /// The code as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HoneypotFilled => "HONEYPOT_FILLED",
            Self::SentTooFast => "SENT_TOO_FAST",
            Self::TooManyRecently => "TOO_MANY_RECENTLY",
            Self::TextRepeated => "TEXT_REPEATED",
            Self::MostlyLinks => "MOSTLY_LINKS",
            Self::ManyCapitals => "MANY_CAPITALS",
            Self::RepeatedSigns => "REPEATED_SIGNS",
            Self::ListedWord => "LISTED_WORD",
            Self::PersonalData => "PERSONAL_DATA",
            Self::NewAuthor => "NEW_AUTHOR",
            Self::ReadFirst => "READ_FIRST",
        }
    }

    /// Whether a contribution is held for it; a matter of manners is only a warning.
    pub fn holds(self) -> bool {
        !matches!(self, Self::ManyCapitals | Self::RepeatedSigns)
    }

    /// What its author is told; nothing of what finds out programs.
    pub fn message(self, locale: Locale) -> Option<&'static str> {
        let (dutch, english) = match self {
            Self::HoneypotFilled | Self::SentTooFast => return None,
            Self::TooManyRecently => (
                "U hebt in korte tijd veel geplaatst; een moderator bekijkt dit eerst.",
                "You posted a lot in a short time; a moderator looks at this first.",
            ),
            Self::TextRepeated => (
                "Deze tekst is kort geleden al ingestuurd.",
                "This text came in a short while ago.",
            ),
            Self::MostlyLinks => (
                "Deze tekst bestaat vooral uit links; vertel erbij waarom u ze deelt.",
                "This text is mostly links; say why you share them.",
            ),
            Self::ManyCapitals => (
                "Veel hoofdletters lezen als schreeuwen.",
                "Many capitals read as shouting.",
            ),
            Self::RepeatedSigns => (
                "Eén uitroepteken of vraagteken is genoeg.",
                "One exclamation or question mark is enough.",
            ),
            Self::ListedWord => (
                "Er staat een woord in dat anderen kan kwetsen.",
                "It holds a word that may hurt others.",
            ),
            Self::PersonalData => (
                "Er staat een mailadres, telefoonnummer, rekeningnummer of BSN in; iedereen kan dat lezen.",
                "It holds an e-mail address, telephone number, bank account or BSN that anyone can read.",
            ),
            Self::NewAuthor => (
                "Uw eerste bijdragen bekijkt een moderator voordat ze verschijnen.",
                "A moderator reads your first contributions before they appear.",
            ),
            Self::ReadFirst => (
                "Een moderator leest dit voordat het verschijnt.",
                "A moderator reads this before it appears.",
            ),
        };
        Some(locale.pick(dutch, english))
    }
}

/// Where in a contribution something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Which of its texts, counted from 0.
    pub text: usize,
    /// The bytes of that text, on boundaries of characters.
    pub range: Range<usize>,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub code: FindingCode,
    /// Where; none where it is about no part of a text.
    pub place: Option<Place>,
    /// What stands there, at most 100 characters; none where that is the whole text.
    pub excerpt: Option<String>,
}

impl From<FindingCode> for Finding {
    fn from(code: FindingCode) -> Self {
        Self {
            code,
            place: None,
            excerpt: None,
        }
    }
}

/// What screening found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Screening {
    pub(super) findings: Vec<Finding>,
    pub(super) trusted: bool,
}

impl Screening {
    /// All that was found, in the order of the checks.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether to hold the contribution for a moderator.
    pub fn is_held(&self) -> bool {
        !self.trusted && self.findings.iter().any(|finding| finding.code.holds())
    }

    /// What was found in several texts that are contributed together: of what is about none of
    /// them only what the first says.
    pub(crate) fn together(screenings: Vec<Self>) -> Self {
        let mut together = Self::default();
        for (text, screening) in screenings.into_iter().enumerate() {
            together.trusted |= screening.trusted;
            for mut finding in screening.findings {
                if let Some(place) = &mut finding.place {
                    place.text = text;
                } else if text > 0 {
                    continue;
                }
                together.findings.push(finding);
            }
        }
        together.findings.sort_by_key(|finding| finding.code);
        together
    }

    /// The codes that were found, each once, in the order of the checks.
    pub fn codes(&self) -> Vec<FindingCode> {
        let mut codes: Vec<FindingCode> = self.findings.iter().map(|found| found.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }
}
