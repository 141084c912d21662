//! From what people typed to what is stored: every problem at once, no database.

use super::{ThemeRefusal, ThemeStatus};
use crate::{Result, refusal::Checks, text::Limits};

const TITLE: Limits = Limits::new(3, 120);
const SUMMARY: Limits = Limits::new(3, 240);
const DESCRIPTION: Limits = Limits::new(0, 10_000);
const UPDATE_BODY: Limits = Limits::new(1, 10_000);

/// A theme as typed.
#[derive(Debug, Clone)]
pub struct ThemeDraft {
    /// 3 to 120 characters on one line.
    pub title: String,
    /// 3 to 240 characters.
    pub summary: String,
    /// Markdown, at most 10,000 characters.
    pub description: String,
}

/// What changes in a theme; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct ThemeChange {
    /// As in [`ThemeDraft`].
    pub title: Option<String>,
    /// As in [`ThemeDraft`].
    pub summary: Option<String>,
    /// As in [`ThemeDraft`].
    pub description: Option<String>,
}

/// An entry of the follow-up log as typed.
#[derive(Debug, Clone)]
pub struct ThemeUpdateDraft {
    /// 3 to 120 characters on one line.
    pub title: String,
    /// Markdown, 1 to 10,000 characters.
    pub body: String,
    /// The theme's status from here on; as it was where absent.
    pub status: Option<ThemeStatus>,
}

impl ThemeDraft {
    pub(super) fn check(self) -> Result<Self, ThemeRefusal> {
        let mut checks = Checks::default();
        let checked = Self {
            title: checks.line("title", &self.title, TITLE),
            summary: checks.paragraphs("summary", &self.summary, SUMMARY),
            description: checks.paragraphs("description", &self.description, DESCRIPTION),
        };
        checks.finish(checked)
    }
}

impl ThemeChange {
    pub(super) fn check(self) -> Result<Self, ThemeRefusal> {
        let mut checks = Checks::default();
        let checked = Self {
            title: self.title.map(|raw| checks.line("title", &raw, TITLE)),
            summary: self
                .summary
                .map(|raw| checks.paragraphs("summary", &raw, SUMMARY)),
            description: self
                .description
                .map(|raw| checks.paragraphs("description", &raw, DESCRIPTION)),
        };
        checks.finish(checked)
    }
}

impl ThemeUpdateDraft {
    pub(super) fn check(self) -> Result<Self, ThemeRefusal> {
        let mut checks = Checks::default();
        let checked = Self {
            title: checks.line("title", &self.title, TITLE),
            body: checks.paragraphs("body", &self.body, UPDATE_BODY),
            status: self.status,
        };
        checks.finish(checked)
    }
}
