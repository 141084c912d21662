//! Casting and retracting ballots.

use std::{collections::HashMap, net::IpAddr};

use super::{
    super::{
        Ballot, BallotDraft, BallotRefusal, Question,
        counting::{Ask, Request},
        written,
    },
    Polls,
};
use crate::{
    Actor, Error, Result,
    id::QuestionId,
    random,
    screening::{Screened, Screening},
};

impl Polls {
    /// Casts a ballot as [`cast_from`](Self::cast_from) does, for a request that comes from no
    /// network: the platform's own.
    pub async fn cast(
        &self,
        actor: &Actor,
        question: QuestionId,
        draft: BallotDraft,
    ) -> Result<Screened<Ballot>, BallotRefusal> {
        self.cast_from(None, actor, question, draft).await
    }

    /// Casts the actor's ballot for a question, or replaces it where the poll allows that. Once
    /// this answers, the ballot is on disk and counted. Where more ballots wait than can be
    /// counted soon, it asks to come back in a second; where too many visitors' tokens that are
    /// new to the poll came from the client's network, within the hour. What the voter writes and
    /// screening holds awaits a moderator; the ballot counts.
    pub async fn cast_from(
        &self,
        client_ip: Option<IpAddr>,
        actor: &Actor,
        question: QuestionId,
        draft: BallotDraft,
    ) -> Result<Screened<Ballot>, BallotRefusal> {
        actor.unblocked()?;
        let draft = draft.check()?;
        // Most ballots write nothing, and cost nothing here.
        let screenings = if draft.writes() {
            let (texts, form) = (&draft.write_ins, &draft.form);
            self.screenings.answers(actor, texts, form).await?
        } else {
            Vec::new()
        };
        let held = draft
            .write_ins
            .iter()
            .zip(&screenings)
            .filter(|(_, screening)| screening.is_held())
            .map(|(text, screening)| (written::key(text), screening.codes()))
            .collect();
        let idempotency_key = match &draft.idempotency_key {
            Some(key) => key.clone(),
            None => random::token()?,
        };
        let request = Request {
            network: self.new_voters.network(actor, client_ip),
            actor: actor.clone(),
            question,
            ask: Ask::Cast(draft),
            idempotency_key,
            held,
        };
        let answer = self.counting.ask(request).await?;
        let kept = answer
            .ballot
            .ok_or_else(|| Error::internal("a ballot was cast and is not there"))?;
        Ok(Screened {
            kept,
            screening: Screening::together(screenings),
        })
    }

    /// Takes the actor's ballot for a question back; where there is none, nothing changes. Where
    /// more requests wait than can be counted soon, it asks to come back in a second.
    pub async fn retract(
        &self,
        actor: &Actor,
        question: QuestionId,
    ) -> Result<Question, BallotRefusal> {
        let request = Request {
            network: None,
            actor: actor.clone(),
            question,
            ask: Ask::Retract,
            idempotency_key: random::token()?,
            held: HashMap::new(),
        };
        Ok(self.counting.ask(request).await?.question)
    }
}
