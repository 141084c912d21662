//! From what people typed to what is stored: every problem at once, no database.

use super::{Action, ModerationRefusal, Reason, Subject, model::is_adverse};
use crate::{
    Locale, Result,
    clock::Instant,
    id::{AccountId, ModerationCaseId, ModerationEntryId, ModerationTemplateId},
    refusal::Checks,
    text::{self, Limits},
};

const EXPLANATION: Limits = Limits::new(1, 500);
/// What an author is told, or says against it.
const STATEMENT: Limits = Limits::new(1, 1_000);
/// How many cases are decided with another at most.
const MOST_ALSO: usize = 100;

/// A report as typed.
#[derive(Debug, Clone)]
pub struct ReportDraft {
    /// What it is about.
    pub subject: Subject,
    /// Why.
    pub reason: Reason,
    /// Why, in words, 1 to 500 characters.
    pub explanation: Option<String>,
}

/// A decision as typed.
#[derive(Debug, Clone)]
pub struct DecisionDraft {
    /// The case.
    pub case: ModerationCaseId,
    /// The version of the case that the moderator saw.
    pub expected_version: i64,
    /// What is decided.
    pub action: Action,
    /// Why; only APPROVE, RESTORE and IGNORE need none.
    pub reason: Option<Reason>,
    /// What the author is told, 1 to 1,000 characters; only APPROVE, RESTORE and IGNORE need none.
    pub statement: Option<String>,
    /// More cases that are decided alike, at most 100.
    pub also: Vec<AlsoCase>,
}

/// A case that is decided with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlsoCase {
    /// The case.
    pub case: ModerationCaseId,
    /// The version of it that the moderator saw; where none is given, it must be open.
    pub expected_version: Option<i64>,
}

/// An appeal as typed.
#[derive(Debug, Clone)]
pub struct AppealDraft {
    /// The decision that it is against.
    pub decision: ModerationEntryId,
    /// Why, 1 to 1,000 characters.
    pub statement: String,
}

/// How long an account is kept out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block {
    /// Until then, at most five years from now.
    Until(Instant),
    /// Until it is lifted; for operators alone.
    ForGood,
    /// Not any longer.
    Lifted,
}

/// A block as typed.
#[derive(Debug, Clone)]
pub struct BlockDraft {
    /// The account.
    pub account: AccountId,
    /// How long.
    pub block: Block,
    /// Why; lifting needs none.
    pub reason: Option<Reason>,
    /// What its owner is told, 1 to 1,000 characters; lifting needs none.
    pub statement: Option<String>,
}

/// A template as typed.
#[derive(Debug, Clone)]
pub struct TemplateDraft {
    /// The template that changes; none for a new one.
    pub id: Option<ModerationTemplateId>,
    /// The action that it goes with; one that goes against an author.
    pub action: Action,
    /// The reason that it goes with.
    pub reason: Reason,
    /// The language.
    pub locale: Locale,
    /// The words, 1 to 1,000 characters.
    pub text: String,
}

impl ReportDraft {
    pub(super) fn check(self) -> Result<Self, ModerationRefusal> {
        let mut checks = Checks::default();
        let explanation =
            given(self.explanation).map(|raw| checks.paragraphs("explanation", &raw, EXPLANATION));
        checks.finish(Self {
            explanation,
            ..self
        })
    }
}

impl DecisionDraft {
    pub(super) fn check(self) -> Result<Self, ModerationRefusal> {
        let mut checks = Checks::default();
        let statement = told(&mut checks, self.action, self.reason, self.statement);
        if matches!(self.action, Action::Block | Action::Unblock) {
            checks.refuse(ModerationRefusal::ActionUnfit);
        }
        if self.also.len() > MOST_ALSO {
            checks.refuse(ModerationRefusal::TooManyCases);
        }
        checks.finish(Self { statement, ..self })
    }
}

impl AppealDraft {
    pub(super) fn check(self) -> Result<Self, ModerationRefusal> {
        let mut checks = Checks::default();
        let statement = checks.paragraphs("statement", &self.statement, STATEMENT);
        checks.finish(Self { statement, ..self })
    }
}

impl BlockDraft {
    pub(super) fn action(&self) -> Action {
        match self.block {
            Block::Until(_) | Block::ForGood => Action::Block,
            Block::Lifted => Action::Unblock,
        }
    }

    pub(super) fn check(self) -> Result<Self, ModerationRefusal> {
        let mut checks = Checks::default();
        let statement = told(&mut checks, self.action(), self.reason, self.statement);
        checks.finish(Self { statement, ..self })
    }
}

impl TemplateDraft {
    pub(super) fn check(self) -> Result<Self, ModerationRefusal> {
        let mut checks = Checks::default();
        let text = checks.paragraphs("text", &self.text, STATEMENT);
        if !is_adverse(self.action) {
            checks.refuse(ModerationRefusal::TemplateActionUnfit);
        }
        checks.finish(Self { text, ..self })
    }
}

/// Returns a text that says something; one without any visible character is as good as none.
fn given(raw: Option<String>) -> Option<String> {
    raw.filter(|raw| !text::visible(raw).is_empty())
}

/// What an author is told: a decision against them says why, others may.
fn told(
    checks: &mut Checks<ModerationRefusal>,
    action: Action,
    reason: Option<Reason>,
    statement: Option<String>,
) -> Option<String> {
    if is_adverse(action) && reason.is_none() {
        checks.refuse(ModerationRefusal::ReasonMissing);
    }
    match given(statement) {
        None if !is_adverse(action) => None,
        raw => Some(checks.paragraphs("statement", &raw.unwrap_or_default(), STATEMENT)),
    }
}
