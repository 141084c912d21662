//! From what people typed to what is stored: every problem at once, no database.

use super::{Story, StoryKind, StoryRefusal, WithdrawalReason};
use crate::{
    Result,
    id::{PartnerId, ThemeId},
    refusal::Checks,
    text::Limits,
};

const TITLE: Limits = Limits::new(10, 120);
const SUMMARY: Limits = Limits::new(20, 240);
const BODY: Limits = Limits::new(140, 10_000);
const SERIES_TITLE: Limits = Limits::new(3, 120);
const SERIES_INTRO: Limits = Limits::new(0, 2_000);
const EXPLANATION: Limits = Limits::new(3, 500);
const MAX_THEMES: usize = 5;
const MAX_SERIES_STORIES: usize = 100;

/// The languages that a story may be written in (BCP 47): Dutch and English, Low Saxon, which
/// is spoken here, Frisian, the neighbours', and those of larger groups of newcomers.
pub const LANGUAGES: [&str; 12] = [
    "nl", "en", "nds", "fy", "de", "fr", "pl", "tr", "ar", "uk", "ti", "fa",
];

/// A story as typed.
#[derive(Debug, Clone)]
pub struct StoryDraft {
    /// What kind it is.
    pub kind: StoryKind,
    /// 10 to 120 characters on one line.
    pub title: String,
    /// 20 to 240 characters.
    pub summary: String,
    /// Markdown, 140 to 10,000 characters.
    pub body: String,
    /// One of [`LANGUAGES`].
    pub language: String,
    /// What it is about, at most 5; a theme given twice counts once.
    pub themes: Vec<ThemeId>,
    /// The CBS code of the municipality it is about.
    pub municipality_code: Option<String>,
    /// The partner in whose name it is; the author's own where absent.
    pub partner: Option<PartnerId>,
}

/// What changes in a story; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct StoryChange {
    /// As in [`StoryDraft`].
    pub kind: Option<StoryKind>,
    /// As in [`StoryDraft`].
    pub title: Option<String>,
    /// As in [`StoryDraft`].
    pub summary: Option<String>,
    /// As in [`StoryDraft`].
    pub body: Option<String>,
    /// As in [`StoryDraft`].
    pub language: Option<String>,
    /// As in [`StoryDraft`].
    pub themes: Option<Vec<ThemeId>>,
    /// As in [`StoryDraft`]; `Some(None)` takes it away.
    pub municipality_code: Option<Option<String>>,
}

/// Why a story is withdrawn, as typed.
#[derive(Debug, Clone)]
pub struct WithdrawalDraft {
    /// Why.
    pub reason: WithdrawalReason,
    /// Why, in 3 to 500 characters; required where the reason is OTHER.
    pub explanation: Option<String>,
}

/// A series of stories as typed.
#[derive(Debug, Clone)]
pub struct StorySeriesDraft {
    /// 3 to 120 characters on one line.
    pub title: String,
    /// Markdown, at most 2,000 characters.
    pub intro: String,
}

impl StoryDraft {
    pub(super) fn check(self) -> Result<Self, StoryRefusal> {
        let mut checks = Checks::default();
        let checked = Self {
            kind: self.kind,
            title: checks.line("title", &self.title, TITLE),
            summary: checks.paragraphs("summary", &self.summary, SUMMARY),
            body: checks.paragraphs("body", &self.body, BODY),
            language: language(&mut checks, self.language),
            themes: themes(&mut checks, self.themes),
            municipality_code: self.municipality_code,
            partner: self.partner,
        };
        checks.finish(checked)
    }
}

impl StoryChange {
    pub(super) fn check(self) -> Result<Self, StoryRefusal> {
        let mut checks = Checks::default();
        let checked = Self {
            kind: self.kind,
            title: self.title.map(|raw| checks.line("title", &raw, TITLE)),
            summary: self
                .summary
                .map(|raw| checks.paragraphs("summary", &raw, SUMMARY)),
            body: self.body.map(|raw| checks.paragraphs("body", &raw, BODY)),
            language: self.language.map(|tag| language(&mut checks, tag)),
            themes: self.themes.map(|ids| themes(&mut checks, ids)),
            municipality_code: self.municipality_code,
        };
        checks.finish(checked)
    }

    /// Whether `story`, read with its body, would say something else.
    pub(super) fn alters_text(&self, story: &Story) -> bool {
        self.texts(story) != Self::default().texts(story)
    }

    /// What `story`, read with its body, would say: its title, summary and body.
    pub(super) fn texts<'a>(&'a self, story: &'a Story) -> [&'a str; 3] {
        [
            self.title.as_ref().unwrap_or(&story.title),
            self.summary.as_ref().unwrap_or(&story.summary),
            self.body
                .as_ref()
                .or(story.body.as_ref())
                .map_or("", String::as_str),
        ]
    }
}

impl WithdrawalDraft {
    pub(super) fn check(self) -> Result<Self, StoryRefusal> {
        let mut checks = Checks::default();
        let needed = self.reason == WithdrawalReason::Other;
        let explanation = optional(self.explanation, needed)
            .map(|raw| checks.paragraphs("explanation", &raw, EXPLANATION));
        checks.finish(Self {
            reason: self.reason,
            explanation,
        })
    }
}

impl StorySeriesDraft {
    pub(super) fn check(self) -> Result<Self, StoryRefusal> {
        let mut checks = Checks::default();
        let checked = Self {
            title: checks.line("title", &self.title, SERIES_TITLE),
            intro: checks.paragraphs("intro", &self.intro, SERIES_INTRO),
        };
        checks.finish(checked)
    }
}

/// The stories of a series in order: at most 100, none twice.
pub(super) fn arrangement<Id: PartialEq>(stories: Vec<Id>) -> Result<Vec<Id>, StoryRefusal> {
    let mut checks = Checks::default();
    if stories.len() > MAX_SERIES_STORIES {
        checks.refuse(StoryRefusal::TooManyStories {
            max: MAX_SERIES_STORIES,
        });
        return checks.finish(stories);
    }
    for (position, id) in stories.iter().enumerate() {
        if stories[..position].contains(id) {
            checks.refuse(StoryRefusal::StoryTwice { position });
        }
    }
    checks.finish(stories)
}

/// `text` as typed; an empty one in place of none where it is `needed`, none in place of an
/// empty one where it is not.
fn optional(text: Option<String>, needed: bool) -> Option<String> {
    if needed {
        Some(text.unwrap_or_default())
    } else {
        text.filter(|text| !text.trim().is_empty())
    }
}

fn language(checks: &mut Checks<StoryRefusal>, tag: String) -> String {
    if !LANGUAGES.contains(&tag.as_str()) {
        checks.refuse(StoryRefusal::LanguageUnknown);
    }
    tag
}

fn themes(checks: &mut Checks<StoryRefusal>, ids: Vec<ThemeId>) -> Vec<ThemeId> {
    if ids.len() > MAX_THEMES {
        checks.refuse(StoryRefusal::TooManyThemes { max: MAX_THEMES });
    }
    ids
}
