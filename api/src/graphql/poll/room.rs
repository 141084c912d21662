//! The presenter's room, and a poll's runs.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use domain::poll;

use super::{Poll, question::QuestionState};
use crate::graphql::{
    context::request,
    error::{Failure, nullable},
    node,
    scalar::DateTime,
    user_error::{UserError, outcome},
};

/// One time round of a poll: the ballots between two restarts.
#[derive(SimpleObject)]
pub(crate) struct PollRun {
    /// From 1.
    run: i32,
    /// When it began; the first with the making of the poll, the others with a restart.
    started_at: DateTime,
    /// When the next run began; null for the present one.
    ended_at: Option<DateTime>,
    /// How many people have a ballot in it; retracted ones do not count.
    voter_count: i64,
    /// The most people who followed the room at once in it; 0 where the audience sets the pace.
    participant_peak: i64,
    /// The ballots that were refused because too many visitors' tokens that were new to the poll
    /// came from one network within an hour; one that is sent again counts again. Null for all but
    /// editors, moderators and admins. `resultsByAssurance` says how many of the counted ballots
    /// come from such tokens.
    refused_ballot_count: Option<i64>,
}

/// Showing a question in its room.
#[derive(InputObject)]
pub(crate) struct PollQuestionPresentInput {
    /// The question, of an open poll whose pace the presenter sets.
    question_id: ID,
    /// The state that it gets, in small steps: HIDDEN to OPEN, OPEN to LOCKED, LOCKED to OPEN or
    /// REVEALED, REVEALED to LOCKED, and any to HIDDEN. The state that it has keeps it as it is
    /// and shows it. Any other step is refused: QUESTION_STATE_CHANGED.
    state: QuestionState,
    /// The state that you see it in. Where it is in another by then, nothing changes:
    /// QUESTION_STATE_CHANGED. Whatever it is where absent.
    expected_state: Option<QuestionState>,
    /// For OPEN: how many seconds ballots are taken, 1 to 3,600, from now on; until it is locked
    /// by hand where absent. A question that is open already and gets none keeps its own.
    timer_seconds: Option<i32>,
}

/// Starting a poll again.
#[derive(InputObject)]
pub(crate) struct PollRestartInput {
    /// The poll.
    poll_id: ID,
    /// The run that you see. Where the poll is in another by then, nothing changes: RUN_CHANGED.
    /// So a request that is sent twice restarts once. Whatever it is where absent.
    expected_run: Option<i32>,
}

/// What `pollQuestionPresent` gives.
#[derive(SimpleObject)]
pub(crate) struct PollQuestionPresentPayload {
    /// The poll; null where the step was declined.
    poll: Option<Poll>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `pollRestart` gives.
#[derive(SimpleObject)]
pub(crate) struct PollRestartPayload {
    /// The poll in its new run; null where the restart was declined.
    poll: Option<Poll>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// Entering rooms.
#[derive(Default)]
pub(crate) struct RoomQuery;

#[Object]
impl RoomQuery {
    /// The poll whose room has this join code; null where no room that is not over has it.
    /// Who guesses wrong too often is RATE_LIMITED and waits `extensions.retryAfter` seconds: 10
    /// wrong codes at once and then one a minute for each account and visitor, 300 and one a
    /// second for each network, 2,000 and two a second for everyone together.
    async fn poll_by_join_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Six digits; spaces do not matter.")] join_code: String,
    ) -> Option<async_graphql::Result<Poll>> {
        nullable(async {
            let request = request(ctx);
            let poll = request
                .services
                .polls
                .by_join_code(&request.actor, request.address, &join_code)
                .await
                .map_err(Failure::from)?;
            Ok(poll.map(Poll::from))
        })
        .await
    }
}

/// Leading rooms, and starting polls again.
#[derive(Default)]
pub(crate) struct RoomMutation;

#[Object]
impl RoomMutation {
    /// Brings a question of an open room into another state and makes it the active one, unless
    /// that hides it. Another question that was open is locked. Editors and admins.
    async fn poll_question_present(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: PollQuestionPresentInput,
    ) -> async_graphql::Result<PollQuestionPresentPayload> {
        let request = request(ctx);
        let id = node::decode(&input.question_id, "questionId")?;
        let asked = poll::Presentation {
            state: input.state.into(),
            expected_state: input.expected_state.map(Into::into),
            timer_seconds: input.timer_seconds,
        };
        let presented = request
            .services
            .polls
            .present(&request.actor, id, asked)
            .await;
        let (poll, user_errors) = outcome(ctx, presented)?;
        Ok(PollQuestionPresentPayload {
            poll: poll.map(Poll::from),
            user_errors,
        })
    }

    /// Ends the poll's present run and begins the next, open from now on: questions stand as at
    /// the start, everyone may vote again, and the ballots and results of the old run are kept.
    /// A poll that was closed or paused opens again; a planned close that is still to come holds.
    /// Editors and admins.
    async fn poll_restart(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: PollRestartInput,
    ) -> async_graphql::Result<PollRestartPayload> {
        let request = request(ctx);
        let id = node::decode(&input.poll_id, "pollId")?;
        let restarted = request
            .services
            .polls
            .restart(&request.actor, id, input.expected_run)
            .await;
        let (poll, user_errors) = outcome(ctx, restarted)?;
        Ok(PollRestartPayload {
            poll: poll.map(Poll::from),
            user_errors,
        })
    }
}

impl From<poll::Run> for PollRun {
    fn from(run: poll::Run) -> Self {
        Self {
            run: run.run,
            started_at: DateTime(run.started_at),
            ended_at: run.ended_at.map(DateTime),
            voter_count: run.voter_count,
            participant_peak: run.participant_peak,
            refused_ballot_count: run.refused_ballots,
        }
    }
}
