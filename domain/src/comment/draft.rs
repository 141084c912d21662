//! From what people typed to what is stored: every problem at once, no database.

use super::{CommentRefusal, SubjectId};
use crate::{
    Result, id::CommentId, refusal::Checks, screening::Form, story::LANGUAGES, text::Limits,
};

const BODY: Limits = Limits::new(2, 1_000);

/// A comment as typed.
#[derive(Debug, Clone)]
pub struct CommentDraft {
    /// What it is about.
    pub subject: SubjectId,
    /// The comment that it replies to; none begins a thread.
    pub parent: Option<CommentId>,
    /// Markdown, 2 to 1,000 characters.
    pub body: String,
    /// The language it is written in, one of those that a
    /// story may be written in.
    pub language: String,
    /// What the form tells that it was typed in.
    pub form: Form,
}

impl CommentDraft {
    pub(super) fn check(self) -> Result<Self, CommentRefusal> {
        let mut checks = Checks::default();
        let checked = Self {
            body: checks.paragraphs("body", &self.body, BODY),
            ..self
        };
        if !LANGUAGES.contains(&checked.language.as_str()) {
            checks.refuse(CommentRefusal::LanguageUnknown);
        }
        checks.finish(checked)
    }
}

/// `raw` as the checked body of an edit.
pub(super) fn body(raw: &str) -> Result<String, CommentRefusal> {
    let mut checks = Checks::default();
    let body = checks.paragraphs("body", raw, BODY);
    checks.finish(body)
}
