//! What is asked of the counting, and what is decided on each request: pure, one request after
//! the other, each seeing what those before it in its batch did.

use std::collections::{HashMap, HashSet};

use super::{
    super::{
        Assurance, Ballot, BallotDraft, BallotRefusal, Channel, Poll, Question, VoteChange,
        ballot::closed, policy, voter::Voter,
    },
    Act, BallotEventKind, Casting, Event, Held, Ledger, Seat, Settlement,
};
use crate::{
    Actor, Error, Result,
    clock::Instant,
    id::{OptionId, PollId, QuestionId},
};

/// What someone asks of the counting.
#[derive(Debug, Clone)]
pub(in crate::poll) struct Request {
    /// Who asks.
    pub actor: Actor,
    /// For which question.
    pub question: QuestionId,
    /// What.
    pub ask: Ask,
    /// The request's name: the client's, or one of ours, so that a batch that is tried again
    /// never counts a ballot twice.
    pub idempotency_key: String,
}

/// What is asked.
#[derive(Debug, Clone)]
pub(in crate::poll) enum Ask {
    /// This ballot and no other.
    Cast(BallotDraft),
    /// No ballot any more.
    Retract,
}

/// What came of a request that was taken.
#[derive(Debug, Clone)]
pub(in crate::poll) struct Answer {
    /// The question.
    pub question: Question,
    /// The voter's ballot as the request left it; none once it is retracted.
    pub ballot: Option<Ballot>,
}

/// What is on record about everything that a batch asks after, read behind the locks of its
/// polls: it holds until the transaction ends.
#[derive(Debug)]
pub(in crate::poll) struct Record {
    /// When the locks were had.
    now: Instant,
    polls: HashMap<PollId, Poll>,
    questions: HashMap<QuestionId, Question>,
    /// Of the options that the batch marks, those that are their question's own and may be
    /// marked.
    known: HashMap<QuestionId, HashSet<OptionId>>,
    ledger: Ledger,
}

impl Record {
    /// What is on record about polls and questions; ballots come [later](Self::open), when it is
    /// known by which keys their voters go.
    pub(in crate::poll) fn new(
        now: Instant,
        polls: impl IntoIterator<Item = Poll>,
        questions: impl IntoIterator<Item = Question>,
        options: impl IntoIterator<Item = (QuestionId, OptionId)>,
    ) -> Self {
        let mut known: HashMap<QuestionId, HashSet<OptionId>> = HashMap::new();
        for (question, option) in options {
            known.entry(question).or_default().insert(option);
        }
        Self {
            now,
            polls: polls.into_iter().map(|poll| (poll.id, poll)).collect(),
            questions: questions
                .into_iter()
                .map(|question| (question.id, question))
                .collect(),
            known,
            ledger: Ledger::default(),
        }
    }

    /// Where the ballot of whoever asks belongs, if there is such a question and they can be
    /// told from others.
    pub(in crate::poll) fn seat(&self, request: &Request) -> Option<Seat> {
        let (poll, question) = self.of(request.question)?;
        Some(Seat {
            poll: poll.id,
            run: poll.run,
            question: question.id,
            voter: poll.secret.key(Voter::of(&request.actor)?),
        })
    }

    /// Opens the ledger of the batch's ballots.
    pub(in crate::poll) fn open(&mut self, ledger: Ledger) {
        self.ledger = ledger;
    }

    /// What everything that was decided changes.
    pub(in crate::poll) fn settle(mut self) -> Settlement {
        self.ledger.settle()
    }

