//! The record of moderation as clients see it.

use async_graphql::{Context, ID, Object, SimpleObject};
use domain::moderation::{self, Subject};

use super::{
    loader::LastDecisionOn,
    subject::ModerationSubjectKind,
    types::{ModerationAction, ModerationReason, named},
};
use crate::graphql::{context::request, error::Failure, node, scalar::DateTime, story::Author};

/// A decision in a case.
pub(crate) struct ModerationDecision(moderation::Decision);

/// A decision in a case. Moderators and admins see it, and the author of what it is about the last
/// one.
#[Object]
impl ModerationDecision {
    /// Opaque and stable.
    async fn id(&self) -> ID {
        node::encode(&self.0.entry.id)
    }

    /// What was decided.
    async fn action(&self) -> ModerationAction {
        self.0.entry.action.into()
    }

    /// Why; null where the decision needed no reason.
    async fn reason_code(&self) -> Option<ModerationReason> {
        self.0.entry.reason_code.map(Into::into)
    }

    /// What the author was told; null where that was nothing, and once the author was erased.
    async fn statement(&self) -> Option<&str> {
        self.0.statement.as_deref()
    }

    /// Until when the author may appeal against it, once; null where it does not go against them.
    /// A decision that another came after, or that was made on an appeal, takes none.
    async fn appealable_until(&self) -> Option<DateTime> {
        moderation::appealable_until(&self.0.entry).map(DateTime)
    }

    /// Whether it took back the decision before.
    async fn is_reversal(&self) -> bool {
        self.0.entry.is_reversal
    }

    /// When.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.entry.created_at)
    }

    /// Who decided; null where reports alone hid the item, and for its author.
    async fn decided_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Author>> {
        Ok(named(ctx, self.0.decided_by).await?)
    }
}

/// What an author said against a decision. Its author, moderators and admins see it.
#[derive(SimpleObject)]
pub(crate) struct ModerationAppeal {
    /// The decision that it is against.
    decision_id: ID,
    /// Why; empty once its author was erased.
    statement: String,
    /// The decision that was made on it; null while it waits.
    outcome_id: Option<ID>,
    /// When.
    created_at: DateTime,
}

/// What was decided and why.
pub(crate) struct ModerationLogEntry(moderation::Entry);

/// What was decided and why; never who reported, who decided, or whose it was. Everyone sees it.
#[Object]
impl ModerationLogEntry {
    /// Opaque and stable.
    pub(crate) async fn id(&self) -> ID {
        node::encode(&self.0.id)
    }

    /// Its place in the record, from 1, without gaps.
    async fn position(&self) -> i64 {
        self.0.position
    }

    /// What was decided.
    async fn action(&self) -> ModerationAction {
        self.0.action.into()
    }

    /// Why; null where the decision needed no reason.
    async fn reason_code(&self) -> Option<ModerationReason> {
        self.0.reason_code.map(Into::into)
    }

    /// What kind of thing it was decided on.
    async fn subject_kind(&self) -> ModerationSubjectKind {
        self.0.subject_kind.into()
    }

    /// When.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Whether it took back the decision before.
    async fn is_reversal(&self) -> bool {
        self.0.is_reversal
    }

    /// The decision that it was made with; null where it was made alone or is the first of them.
    async fn parent_id(&self) -> Option<ID> {
        self.0.parent_id.map(|id| node::encode(&id))
    }
}

/// How moderation went over some days, and how it stands. Everyone sees it.
#[derive(SimpleObject)]
pub(crate) struct ModerationFigures {
    /// Decisions by moderators that ended a case's waiting.
    decided: u64,
    /// The median of how long those cases had waited, in hours; null where there are none.
    median_hours_to_decision: Option<f64>,
    /// Appeals.
    appealed: u64,
    /// Decisions that took back another.
    reversed: u64,
    /// Cases that wait now.
    open: u64,
    /// Those of them that wait beyond their deadline.
    overdue: u64,
}

/// The last decision on a subject, for its author and moderators.
pub(crate) async fn last_decision(
    ctx: &Context<'_>,
    subject: Subject,
) -> Result<Option<ModerationDecision>, Failure> {
    let loader = &request(ctx).loader;
    let last = loader.load_one(LastDecisionOn(subject)).await?;
    Ok(last.map(ModerationDecision))
}

impl From<moderation::Decision> for ModerationDecision {
    fn from(decision: moderation::Decision) -> Self {
        Self(decision)
    }
}

impl From<moderation::Appeal> for ModerationAppeal {
    fn from(appeal: moderation::Appeal) -> Self {
        Self {
            decision_id: node::encode(&appeal.entry_id),
            statement: appeal.statement,
            outcome_id: appeal.outcome_id.map(|id| node::encode(&id)),
            created_at: DateTime(appeal.created_at),
        }
    }
}

impl From<moderation::Entry> for ModerationLogEntry {
    fn from(entry: moderation::Entry) -> Self {
        Self(entry)
    }
}

impl From<moderation::Figures> for ModerationFigures {
    fn from(figures: moderation::Figures) -> Self {
        Self {
            decided: figures.decided,
            median_hours_to_decision: figures.median_hours,
            appealed: figures.appealed,
            reversed: figures.reversed,
            open: figures.open,
            overdue: figures.overdue,
        }
    }
}
