//! What clients send about moderation.

use async_graphql::{Enum, ID, InputObject};
use domain::{
    id::{CommentId, OptionId, StoryId},
    moderation::{self, Subject},
};

use super::types::{
    ModerationAction, ModerationCaseState, ModerationReason, ModerationSubjectKind,
};
use crate::graphql::{
    error::Failure,
    node::{self, Key},
};

/// What a list of cases is sorted by.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "moderation::CaseOrder")]
pub(crate) enum ModerationCaseOrder {
    /// The highest priority first.
    Priority,
    /// The eldest first.
    Oldest,
    /// The youngest first.
    Newest,
}

/// Which cases a list holds; every part that is given must hold.
#[derive(InputObject)]
pub(crate) struct ModerationCaseFilter {
    /// In one of these states; null for all.
    state: Option<Vec<ModerationCaseState>>,
    /// About one of these kinds; null for all.
    subject_kind: Option<Vec<ModerationSubjectKind>>,
}

/// A report on what someone published.
#[derive(InputObject)]
pub(crate) struct ContentReportInput {
    /// The story, comment or written-in answer; public, and not yours.
    subject_id: ID,
    /// Why.
    reason: ModerationReason,
    /// Why, in words, 1 to 500 characters; null where the reason says it all. Only moderators and
    /// admins read it.
    explanation: Option<String>,
}

/// A case to judge.
#[derive(InputObject)]
pub(crate) struct ModerationCaseClaimInput {
    /// The case; no other moderator's.
    pub(super) case_id: ID,
}

/// A decision.
#[derive(InputObject)]
pub(crate) struct ModerationCaseDecideInput {
    /// The case; no other moderator's.
    case_id: ID,
    /// The version of the case that you saw; of any other it is refused with CASE_CHANGED.
    expected_version: i64,
    /// What is decided.
    action: ModerationAction,
    /// Why; may be null where the action is APPROVE, RESTORE or IGNORE.
    reason_code: Option<ModerationReason>,
    /// What the author is told, 1 to 1,000 characters; may be null where the action is APPROVE,
    /// RESTORE or IGNORE.
    statement: Option<String>,
    /// More cases that are decided alike, whatever their version, at most 100; all or none.
    also_case_ids: Option<Vec<ID>>,
}

impl From<ModerationCaseFilter> for moderation::CaseFilter {
    fn from(filter: ModerationCaseFilter) -> Self {
        Self {
            state: filter
                .state
                .map(|states| states.into_iter().map(Into::into).collect()),
            kind: filter
                .subject_kind
                .map(|kinds| kinds.into_iter().map(Into::into).collect()),
        }
    }
}

impl ContentReportInput {
    /// The draft that it holds; an id that is none of ours is BAD_INPUT.
    pub(super) fn draft(self) -> Result<moderation::ReportDraft, Failure> {
        Ok(moderation::ReportDraft {
            subject: subject(&self.subject_id)?,
            reason: self.reason.into(),
            explanation: self.explanation,
        })
    }
}

impl ModerationCaseDecideInput {
    /// The draft that it holds; an id that is none of ours is BAD_INPUT.
    pub(super) fn draft(self) -> Result<moderation::DecisionDraft, Failure> {
        Ok(moderation::DecisionDraft {
            case: node::decode(&self.case_id, "caseId")?,
            expected_version: self.expected_version,
            action: self.action.into(),
            reason: self.reason_code.map(Into::into),
            statement: self.statement,
            also: node::decode_all(&self.also_case_ids.unwrap_or_default(), "alsoCaseIds")?,
        })
    }
}

fn subject(id: &ID) -> Result<Subject, Failure> {
    match node::kind(id) {
        Some(StoryId::KIND) => node::decode(id, "subjectId").map(Subject::Story),
        Some(OptionId::KIND) => node::decode(id, "subjectId").map(Subject::Answer),
        _ => node::decode::<CommentId>(id, "subjectId").map(Subject::Comment),
    }
}
