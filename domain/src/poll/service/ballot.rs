//! Casting and retracting ballots.

use super::{
    super::{
        Ballot, BallotDraft, BallotRefusal, Question,
        counting::{Ask, Request},
    },
    Polls,
};
use crate::{Actor, Error, Result, id::QuestionId, random};

impl Polls {
    /// Casts the actor's ballot for a question, or replaces it where the poll allows that. Once
    /// this answers, the ballot is on disk and counted. Where more ballots wait than can be
    /// counted soon, it asks to come back in a second.
    pub async fn cast(
        &self,
        actor: &Actor,
        question: QuestionId,
        draft: BallotDraft,
    ) -> Result<Ballot, BallotRefusal> {
        let draft = draft.check()?;
        let idempotency_key = match &draft.idempotency_key {
            Some(key) => key.clone(),
            None => random::token()?,
        };
        let request = Request {
            actor: actor.clone(),
            question,
            ask: Ask::Cast(draft),
            idempotency_key,
        };
        let answer = self.counting.ask(request).await?;
        answer
            .ballot
            .ok_or_else(|| Error::internal("a ballot was cast and is not there"))
    }

    /// Takes the actor's ballot for a question back; where there is none, nothing changes. Where
    /// more requests wait than can be counted soon, it asks to come back in a second.
    pub async fn retract(
        &self,
        actor: &Actor,
        question: QuestionId,
    ) -> Result<Question, BallotRefusal> {
        let request = Request {
            actor: actor.clone(),
            question,
            ask: Ask::Retract,
            idempotency_key: random::token()?,
        };
        Ok(self.counting.ask(request).await?.question)
    }
}
