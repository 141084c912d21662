//! From what a partner typed to what is stored: every problem at once, no database.

use super::{Accent, EmbedRefusal, accent, origin, subject::SubjectKey};
use crate::{
    Locale, Result,
    id::{PartnerId, PollId},
    refusal::{Checks, Path},
};

/// The most origins that an embed may stand on.
pub(super) const MOST_ORIGINS: usize = 20;

/// An embed as typed.
#[derive(Debug, Clone)]
pub struct EmbedDraft {
    /// On whose pages.
    pub partner: PartnerId,
    /// Which poll.
    pub poll: PollId,
    /// Where it may stand: 1 to 20 of scheme, host and port.
    pub origins: Vec<String>,
    /// In which language.
    pub locale: Locale,
    /// The partner's colour, as `#` and six hexadecimal digits.
    pub accent: Option<String>,
    /// The Ed25519 key by which the partner vouches for its visitors: PEM, or base64url.
    pub subject_key: Option<String>,
}

/// What changes in an embed; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct EmbedChange {
    /// As in [`EmbedDraft`], in the place of all that it had.
    pub origins: Option<Vec<String>>,
    /// As in [`EmbedDraft`].
    pub locale: Option<Locale>,
    /// As in [`EmbedDraft`].
    pub accent: Change<String>,
    /// As in [`EmbedDraft`].
    pub subject_key: Change<String>,
}

/// What becomes of a value that may be absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// It stays.
    #[default]
    Keep,
    /// It goes.
    Clear,
    /// It is this from here on.
    Set(T),
}

/// What a page says when someone begins to vote in it.
#[derive(Debug, Clone, Default)]
pub struct Opening {
    /// What the partner signed of its visitor.
    pub subject: Option<String>,
    /// Whether the page can keep the token: where it cannot, a second visit is a second person.
    pub is_kept: bool,
}

/// An embed as checked.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    pub poll: PollId,
    pub locale: Locale,
    pub origins: Vec<String>,
    pub accent: Option<Accent>,
    pub subject_key: Option<SubjectKey>,
}

/// A change as checked.
#[derive(Debug, Clone)]
pub(super) struct CheckedChange {
    pub origins: Option<Vec<String>>,
    pub locale: Option<Locale>,
    pub accent: Change<Accent>,
    pub subject_key: Change<SubjectKey>,
}

impl EmbedDraft {
    pub(super) fn check(self) -> Result<Checked, EmbedRefusal> {
        let mut checks = Checks::default();
        let checked = Checked {
            poll: self.poll,
            locale: self.locale,
            origins: origins(&mut checks, &self.origins),
            accent: self.accent.and_then(|raw| color(&mut checks, &raw)),
            subject_key: self.subject_key.and_then(|raw| key(&mut checks, &raw)),
        };
        checks.finish(checked)
    }
}

impl EmbedChange {
    pub(super) fn check(self) -> Result<CheckedChange, EmbedRefusal> {
        let mut checks = Checks::default();
        let checked = CheckedChange {
            origins: self.origins.map(|raw| origins(&mut checks, &raw)),
            locale: self.locale,
            accent: self.accent.check(|raw| color(&mut checks, raw)),
            subject_key: self.subject_key.check(|raw| key(&mut checks, raw)),
        };
        checks.finish(checked)
    }
}

impl<T> Change<T> {
    /// The change to what `read` makes of the value; what it refuses stays.
    fn check<U>(self, read: impl FnOnce(&T) -> Option<U>) -> Change<U> {
        match self {
            Self::Keep => Change::Keep,
            Self::Clear => Change::Clear,
            Self::Set(value) => read(&value).map_or(Change::Keep, Change::Set),
        }
    }

    /// What is there once this is done to `held`.
    pub(super) fn of(self, held: Option<T>) -> Option<T> {
        match self {
            Self::Keep => held,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// The origins, each once, A to Z.
fn origins(checks: &mut Checks<EmbedRefusal>, raw: &[String]) -> Vec<String> {
    let path = Path::from("allowedOrigins");
    if raw.is_empty() {
        checks.refuse(EmbedRefusal::OriginsMissing);
    }
    if raw.len() > MOST_ORIGINS {
        checks.refuse(EmbedRefusal::OriginsTooMany);
        return Vec::new();
    }
    let mut origins = Vec::with_capacity(raw.len());
    for (position, one) in raw.iter().enumerate() {
        match origin::read(one) {
            Ok(origin) => origins.push(origin),
            Err(problem) => checks.refuse(EmbedRefusal::Origin(path.at(position), problem)),
        }
    }
    origins.sort_unstable();
    origins.dedup();
    origins
}

fn color(checks: &mut Checks<EmbedRefusal>, raw: &str) -> Option<Accent> {
    match Accent::read(raw) {
        Ok(accent) => Some(accent),
        Err(accent::Problem::Form) => {
            checks.refuse(EmbedRefusal::ColorInvalid);
            None
        }
        Err(accent::Problem::Contrast(nearest)) => {
            checks.refuse(EmbedRefusal::ContrastTooLow { nearest });
            None
        }
    }
}

fn key(checks: &mut Checks<EmbedRefusal>, raw: &str) -> Option<SubjectKey> {
    let key = SubjectKey::read(raw);
    if key.is_none() {
        checks.refuse(EmbedRefusal::SubjectKeyInvalid);
    }
    key
}