    /// Decides on one request, whose ballot belongs at `seat`; what is refused leaves no trace
    /// in the ledger.
    pub(in crate::poll) fn decide(
        &mut self,
        request: &Request,
        seat: Option<Seat>,
    ) -> Result<Answer, BallotRefusal> {
        let (poll, question) = self.of(request.question).ok_or(Error::NotFound)?;
        let actor = &request.actor;
        if !policy::may_see(actor, poll) {
            return Err(Error::NotFound);
        }
        if !policy::is_eligible(actor, poll) {
            return Err(actor.denied());
        }
        let seat = seat.ok_or_else(|| actor.denied())?;
        let question = question.clone().at(self.now);
        let ballot = match &request.ask {
            Ask::Cast(draft) => {
                let act = match draft.skip {
                    true => Act::Skip,
                    false => Act::Replace(draft.marks.clone()),
                };
                let casting = self.casting(seat, request, act, draft.digest());
                if let Some(event) = self.ledger.seen(&casting.seat, &casting.idempotency_key) {
                    let ballot = again(&self.ledger, event, &casting, draft)?;
                    return Ok(Answer {
                        question,
                        ballot: Some(ballot),
                    });
                }
                self.check(&casting.seat, draft)?;
                self.ledger.take(casting)
            }
            Ask::Retract => {
                self.check_retraction(&seat)?;
                let digest = BallotDraft::default().digest();
                let casting = self.casting(seat, request, Act::Retract, digest);
                self.ledger.take(casting)
            }
        };
        let ballot = ballot
            .filter(|held| held.stands())
            .map(|held| held.ballot(question.id));
        Ok(Answer { question, ballot })
    }

    fn of(&self, question: QuestionId) -> Option<(&Poll, &Question)> {
        let question = self.questions.get(&question)?;
        Some((self.polls.get(&question.poll)?, question))
    }

    fn casting(&self, seat: Seat, request: &Request, act: Act, digest: Vec<u8>) -> Casting {
        let channel = match self.polls.get(&seat.poll) {
            Some(poll) => poll.channel(),
            None => Channel::Site,
        };
        Casting {
            seat,
            act,
            at: self.now,
            idempotency_key: request.idempotency_key.clone(),
            digest,
            channel,
            assurance: if request.actor.account().is_some() {
                Assurance::Account
            } else {
                Assurance::Device
            },
        }
    }

    fn has_ballot(&self, seat: &Seat) -> bool {
        self.ledger.held(seat).is_some_and(Held::stands)
    }

    fn check(&self, seat: &Seat, draft: &BallotDraft) -> Result<(), BallotRefusal> {
        let (poll, question) = self.of(seat.question).ok_or(Error::NotFound)?;
        let mut problems = Vec::from_iter(closed(poll, question, self.now));
        if poll.vote_change == VoteChange::Locked && self.has_ballot(seat) {
            problems.push(BallotRefusal::AlreadyVoted);
        }
        let none = HashSet::new();
        let known = self.known.get(&question.id).unwrap_or(&none);
        problems.extend(draft.problems(question, known));
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Error::Refused(problems))
        }
    }

    fn check_retraction(&self, seat: &Seat) -> Result<(), BallotRefusal> {
        let (poll, question) = self.of(seat.question).ok_or(Error::NotFound)?;
        if let Some(refusal) = closed(poll, question, self.now) {
            return Err(Error::refused(refusal));
        }
        if self.has_ballot(seat) && poll.vote_change == VoteChange::Locked {
            return Err(Error::refused(BallotRefusal::Final));
        }
        Ok(())
    }
}

/// The first answer to a request that was taken before; what it left is known from the request
/// itself, which the digest shows to be the same.
fn again(
    ledger: &Ledger,
    event: &Event,
    casting: &Casting,
    draft: &BallotDraft,
) -> Result<Ballot, BallotRefusal> {
    let held = ledger.held(&casting.seat).ok_or(Error::NotFound)?;
    if event.digest != casting.digest {
        return Err(Error::refused(BallotRefusal::IdempotencyMismatch));
    }
    let changed = event.kind == BallotEventKind::Changed;
    let mut marks = draft.marks.clone();
    marks.sort_unstable_by_key(|mark| mark.option);
    Ok(Ballot {
        id: event.ballot,
        question: casting.seat.question,
        cast_at: if changed { held.cast_at } else { event.at },
        changed_at: changed.then_some(event.at),
        skipped: draft.skip,
        marks,
    })
}
