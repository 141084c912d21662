//! From what people typed to what is stored: every problem at once, no database.

use super::{Action, ModerationRefusal, Reason, Subject};
use crate::{Result, id::ModerationCaseId, refusal::Checks, text::Limits};

const EXPLANATION: Limits = Limits::new(1, 500);
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
    pub also: Vec<ModerationCaseId>,
}

impl ReportDraft {
    pub(super) fn check(self) -> Result<Self, ModerationRefusal> {
        let mut checks = Checks::default();
        let explanation = self
            .explanation
            .map(|raw| checks.paragraphs("explanation", &raw, EXPLANATION));
        checks.finish(Self {
            explanation,
            ..self
        })
    }
}

impl DecisionDraft {
    pub(super) fn check(self) -> Result<Self, ModerationRefusal> {
        let mut checks = Checks::default();
        let is_kind = matches!(
            self.action,
            Action::Approve | Action::Restore | Action::Ignore
        );
        let statement = match self.statement {
            None if is_kind => None,
            raw => Some(checks.paragraphs("statement", &raw.unwrap_or_default(), STATEMENT)),
        };
        if self.reason.is_none() && !is_kind {
            checks.refuse(ModerationRefusal::ReasonMissing);
        }
        if self.also.len() > MOST_ALSO {
            checks.refuse(ModerationRefusal::TooManyCases);
        }
        checks.finish(Self { statement, ..self })
    }
}
