//! What clients send about moderation.

use async_graphql::{Enum, ID, InputObject};
use domain::{
    id::{AccountId, CommentId, OptionId, StoryId},
    moderation::{self, Subject},
};

use super::subject::ModerationSubjectKind;
use super::types::{ModerationAction, ModerationCaseState, ModerationReason};
use crate::graphql::{
    account::Locale,
    error::Failure,
    node::{self, Key},
    scalar::DateTime,
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
    /// The one that is to be decided first comes first.
    Due,
}

/// Which cases a list holds; every part that is given must hold.
#[derive(InputObject)]
pub(crate) struct ModerationCaseFilter {
    /// In one of these states; null for all.
    state: Option<Vec<ModerationCaseState>>,
    /// About one of these kinds; null for all.
    subject_kind: Option<Vec<ModerationSubjectKind>>,
    /// Open beyond its deadline (true), or not (false); null for both.
    overdue: Option<bool>,
    /// With an appeal that waits (true), or without (false); null for both.
    appealed: Option<bool>,
    /// Claimed by you now (true); null or false for all.
    claimed_by_viewer: Option<bool>,
    /// Of at least this priority; null for any.
    min_priority: Option<i64>,
}

/// A report on what someone published.
#[derive(InputObject)]
pub(crate) struct ContentReportInput {
    /// The story, comment, written-in answer or author; public, and not yours.
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
    /// More cases that are decided alike, at most 100 together with `alsoCaseIds`; those that
    /// cannot be decided are named in `leftAlone`, the others are decided.
    also_cases: Option<Vec<ModerationCaseAlsoInput>>,
    /// As `alsoCases`, of each the version that it has, while it is open; where versions are known,
    /// give those.
    also_case_ids: Option<Vec<ID>>,
}

/// A case that is decided with another.
#[derive(InputObject)]
pub(crate) struct ModerationCaseAlsoInput {
    /// The case; no other moderator's.
    case_id: ID,
    /// The version of the case that you saw; of any other it is left alone.
    expected_version: i64,
}

/// An appeal against a decision on what you wrote.
#[derive(InputObject)]
pub(crate) struct ModerationDecisionAppealInput {
    /// The decision: the last on what you wrote, not more than 14 days old, and against you.
    decision_id: ID,
    /// Why you disagree, 1 to 1,000 characters; moderators and admins read it.
    statement: String,
}

/// A block of an account.
#[derive(InputObject)]
pub(crate) struct AccountBlockInput {
    /// Whose; not yours, and nobody's who works for the province unless you are an admin.
    account_id: ID,
    /// Until when they take no part; at most five years from now.
    until: DateTime,
    /// Why.
    reason_code: ModerationReason,
    /// What they are told, 1 to 1,000 characters.
    statement: String,
}

/// The end of a block.
#[derive(InputObject)]
pub(crate) struct AccountUnblockInput {
    /// Whose; blocked.
    account_id: ID,
    /// What they are told, 1 to 1,000 characters; null for nothing.
    statement: Option<String>,
}

/// A template to add or change.
#[derive(InputObject)]
pub(crate) struct ModerationTemplateSetInput {
    /// The template that changes; null to add one.
    template_id: Option<ID>,
    /// The action that it goes with: REQUEST_CHANGES, REJECT, HIDE or BLOCK.
    action: ModerationAction,
    /// The reason that it goes with.
    reason_code: ModerationReason,
    /// The language that it is in.
    locale: Locale,
    /// The words, 1 to 1,000 characters.
    text: String,
}

impl ModerationDecisionAppealInput {
    /// The draft that it holds; an id that is none of ours is BAD_INPUT.
    pub(super) fn draft(self) -> Result<moderation::AppealDraft, Failure> {
        Ok(moderation::AppealDraft {
            decision: node::decode(&self.decision_id, "decisionId")?,
            statement: self.statement,
        })
    }
}

impl AccountBlockInput {
    /// The draft that it holds; an id that is none of ours is BAD_INPUT.
    pub(super) fn draft(self) -> Result<moderation::BlockDraft, Failure> {
        Ok(moderation::BlockDraft {
            account: node::decode(&self.account_id, "accountId")?,
            block: moderation::Block::Until(self.until.0),
            reason: Some(self.reason_code.into()),
            statement: Some(self.statement),
        })
    }
}

impl AccountUnblockInput {
    /// The draft that it holds; an id that is none of ours is BAD_INPUT.
    pub(super) fn draft(self) -> Result<moderation::BlockDraft, Failure> {
        Ok(moderation::BlockDraft {
            account: node::decode(&self.account_id, "accountId")?,
            block: moderation::Block::Lifted,
            reason: None,
            statement: self.statement,
        })
    }
}

impl ModerationTemplateSetInput {
    /// The draft that it holds; an id that is none of ours is BAD_INPUT.
    pub(super) fn draft(self) -> Result<moderation::TemplateDraft, Failure> {
        let id = self.template_id.as_ref();
        Ok(moderation::TemplateDraft {
            id: id.map(|id| node::decode(id, "templateId")).transpose()?,
            action: self.action.into(),
            reason: self.reason_code.into(),
            locale: self.locale.into(),
            text: self.text,
        })
    }
}

impl ModerationCaseFilter {
    /// The filter as `viewer` asks it.
    pub(super) fn of(self, viewer: Option<AccountId>) -> moderation::CaseFilter {
        let filter = self;
        moderation::CaseFilter {
            state: filter
                .state
                .map(|states| states.into_iter().map(Into::into).collect()),
            kind: filter
                .subject_kind
                .map(|kinds| kinds.into_iter().map(Into::into).collect()),
            overdue: filter.overdue,
            appealed: filter.appealed,
            claimed_by: viewer.filter(|_| filter.claimed_by_viewer == Some(true)),
            least_priority: filter.min_priority,
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
        let seen = self.also_cases.unwrap_or_default();
        let ids: Vec<ID> = seen.iter().map(|also| also.case_id.clone()).collect();
        let ids = node::decode_all(&ids, "alsoCases")?;
        let versions = seen.iter().map(|also| Some(also.expected_version));
        let unseen = node::decode_all(&self.also_case_ids.unwrap_or_default(), "alsoCaseIds")?;
        let also = ids
            .into_iter()
            .zip(versions)
            .chain(unseen.into_iter().map(|case| (case, None)))
            .map(|(case, expected_version)| moderation::AlsoCase {
                case,
                expected_version,
            })
            .collect();
        Ok(moderation::DecisionDraft {
            case: node::decode(&self.case_id, "caseId")?,
            expected_version: self.expected_version,
            action: self.action.into(),
            reason: self.reason_code.map(Into::into),
            statement: self.statement,
            also,
        })
    }
}

fn subject(id: &ID) -> Result<Subject, Failure> {
    match node::kind(id) {
        Some(StoryId::KIND) => node::decode(id, "subjectId").map(Subject::Story),
        Some(OptionId::KIND) => node::decode(id, "subjectId").map(Subject::Answer),
        Some(AccountId::KIND) => node::decode(id, "subjectId").map(Subject::Profile),
        _ => node::decode::<CommentId>(id, "subjectId").map(Subject::Comment),
    }
}
