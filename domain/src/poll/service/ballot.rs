//! Casting and retracting ballots.

use super::{
    super::{
        Assurance, Ballot, BallotDraft, BallotRefusal, Channel, Poll, Question, VoteChange,
        ballot::{Known, closed, markable},
        counting::{Act, BallotEventKind, Casting, Event, Held, Ledger},
        policy, sight, store,
        voter::Voter,
    },
    Polls,
};
use crate::{
    Actor, Error, Result,
    clock::Instant,
    database::Transaction,
    id::{OptionId, QuestionId},
    random,
};

impl Polls {
    /// Casts the actor's ballot for a question, or replaces it where the poll allows that. Once
    /// this answers, the ballot is on disk and counted.
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
        let (draft, idempotency_key) = (&draft, &idempotency_key);
        self.database
            .write(|transaction| async move {
                let gate = self.admitted(&transaction, actor, question).await?;
                let marked: Vec<OptionId> = draft.marks.iter().map(|mark| mark.option).collect();
                let (question, known) =
                    store::question::with_options(&transaction, question, &marked)
                        .await?
                        .ok_or(Error::NotFound)?;
                let mut casting = gate.casting(actor, draft, idempotency_key.clone());
                let mut ledger = gate.ledger(&transaction, &question, &casting).await?;
                if let Some(event) = ledger.seen(&casting.voter, idempotency_key) {
                    return again(&ledger, event, &casting, draft, question.id);
                }
                let held = ledger.held(&casting.voter);
                let known = markable(&known, &casting.voter, held);
                gate.check(&ledger, &question, &known, draft)?;
                let answer = draft.answer(&gate.poll, &question, &known, held, gate.now);
                if let Act::Replace(marks) = &mut casting.act {
                    *marks = answer.marks;
                }
                let mut ballot = ledger
                    .take(casting)
                    .map(|held| held.ballot(question.id))
                    .ok_or_else(|| Error::internal("a ballot was cast and is not there"))?;
                ballot.as_cast(question.kind);
                gate.settle(&transaction, question.id, ledger).await?;
                Ok(ballot)
            })
            .await
    }

    /// Takes the actor's ballot for a question back; where there is none, nothing changes.
    pub async fn retract(
        &self,
        actor: &Actor,
        question: QuestionId,
    ) -> Result<Question, BallotRefusal> {
        let idempotency_key = &random::token()?;
        self.database
            .write(|transaction| async move {
                let gate = self.admitted(&transaction, actor, question).await?;
                let (question, _) = store::question::with_options(&transaction, question, &[])
                    .await?
                    .ok_or(Error::NotFound)?;
                let casting = Casting {
                    act: Act::Retract,
                    ..gate.casting(actor, &BallotDraft::default(), idempotency_key.clone())
                };
                let mut ledger = gate.ledger(&transaction, &question, &casting).await?;
                if let Some(refusal) = closed(&gate.poll, &question) {
                    return Err(Error::refused(refusal));
                }
                if gate.has_ballot(&ledger) && gate.poll.vote_change == VoteChange::Locked {
                    return Err(Error::refused(BallotRefusal::Final));
                }
                if ledger.take(casting).is_some() {
                    gate.settle(&transaction, question.id, ledger).await?;
                }
                Ok(sight::question(actor, &gate.poll, question))
            })
            .await
    }

    /// Lets the actor near the poll of a question, behind its lock.
    async fn admitted(
        &self,
        transaction: &Transaction,
        actor: &Actor,
        question: QuestionId,
    ) -> Result<Gate, BallotRefusal> {
        let row = store::lock_of_question(transaction, question)
            .await?
            .ok_or(Error::NotFound)?;
        // The time is read once the lock is had: a close that had it before is seen here, and one
        // that comes after closes later than this.
        let now = self.clock.now();
        let poll = row.at(now);
        if !policy::may_see(actor, &poll) {
            return Err(Error::NotFound);
        }
        if !policy::is_eligible(actor, &poll) {
            return Err(actor.denied());
        }
        let voter = Voter::of(actor).ok_or_else(|| actor.denied())?;
        Ok(Gate { poll, voter, now })
    }
}

/// A voter before a poll that is locked for them.
struct Gate {
    poll: Poll,
    voter: Voter,
    now: Instant,
}

impl Gate {
    fn casting(&self, actor: &Actor, draft: &BallotDraft, idempotency_key: String) -> Casting {
        Casting {
            voter: self.poll.secret.key(self.voter),
            act: if draft.skip {
                Act::Skip
            } else {
                Act::Replace(draft.marks.clone())
            },
            at: self.now,
            idempotency_key,
            digest: draft.digest(),
            channel: Channel::Site,
            assurance: if actor.account().is_some() {
                Assurance::Account
            } else {
                Assurance::Device
            },
        }
    }

    async fn ledger(
        &self,
        transaction: &Transaction,
        question: &Question,
        casting: &Casting,
    ) -> Result<Ledger, BallotRefusal> {
        let voters = [casting.voter.clone()];
        let held = store::counting::held(transaction, question.id, self.poll.run, voters).await?;
        let ballots = held.values().map(|held| held.id);
        let keys = [casting.idempotency_key.as_str()];
        let seen = store::counting::events(transaction, ballots, keys).await?;
        Ok(Ledger::new(held, seen))
    }

    fn has_ballot(&self, ledger: &Ledger) -> bool {
        ledger
            .held(&self.poll.secret.key(self.voter))
            .is_some_and(Held::stands)
    }

    fn check(
        &self,
        ledger: &Ledger,
        question: &Question,
        known: &Known,
        draft: &BallotDraft,
    ) -> Result<(), BallotRefusal> {
        let mut problems = Vec::from_iter(closed(&self.poll, question));
        if self.poll.vote_change == VoteChange::Locked && self.has_ballot(ledger) {
            problems.push(BallotRefusal::AlreadyVoted);
        }
        problems.extend(draft.problems(question, known));
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Error::Refused(problems))
        }
    }

    async fn settle(
        &self,
        transaction: &Transaction,
        question: QuestionId,
        ledger: Ledger,
    ) -> Result<(), BallotRefusal> {
        let (poll, run) = (self.poll.id, self.poll.run);
        store::counting::settle(transaction, poll, question, run, ledger.settle())
            .await
            .map_err(Error::from)
    }
}

/// The first answer to a request that was taken before; what it left is known from the request
/// itself, which the digest shows to be the same.
fn again(
    ledger: &Ledger,
    event: &Event,
    casting: &Casting,
    draft: &BallotDraft,
    question: QuestionId,
) -> Result<Ballot, BallotRefusal> {
    let held = ledger.held(&casting.voter).ok_or(Error::NotFound)?;
    if event.digest != casting.digest {
        return Err(Error::refused(BallotRefusal::IdempotencyMismatch));
    }
    let changed = event.kind == BallotEventKind::Changed;
    let mut marks = draft.marks.clone();
    marks.sort_unstable_by_key(|mark| mark.option);
    Ok(Ballot {
        id: event.ballot,
        question,
        cast_at: if changed { held.cast_at } else { event.at },
        changed_at: changed.then_some(event.at),
        skipped: draft.skip,
        marks,
        other_text: None,
    })
}
