//! Changing polls, and voting.

use async_graphql::{Context, Object, SimpleObject};
use domain::refusal::Path;

use super::{
    Poll, Question,
    ballot::Ballot,
    input::{
        BallotCastInput, BallotRetractInput, PollAnswerDecision, PollAnswerJudgeInput,
        PollCloseInput, PollCreateInput, PollOpenInput, PollUpdateInput,
    },
    question::PollOption,
};
use crate::graphql::{
    context::request,
    error::Failure,
    node,
    once::once,
    screening::{ContributionWarning, warnings},
    user_error::{UserError, outcome},
};

/// What `pollCreate` gives.
#[derive(SimpleObject)]
pub(crate) struct PollCreatePayload {
    /// The new poll; null where it was declined.
    poll: Option<Poll>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `pollUpdate` gives.
#[derive(SimpleObject)]
pub(crate) struct PollUpdatePayload {
    /// The changed poll; null where the change was declined.
    poll: Option<Poll>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `pollOpen` gives.
#[derive(SimpleObject)]
pub(crate) struct PollOpenPayload {
    /// The open poll; null where opening was declined.
    poll: Option<Poll>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `pollClose` gives.
#[derive(SimpleObject)]
pub(crate) struct PollClosePayload {
    /// The closed poll; null where closing was declined.
    poll: Option<Poll>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `pollAnswerJudge` gives.
#[derive(SimpleObject)]
pub(crate) struct PollAnswerJudgePayload {
    /// What the voter wrote, judged; null where the request was declined.
    option: Option<PollOption>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `ballotCast` gives.
#[derive(SimpleObject)]
pub(crate) struct BallotCastPayload {
    /// Your ballot; null where it was declined.
    ballot: Option<Ballot>,
    /// The question, with results where you may see them; null where the ballot was declined.
    question: Option<Question>,
    /// What you are told of the answers of your own, most of it why they wait for a moderator;
    /// the ballot counts all the same. Empty where it was declined.
    warnings: Vec<ContributionWarning>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `ballotRetract` gives.
#[derive(SimpleObject)]
pub(crate) struct BallotRetractPayload {
    /// The question; null where the request was declined.
    question: Option<Question>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// Changing polls.
#[derive(Default)]
pub(crate) struct PollMutation;

#[Object]
impl PollMutation {
    /// Makes a poll, a draft where it has no opening time. Editors and admins; in the name of a
    /// partner who works for it.
    async fn poll_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: PollCreateInput,
    ) -> async_graphql::Result<PollCreatePayload> {
        let request = request(ctx);
        let created = request
            .services
            .polls
            .create(&request.actor, input.decode()?)
            .await;
        let (poll, user_errors) = outcome(ctx, created)?;
        Ok(PollCreatePayload {
            poll: poll.map(Poll::from),
            user_errors,
        })
    }

    /// Changes a poll: everything while it has no ballots, from the first on only its wording,
    /// which is logged. Its slug stays. Editors and admins, and who works for its partner.
    async fn poll_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: PollUpdateInput,
    ) -> async_graphql::Result<PollUpdatePayload> {
        let request = request(ctx);
        let id = node::decode(&input.poll_id, "pollId")?;
        let updated = request
            .services
            .polls
            .update(&request.actor, id, input.decode()?)
            .await;
        let (poll, user_errors) = outcome(ctx, updated)?;
        Ok(PollUpdatePayload {
            poll: poll.map(Poll::from),
            user_errors,
        })
    }

    /// Opens a draft or scheduled poll now, or lets a paused one go on; an open poll stays as it
    /// is. Editors and admins, and who works for its partner.
    async fn poll_open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: PollOpenInput,
    ) -> async_graphql::Result<PollOpenPayload> {
        let request = request(ctx);
        let id = node::decode(&input.poll_id, "pollId")?;
        let opened = request.services.polls.open(&request.actor, id).await;
        let (poll, user_errors) = outcome(ctx, opened)?;
        Ok(PollOpenPayload {
            poll: poll.map(Poll::from),
            user_errors,
        })
    }

    /// Closes a poll now, for good: once this answers, no ballot is taken any more. A closed
    /// poll stays as it is. Editors and admins, and who works for its partner.
    async fn poll_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: PollCloseInput,
    ) -> async_graphql::Result<PollClosePayload> {
        let request = request(ctx);
        let id = node::decode(&input.poll_id, "pollId")?;
        let closed = request.services.polls.close(&request.actor, id).await;
        let (poll, user_errors) = outcome(ctx, closed)?;
        Ok(PollClosePayload {
            poll: poll.map(Poll::from),
            user_errors,
        })
    }

    /// Shows what a voter wrote to everyone, or to nobody but its voter and staff; what was judged
    /// may be judged again. Editors, moderators and admins.
    async fn poll_answer_judge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: PollAnswerJudgeInput,
    ) -> async_graphql::Result<PollAnswerJudgePayload> {
        let request = request(ctx);
        let id = node::decode(&input.option_id, "optionId")?;
        let approved = input.decision == PollAnswerDecision::Approve;
        let judged = request
            .services
            .polls
            .judge(&request.actor, id, approved)
            .await;
        let (option, user_errors) = outcome(ctx, judged)?;
        Ok(PollAnswerJudgePayload {
            option: option.map(PollOption::from),
            user_errors,
        })
    }
}

/// Voting.
#[derive(Default)]
pub(crate) struct BallotMutation;

#[Object]
impl BallotMutation {
    /// Casts your ballot for a question, or replaces it where the poll allows that. Once this
    /// answers, the ballot is on disk and counted. Everyone with an account, or with a visitor's
    /// token where the poll's `eligibility` is ANYONE.
    #[graphql(directive = once::apply())]
    async fn ballot_cast(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: BallotCastInput,
    ) -> async_graphql::Result<BallotCastPayload> {
        let request = request(ctx);
        let id = node::decode(&input.question_id, "questionId")?;
        let cast = request
            .services
            .polls
            .cast_from(request.address, &request.actor, id, input.decode()?)
            .await;
        let (cast, user_errors) = outcome(ctx, cast)?;
        let warnings = cast.as_ref().map_or_else(Vec::new, |cast| {
            let texts = Path::from("input").then("writeIns");
            warnings(ctx, &cast.screening, |text| texts.at(text))
        });
        let question = match &cast {
            None => None,
            Some(_) => request.loader.load_one(id).await.map_err(Failure::from)?,
        };
        Ok(BallotCastPayload {
            ballot: cast.map(|cast| cast.kept.into()),
            question: question.map(Question::from),
            warnings,
            user_errors,
        })
    }

    /// Takes your ballot for a question back, where the poll allows that; where you have none,
    /// nothing changes. Everyone who may cast one.
    #[graphql(directive = once::apply())]
    async fn ballot_retract(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: BallotRetractInput,
    ) -> async_graphql::Result<BallotRetractPayload> {
        let request = request(ctx);
        let id = node::decode(&input.question_id, "questionId")?;
        let retracted = request.services.polls.retract(&request.actor, id).await;
        let (question, user_errors) = outcome(ctx, retracted)?;
        Ok(BallotRetractPayload {
            question: question.map(Question::from),
            user_errors,
        })
    }
}
