//! What goes into screening, and what comes out.

use std::ops::Range;

use chrono::TimeDelta;

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
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            fastest: TimeDelta::seconds(3),
            window: TimeDelta::minutes(10),
            most_in_window: 6,
            first_held: 2,
        }
    }
}

/// What can be found; the codes are stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

    /// Whether its author is told: what finds out programs is not explained to them.
    pub fn is_told(self) -> bool {
        !matches!(self, Self::HoneypotFilled | Self::SentTooFast)
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
}

impl From<FindingCode> for Finding {
    fn from(code: FindingCode) -> Self {
        Self { code, place: None }
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

    /// The codes that were found, each once, in the order of the checks.
    pub fn codes(&self) -> Vec<FindingCode> {
        let mut codes: Vec<FindingCode> = self.findings.iter().map(|found| found.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }
}
