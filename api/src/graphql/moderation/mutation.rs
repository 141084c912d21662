//! Reporting, and deciding cases.

use async_graphql::{Context, Object, SimpleObject};
use domain::{id::ModerationCaseId, refusal::Refusal};

use super::{
    input::{
        AccountBlockInput, AccountUnblockInput, ContentReportInput, ModerationCaseClaimInput,
        ModerationCaseDecideInput, ModerationDecisionAppealInput, ModerationTemplateSetInput,
    },
    template::ModerationTemplate,
    types::{ContentReport, ModerationCase},
};
use crate::graphql::{
    context::request,
    error::Failure,
    node,
    story::Author,
    user_error::{UserError, UserErrorCode, outcome},
};

/// What `contentReport` gives.
#[derive(SimpleObject)]
pub(crate) struct ContentReportPayload {
    /// Your report; null where it was declined.
    report: Option<ContentReport>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `moderationCaseClaim` gives.
#[derive(SimpleObject)]
pub(crate) struct ModerationCaseClaimPayload {
    /// The case as it is, also where the claim was declined; null where that cannot be read.
    case: Option<ModerationCase>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `moderationCaseDecide` gives.
#[derive(SimpleObject)]
pub(crate) struct ModerationCaseDecidePayload {
    /// The case as it is, also where the decision was declined or it was left alone; null where
    /// that cannot be read.
    case: Option<ModerationCase>,
    /// The other cases that were decided alike; empty where the decision was declined.
    also_decided: Vec<ModerationCase>,
    /// Of several cases those that were not decided, `caseId` as well, while others were; empty
    /// where all were, and where the decision was declined.
    left_alone: Vec<ModerationCaseLeftAlone>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// A case that was not decided with others.
#[derive(SimpleObject)]
pub(crate) struct ModerationCaseLeftAlone {
    /// The case as it is.
    case: ModerationCase,
    /// The reason: CASE_CHANGED, CASE_CLAIMED, OWN_CONTENT or APPEAL_NEEDS_ANOTHER_MODERATOR.
    code: UserErrorCode,
    /// One plain sentence for people, Dutch or English by the request's `Accept-Language`.
    message: String,
}

/// What `moderationDecisionAppeal` gives.
#[derive(SimpleObject)]
pub(crate) struct ModerationDecisionAppealPayload {
    /// The case, which waits for another moderator; null where the appeal was declined.
    case: Option<ModerationCase>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `accountBlock` gives.
#[derive(SimpleObject)]
pub(crate) struct AccountBlockPayload {
    /// Who is blocked; null where the block was declined.
    account: Option<Author>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `accountUnblock` gives.
#[derive(SimpleObject)]
pub(crate) struct AccountUnblockPayload {
    /// Who is blocked no longer; null where that was declined.
    account: Option<Author>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `moderationTemplateSet` gives.
#[derive(SimpleObject)]
pub(crate) struct ModerationTemplateSetPayload {
    /// The template; null where it was declined.
    template: Option<ModerationTemplate>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// Reporting, and deciding cases.
#[derive(Default)]
pub(crate) struct ModerationMutation;

#[Object]
impl ModerationMutation {
    /// Reports a story, a comment, a written-in answer or the name of an author to the moderators,
    /// once a person and text: what changed after it was judged may be reported again. Everyone
    /// with an account or a visitor's token. Three accounts'
    /// reports hide it until a moderator has judged it, unless its author works for the province
    /// or a partner.
    async fn content_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: ContentReportInput,
    ) -> async_graphql::Result<ContentReportPayload> {
        let request = request(ctx);
        let reported = request
            .services
            .moderation
            .report(&request.actor, input.draft()?)
            .await;
        let (report, user_errors) = outcome(ctx, reported)?;
        Ok(ContentReportPayload {
            report: report.map(ContentReport::from),
            user_errors,
        })
    }

    /// Makes a case yours for 15 minutes: no other moderator decides it meanwhile. Claiming it
    /// again begins them anew. Moderators and admins.
    async fn moderation_case_claim(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: ModerationCaseClaimInput,
    ) -> async_graphql::Result<ModerationCaseClaimPayload> {
        let request = request(ctx);
        let id = node::decode(&input.case_id, "caseId")?;
        let claimed = request.services.moderation.claim(&request.actor, id).await;
        let (claimed, user_errors) = outcome(ctx, claimed)?;
        let case = match claimed {
            Some(case) => Some(case.into()),
            None => as_it_is(ctx, id).await?,
        };
        Ok(ModerationCaseClaimPayload { case, user_errors })
    }

