//! Cases and reports as clients see them.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use domain::{id::AccountId, moderation};

use super::{
    loader::{AppealsIn, BlockOf, DecisionsIn, Moderators, Named, ReportsOf},
    record::{ModerationAppeal, ModerationDecision},
    subject::ModerationSubject,
};
use crate::graphql::{context::request, error::Failure, node, scalar::DateTime, story::Author};

/// Why something is reported or decided.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "moderation::Reason")]
pub(crate) enum ModerationReason {
    /// Advertising, or the same over and over.
    Spam,
    /// Insulting or hateful.
    Offensive,
    /// It tells what is private.
    PersonalData,
    /// It is about something else.
    OffTopic,
    /// The law forbids it.
    Illegal,
    /// It was said before.
    Duplicate,
    /// Something else.
    Other,
}

/// What is decided.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "moderation::Action")]
pub(crate) enum ModerationAction {
    /// It may be seen.
    Approve,
    /// Its author is asked to change it; stories only.
    RequestChanges,
    /// It is not published.
    Reject,
    /// It is taken out of sight.
    Hide,
    /// It is shown again.
    Restore,
    /// The reports gave no cause to act.
    Ignore,
    /// The account takes no part until a date; by `accountBlock`.
    Block,
    /// The account's block is lifted; by `accountUnblock`.
    Unblock,
}

/// What became of a case.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "moderation::CaseState")]
pub(crate) enum ModerationCaseState {
    /// It awaits a decision.
    Open,
    /// The item may be seen.
    Approved,
    /// Its author is asked to change it.
    ChangesRequested,
    /// It is not published.
    Rejected,
    /// It was taken out of sight.
    Hidden,
    /// The reports gave no cause to act.
    Ignored,
    /// The account is blocked.
    Blocked,
}

/// A report on what someone published. Its reporter and moderators see it, and it names nobody.
#[derive(SimpleObject)]
pub(crate) struct ContentReport {
    /// Opaque and stable.
    id: ID,
    /// Why.
    reason: ModerationReason,
    /// Why, in words; null where the reporter gave none.
    explanation: Option<String>,
    /// When.
    created_at: DateTime,
}

/// A block of an account.
#[derive(SimpleObject)]
pub(crate) struct AccountBlock {
    /// Until when; null where it lasts until it is lifted.
    pub(crate) until: Option<DateTime>,
}

/// What moderators judge: one case an item.
pub(crate) struct ModerationCase(moderation::Case);

/// What moderators judge, one case an item, opened again where it is reported after a decision.
/// Moderators and admins see it; an author gets it from `moderationDecisionAppeal`, without what
/// is only for moderators.
#[Object]
impl ModerationCase {
    /// Opaque and stable.
    pub(crate) async fn id(&self) -> ID {
        node::encode(&self.0.id)
    }

    /// Grows with each report and decision; for `expectedVersion`. Moderators and admins: to its
    /// author it would tell how many reported.
    #[expect(clippy::unused_async, reason = "the library takes async fields only")]
    async fn version(&self, ctx: &Context<'_>) -> async_graphql::Result<i64> {
        for_moderators(ctx)?;
        Ok(self.0.version)
    }

    /// What became of it.
    async fn state(&self) -> ModerationCaseState {
        self.0.state.into()
    }

    /// The weight of its reports since it was last decided: 5 to 15 for one by an account, the
    /// more the more often the moderators agreed with its reports, and 3 for one by a visitor,
    /// together at most 14, which is less than that of any three accounts. Moderators and admins.
    #[expect(clippy::unused_async, reason = "the library takes async fields only")]
    async fn priority(&self, ctx: &Context<'_>) -> async_graphql::Result<i64> {
        for_moderators(ctx)?;
        Ok(self.0.priority)
    }

    /// When it is to be decided, by the platform's settings: usually three days after it was
    /// submitted or held, a day after it was reported or appealed.
    async fn due_at(&self) -> DateTime {
        DateTime(self.0.due_at)
    }

    /// When the item first had a case. Moderators and admins: to its author it could tell when
    /// someone reported.
    #[expect(clippy::unused_async, reason = "the library takes async fields only")]
    async fn created_at(&self, ctx: &Context<'_>) -> async_graphql::Result<DateTime> {
        for_moderators(ctx)?;
        Ok(DateTime(self.0.created_at))
    }

