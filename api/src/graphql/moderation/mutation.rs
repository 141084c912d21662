//! Reporting, and deciding cases.

use async_graphql::{Context, Object, SimpleObject};
use domain::id::ModerationCaseId;

use super::{
    input::{ContentReportInput, ModerationCaseClaimInput, ModerationCaseDecideInput},
    types::{ContentReport, ModerationCase},
};
use crate::graphql::{
    context::request,
    error::Failure,
    node,
    user_error::{UserError, outcome},
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
    /// The case as it is, also where the decision was declined; null where that cannot be read.
    case: Option<ModerationCase>,
    /// The other cases that were decided alike; empty where the decision was declined.
    also_decided: Vec<ModerationCase>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// Reporting, and deciding cases.
#[derive(Default)]
pub(crate) struct ModerationMutation;

#[Object]
impl ModerationMutation {
    /// Reports a story, a comment or a written-in answer to the moderators, once a person and
    /// case. Everyone with an account or a visitor's token. Three accounts' reports hide it until
    /// a moderator has judged it, unless the province wrote it.
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

    /// Decides a case, and others alike. Its author reads the statement at their own story.
    /// IGNORE shows again what reports hid; REQUEST_CHANGES is for stories alone. Moderators and
    /// admins.
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
        let (case, also_decided) = match decided {
            Some(decided) => (
                Some(decided.case.into()),
                decided.also.into_iter().map(Into::into).collect(),
            ),
            None => (as_it_is(ctx, id).await?, Vec::new()),
        };
        Ok(ModerationCaseDecidePayload {
            case,
            also_decided,
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