    /// Decides a case, and others alike; of several, one that a colleague claimed or decided
    /// meanwhile is left alone and named, and the others are decided. Its author reads the
    /// statement at their own story. IGNORE shows again what reports hid; REQUEST_CHANGES is for
    /// stories alone. Moderators and admins.
    async fn moderation_case_decide(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: ModerationCaseDecideInput,
    ) -> async_graphql::Result<ModerationCaseDecidePayload> {
        let request = request(ctx);
        let draft = input.draft()?;
        let id = draft.case;
        let decided = request
            .services
            .moderation
            .decide(&request.actor, draft)
            .await;
        let (decided, user_errors) = outcome(ctx, decided)?;
        let (case, also_decided, left_alone) = match decided {
            Some(decided) => (
                Some(decided.case.into()),
                decided.also.into_iter().map(Into::into).collect(),
                decided
                    .left_alone
                    .into_iter()
                    .map(|left| ModerationCaseLeftAlone {
                        code: left.refusal.code().into(),
                        message: left.refusal.message(request.locale),
                        case: left.case.into(),
                    })
                    .collect(),
            ),
            None => (as_it_is(ctx, id).await?, Vec::new(), Vec::new()),
        };
        Ok(ModerationCaseDecidePayload {
            case,
            also_decided,
            left_alone,
            user_errors,
        })
    }

    /// Appeals against the last decision on what you wrote, once, within 14 days. Its case is open
    /// again, for another moderator than who decided; where there is no other it waits, as
    /// `awaitsAnotherModerator` says. NOT_FOUND for a decision on what another wrote.
    async fn moderation_decision_appeal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: ModerationDecisionAppealInput,
    ) -> async_graphql::Result<ModerationDecisionAppealPayload> {
        let request = request(ctx);
        let moderation = &request.services.moderation;
        let appealed = moderation.appeal(&request.actor, input.draft()?).await;
        let (case, user_errors) = outcome(ctx, appealed)?;
        Ok(ModerationDecisionAppealPayload {
            case: case.map(ModerationCase::from),
            user_errors,
        })
    }

    /// Blocks an account until a date and ends its sessions, whatever becomes of what it wrote.
    /// Blocking it again moves the date. Moderators and admins; those who work for the province
    /// are blocked by admins alone.
    async fn account_block(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: AccountBlockInput,
    ) -> async_graphql::Result<AccountBlockPayload> {
        let request = request(ctx);
        let moderation = &request.services.moderation;
        let blocked = moderation.block(&request.actor, input.draft()?).await;
        let (account, user_errors) = outcome(ctx, blocked)?;
        Ok(AccountBlockPayload {
            account: account.map(Author::from),
            user_errors,
        })
    }

    /// Lifts the block of an account. Moderators and admins; of those who work for the province
    /// admins alone.
    async fn account_unblock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: AccountUnblockInput,
    ) -> async_graphql::Result<AccountUnblockPayload> {
        let request = request(ctx);
        let moderation = &request.services.moderation;
        let lifted = moderation.block(&request.actor, input.draft()?).await;
        let (account, user_errors) = outcome(ctx, lifted)?;
        Ok(AccountUnblockPayload {
            account: account.map(Author::from),
            user_errors,
        })
    }

    /// Adds a template or changes one. Moderators and admins.
    async fn moderation_template_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: ModerationTemplateSetInput,
    ) -> async_graphql::Result<ModerationTemplateSetPayload> {
        let request = request(ctx);
        let moderation = &request.services.moderation;
        let draft = input.draft()?;
        let set = moderation.set_template(&request.actor, draft).await;
        let (template, user_errors) = outcome(ctx, set)?;
        Ok(ModerationTemplateSetPayload {
            template: template.map(ModerationTemplate::from),
            user_errors,
        })
    }
}

/// The case that a request was declined for, so that who asked sees what changed.
async fn as_it_is(
    ctx: &Context<'_>,
    id: ModerationCaseId,
) -> Result<Option<ModerationCase>, Failure> {
    let request = request(ctx);
    let found = request
        .services
        .moderation
        .by_ids(&request.actor, &[id])
        .await
        .map_err(Failure::from)?;
    Ok(found.into_iter().next().map(ModerationCase::from))
}
