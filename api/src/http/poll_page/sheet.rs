//! A poll with all that its page shows to one who asks.

use std::sync::Arc;

use domain::{
    Actor, Result, Services,
    poll::{
        Ballot, Eligibility, Poll, PollOption, PollStatus, Question, QuestionResults,
        QuestionState, VoteChange,
    },
};

/// A poll with all that its page shows to one who asks.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) poll: Poll,
    /// Those that they may know of, in order.
    pub(super) asked: Vec<Asked>,
    /// Whether they have an account.
    pub(super) is_member: bool,
}

/// A question with what belongs to it.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) question: Question,
    /// In the order in which they see them.
    pub(super) options: Vec<PollOption>,
    /// None where they may not see them.
    pub(super) results: Option<Arc<QuestionResults>>,
    /// Their own.
    pub(super) ballot: Option<Ballot>,
    /// What voters wrote that stands on it.
    pub(super) written: Vec<PollOption>,
    /// Whether they may fill it in now.
    pub(super) is_open: bool,
}

impl Sheet {
    /// The poll with this slug as the actor sees it; none where they may not know of it.
    pub(super) async fn read(
        services: &Services,
        actor: &Actor,
        slug: &str,
    ) -> Result<Option<Self>> {
        Self::ordered(services, actor, actor, slug).await
    }

    /// The same for someone who has just been given a token: nothing is theirs yet but an order of
    /// options, so that nothing else of them is looked for.
    pub(super) async fn read_new(
        services: &Services,
        actor: &Actor,
        slug: &str,
    ) -> Result<Option<Self>> {
        Self::ordered(services, &Actor::Visitor(None), actor, slug).await
    }

    /// As the actor sees it, with the options in the order of `orderer`.
    async fn ordered(
        services: &Services,
        actor: &Actor,
        orderer: &Actor,
        slug: &str,
    ) -> Result<Option<Self>> {
        let polls = &services.polls;
        let Some(poll) = polls.by_slug(actor, slug).await? else {
            return Ok(None);
        };
        let questions = polls.questions(actor, &[poll.id]).await?.remove(&poll.id);
        let questions = questions.unwrap_or_default();
        let ids: Vec<_> = questions.iter().map(|question| question.id).collect();
        let mut options = polls.options(orderer, &ids).await?;
        let mut results = polls.results(actor, &ids).await?;
        let mut ballots = polls.ballots(actor, &ids).await?;
        let mut written = polls.own_written(actor, &ids).await?;
        let is_member = actor.account().is_some();
        let takes_ballots = poll.status == PollStatus::Open
            && (is_member || poll.eligibility == Eligibility::Anyone);
        let asked = questions
            .into_iter()
            .map(|question| {
                let ballot = ballots.remove(&question.id);
                let is_final = ballot.is_some() && poll.vote_change == VoteChange::Locked;
                Asked {
                    options: options.remove(&question.id).unwrap_or_default(),
                    results: results.remove(&question.id),
                    written: written.remove(&question.id).unwrap_or_default(),
                    is_open: takes_ballots && question.state == QuestionState::Open && !is_final,
                    ballot,
                    question,
                }
            })
            .collect();
        Ok(Some(Self {
            poll,
            asked,
            is_member,
        }))
    }

    /// Whether the options of a question stand in an order of each voter's own.
    pub(super) fn is_shuffled(&self) -> bool {
        self.asked.iter().any(|asked| asked.question.rules.shuffled)
    }

    /// Whether there is anything to fill in.
    pub(super) fn is_open(&self) -> bool {
        self.asked.iter().any(|asked| asked.is_open)
    }
}