    /// When it was last opened.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.0.opened_at)
    }

    /// How many reports it ever had. Moderators and admins.
    #[expect(clippy::unused_async, reason = "the library takes async fields only")]
    async fn report_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i64> {
        for_moderators(ctx)?;
        Ok(self.0.report_count)
    }

    /// What the screening found in what waits, as codes such as PERSONAL_DATA; empty where that
    /// was nothing. Moderators and admins.
    #[expect(clippy::unused_async, reason = "the library takes async fields only")]
    async fn findings(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<String>> {
        for_moderators(ctx)?;
        Ok(serde_json::from_str(&self.0.findings).unwrap_or_default())
    }

    /// Whether you may decide it now: moderators and admins, unless they wrote what it is about,
    /// another has claimed it, or there is an appeal against a decision of theirs.
    async fn viewer_can_decide(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let request = request(ctx);
        let contested = self.contested(ctx).await?;
        let now = request.services.clock.now();
        Ok(moderation::may_decide(
            &request.actor,
            &self.0,
            contested,
            now,
        ))
    }

    /// Whether its appeal must wait, because there is no other moderator than who decided before.
    async fn awaits_another_moderator(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        if self.0.appeal_id.is_none() {
            return Ok(false);
        }
        let contested = self.contested(ctx).await?;
        let moderators = request(ctx).loader.load_one(Moderators).await;
        let moderators = moderators.map_err(Failure::from)?.unwrap_or_default();
        Ok(moderation::awaits_another(&self.0, contested, &moderators))
    }

    /// What its author said against decisions in it, the eldest first. Moderators and admins.
    async fn appeals(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ModerationAppeal>> {
        let loader = &request(ctx).loader;
        let appeals = loader
            .load_one(AppealsIn(self.0.id))
            .await
            .map_err(Failure::from)?;
        Ok(appeals
            .unwrap_or_default()
            .into_iter()
            .map(ModerationAppeal::from)
            .collect())
    }

    /// What it is about, as it is now; null where that is gone.
    async fn subject(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ModerationSubject>> {
        Ok(ModerationSubject::of(ctx, &self.0).await?)
    }

    /// The item's text when the case was opened; empty where its author was erased with it.
    async fn subject_snapshot(&self) -> &str {
        &self.0.snapshot
    }

    /// The item's text as it is now, put together as in `subjectSnapshot`; null where it is gone.
    async fn subject_text(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        Ok(match ModerationSubject::of(ctx, &self.0).await? {
            Some(subject) => subject.text(ctx).await?,
            None => None,
        })
    }

    /// The block of who wrote the item; null where they are not blocked. Moderators and admins.
    async fn author_block(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AccountBlock>> {
        for_moderators(ctx)?;
        let Some(author) = self.0.author_id else {
            return Ok(None);
        };
        let block = request(ctx).loader.load_one(BlockOf(author)).await;
        let block = block.map_err(Failure::from)?;
        Ok(block.map(|until| AccountBlock {
            until: until.map(DateTime),
        }))
    }

    /// Who wrote the item; null for a written-in answer, whose voter nobody knows.
    async fn author(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Author>> {
        Ok(named(ctx, self.0.author_id).await?)
    }

    /// Who judges it now; null where nobody does.
    async fn claimed_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Author>> {
        let by = self.0.claimed_by.filter(|_| self.claim(ctx).is_some());
        Ok(named(ctx, by).await?)
    }

    /// Until when it is theirs; null where it is nobody's.
    async fn claimed_until(&self, ctx: &Context<'_>) -> Option<DateTime> {
        self.claim(ctx).map(DateTime)
    }

    /// The reports on it, oldest first.
    async fn reports(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ContentReport>> {
        let loader = &request(ctx).loader;
        let reports = loader
            .load_one(ReportsOf(self.0.id))
            .await
            .map_err(Failure::from)?;
        Ok(reports
            .unwrap_or_default()
            .into_iter()
            .map(ContentReport::from)
            .collect())
    }

    /// What was decided, oldest first.
    async fn decisions(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ModerationDecision>> {
        let loader = &request(ctx).loader;
        let decisions = loader
            .load_one(DecisionsIn(self.0.id))
            .await
            .map_err(Failure::from)?;
        Ok(decisions
            .unwrap_or_default()
            .into_iter()
            .map(ModerationDecision::from)
            .collect())
    }
}

impl ModerationCase {
    /// Who made the decision that its author appealed against, where one waits to be judged.
    async fn contested(&self, ctx: &Context<'_>) -> Result<Option<AccountId>, Failure> {
        match self.0.appeal_id {
            None => Ok(None),
            Some(appeal) => Ok(request(ctx).loader.load_one(appeal).await?),
        }
    }

    /// Until when someone's claim lasts, where it does.
    fn claim(&self, ctx: &Context<'_>) -> Option<domain::clock::Instant> {
        let now = request(ctx).services.clock.now();
        self.0.claimed_until.filter(|until| *until > now)
    }
}

/// Only for those who judge what others submit.
fn for_moderators(ctx: &Context<'_>) -> Result<(), Failure> {
    let actor = &request(ctx).actor;
    if moderation::may_moderate(actor) {
        Ok(())
    } else {
        Err(Failure::from(actor.denied::<std::convert::Infallible>()))
    }
}

pub(super) async fn named(
    ctx: &Context<'_>,
    id: Option<AccountId>,
) -> Result<Option<Author>, Failure> {
    let Some(id) = id else {
        return Ok(None);
    };
    let profile = request(ctx).loader.load_one(Named(id)).await?;
    Ok(profile.map(Author::from))
}

impl From<moderation::Case> for ModerationCase {
    fn from(case: moderation::Case) -> Self {
        Self(case)
    }
}

impl From<moderation::Report> for ContentReport {
    fn from(report: moderation::Report) -> Self {
        Self {
            id: node::encode(&report.id),
            reason: report.reason.into(),
            explanation: report.explanation,
            created_at: DateTime(report.created_at),
        }
    }
}
