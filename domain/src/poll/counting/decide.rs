//! What is asked of the counting, and what is decided on each request: pure, one request after
//! the other, each seeing what those before it in its batch did.

use std::collections::{BTreeMap, HashMap};

use super::{
    super::{
        Ballot, BallotDraft, BallotRefusal, Mark, OptionModeration, OptionRole, Poll, PollOption,
        Question, VoteChange,
        ballot::{Known, Named, closed},
        new_voters::{NetworkKey, Quotas},
        policy, reveal,
        voter::Voter,
        written::{TextKey, WRITTEN_POSITION, Writing},
    },
    Act, BallotEventKind, Casting, Event, Held, Ledger, Seat, Settlement, Way,
};
use crate::{
    Actor, Error, Result,
    clock::Instant,
    id::{AccountId, OptionId, PollId, QuestionId},
    screening::FindingCode,
};

/// What someone asks of the counting.
#[derive(Debug, Clone)]
pub(in crate::poll) struct Request {
    /// Who asks.
    pub actor: Actor,
    /// The network that they come from, if new voters from there are limited.
    pub network: Option<NetworkKey>,
    /// For which question.
    pub question: QuestionId,
    /// What.
    pub ask: Ask,
    /// The request's name: the client's, or one of ours, so that a batch that is tried again
    /// never counts a ballot twice.
    pub idempotency_key: String,
    /// Why which of its texts are held for a moderator, whatever their question says.
    pub held: HashMap<TextKey, Vec<FindingCode>>,
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

/// A text that a voter wrote and nobody before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::poll) struct Written {
    /// What it comes down to.
    pub key: TextKey,
    /// When.
    pub at: Instant,
    /// The option that it becomes.
    pub option: PollOption,
    /// Why it waits for a moderator; nothing where it does not.
    pub held: Vec<FindingCode>,
}

/// What is on record about everything that a batch asks after, read behind the locks of its
/// polls: it holds until the transaction ends.
#[derive(Debug)]
pub(in crate::poll) struct Record {
    /// When the locks were had.
    now: Instant,
    polls: HashMap<PollId, Poll>,
    questions: HashMap<QuestionId, Question>,
    /// The options that the batch marks.
    named: HashMap<OptionId, Named>,
    /// Which options the batch's texts are.
    texts: HashMap<(QuestionId, TextKey), OptionId>,
    /// Texts of the batch that become options.
    written: Vec<Written>,
    /// How many ballots of each account have such a text.
    writers: BTreeMap<AccountId, i64>,
    ledger: Ledger,
    /// The room that the limits of new voters leave to the batch.
    quotas: Quotas,
}

impl Record {
    /// What is on record about polls and questions; ballots come [later](Self::open), when it is
    /// known by which keys their voters go.
    pub(in crate::poll) fn new(
        now: Instant,
        polls: impl IntoIterator<Item = Poll>,
        questions: impl IntoIterator<Item = Question>,
        named: HashMap<OptionId, Named>,
    ) -> Self {
        Self {
            now,
            polls: polls.into_iter().map(|poll| (poll.id, poll)).collect(),
            questions: questions
                .into_iter()
                .map(|question| (question.id, question))
                .collect(),
            named,
            texts: HashMap::new(),
            written: Vec::new(),
            writers: BTreeMap::new(),
            ledger: Ledger::default(),
            quotas: Quotas::default(),
        }
    }

    /// Returns the key of the sender's ballot; none if there is no such question, the sender
    /// cannot be told from others, or the poll's ballots are anonymised.
    pub(in crate::poll) fn seat(&self, request: &Request) -> Option<Seat> {
        let (poll, question) = self.of(request.question)?;
        Some(Seat {
            poll: poll.id,
            run: poll.run,
            question: question.id,
            voter: poll.voter_key(Voter::of(&request.actor)?)?,
        })
    }

    /// What whoever asks wrote, where their question takes that.
    pub(in crate::poll) fn texts(&self, request: &Request) -> Vec<(QuestionId, TextKey)> {
        let Ask::Cast(draft) = &request.ask else {
            return Vec::new();
        };
        let Some((_, question)) = self.of(request.question) else {
            return Vec::new();
        };
        let keys = draft.keys(question).into_iter();
        keys.map(|key| (question.id, key)).collect()
    }

    /// Opens the ledger of the batch's ballots; `texts` says which options its texts are, and
    /// `quotas` how many new voters it may bring.
    pub(in crate::poll) fn open(
        &mut self,
        ledger: Ledger,
        texts: HashMap<(QuestionId, TextKey), OptionId>,
        quotas: Quotas,
    ) {
        self.ledger = ledger;
        self.quotas = quotas;
        self.texts = texts;
    }

    /// What everything that was decided changes.
    pub(in crate::poll) fn settle(mut self) -> Settlement {
        Settlement {
            written: self.written,
            writers: self.writers,
            networks: self.quotas.networks,
            refused: self.quotas.refused,
            ..self.ledger.settle()
        }
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
        // Whose ballot cannot be told from others' in a poll that is over, or whoever cannot be.
        let seat = seat.ok_or_else(|| {
            closed(poll, question, self.now).map_or_else(|| actor.denied(), Error::refused)
        })?;
        let asked = reveal::question(actor, poll, question.clone().at(self.now));
        let ballot = match &request.ask {
            Ask::Cast(draft) => Some(self.cast(request, seat, draft)?),
            Ask::Retract => {
                self.retract(request, seat)?;
                None
            }
        };
        Ok(Answer {
            question: asked,
            ballot,
        })
    }

    fn cast(
        &mut self,
        request: &Request,
        seat: Seat,
        draft: &BallotDraft,
    ) -> Result<Ballot, BallotRefusal> {
        let (poll, question) = self.of(seat.question).ok_or(Error::NotFound)?;
        let (kind, id) = (question.kind, question.id);
        let held = self.ledger.held(&seat);
        let known = draft.known(id, &self.named, &seat.voter, held);
        let mut casting = self.casting(seat, request, Act::Skip, draft.digest());
        if let Some(event) = self.ledger.seen(&casting.seat, &casting.idempotency_key) {
            return self.again(event, &casting, draft, &known);
        }
        self.check(&casting.seat, draft, &known)?;
        let answer = draft.answer(poll, question, &known, held, self.now);
        let read_first = question.rules.moderated;
        self.admit(request, &casting.seat)?;
        casting.other_text = answer.other_text;
        if !draft.skip {
            let before = self.written.len();
            let mut marks = answer.marks;
            for writing in answer.writings {
                let held = request.held.get(&writing.key).into_iter().flatten();
                let read_first = read_first.then_some(&FindingCode::ReadFirst);
                let held: Vec<FindingCode> = held.chain(read_first).copied().collect();
                let option = self.option_of(&casting.seat, writing, held);
                if marks.iter().all(|mark| mark.option != option) {
                    marks.push(Mark { option, value: 1 });
                }
            }
            if let Some(account) = request.actor.account()
                && self.written.len() > before
            {
                *self.writers.entry(account).or_default() += 1;
            }
            casting.act = Act::Replace(marks);
        }
        let mut ballot = self
            .ledger
            .take(casting)
            .map(|held| held.ballot(id))
            .ok_or_else(|| Error::internal("a ballot was cast and is not there"))?;
        ballot.as_cast(kind);
        Ok(ballot)
    }

    fn retract(&mut self, request: &Request, seat: Seat) -> Result<(), BallotRefusal> {
        let key = &request.idempotency_key;
        // A ballot that was cast since is not what an older request meant.
        if self.ledger.seen(&seat, key).is_none() {
            self.check_retraction(&seat)?;
            let digest = BallotDraft::default().digest();
            let casting = self.casting(seat, request, Act::Retract, digest);
            self.ledger.take(casting);
        }
        Ok(())
    }

    /// The option that a text is, or becomes: one that waits where it is held for anything.
    fn option_of(&mut self, seat: &Seat, writing: Writing, mut held: Vec<FindingCode>) -> OptionId {
        held.sort_unstable();
        held.dedup();
        let place = (seat.question, writing.key.clone());
        if let Some(known) = self.texts.get(&place) {
            return *known;
        }
        let id = OptionId::new(self.now);
        self.written.push(Written {
            key: writing.key,
            at: self.now,
            option: PollOption {
                id,
                question: seat.question,
                position: WRITTEN_POSITION,
                label: writing.label,
                description: String::new(),
                role: OptionRole::Choice,
                moderation: if held.is_empty() {
                    OptionModeration::Approved
                } else {
                    OptionModeration::Pending
                },
                is_right: None,
                right: false,
                written_by: Some(seat.voter.clone()),
            },
            held,
        });
        self.texts.insert(place, id);
        id
    }

    /// A poll of the batch.
    pub(in crate::poll) fn poll(&self, id: PollId) -> Option<&Poll> {
        self.polls.get(&id)
    }

    fn of(&self, question: QuestionId) -> Option<(&Poll, &Question)> {
        let question = self.questions.get(&question)?;
        Some((self.polls.get(&question.poll)?, question))
    }

    fn casting(&self, seat: Seat, request: &Request, act: Act, digest: Vec<u8>) -> Casting {
        let way = Way::of(&request.actor, self.polls.get(&seat.poll));
        Casting {
            seat,
            act,
            at: self.now,
            idempotency_key: request.idempotency_key.clone(),
            digest,
            way,
            other_text: None,
        }
    }

    /// Admits a voter who may be new to the poll, if the limit of their network leaves room.
    fn admit(&mut self, request: &Request, seat: &Seat) -> Result<(), BallotRefusal> {
        match request.network.filter(|_| self.ledger.held(seat).is_none()) {
            None => Ok(()),
            Some(network) => self.quotas.admit(seat, network).map_err(Error::TooMany),
        }
    }

    fn has_ballot(&self, seat: &Seat) -> bool {
        self.ledger.held(seat).is_some_and(Held::stands)
    }

    fn check(&self, seat: &Seat, draft: &BallotDraft, known: &Known) -> Result<(), BallotRefusal> {
        let (poll, question) = self.of(seat.question).ok_or(Error::NotFound)?;
        let mut problems = Vec::from_iter(closed(poll, question, self.now));
        if poll.vote_change == VoteChange::Locked && self.has_ballot(seat) {
            problems.push(BallotRefusal::AlreadyVoted);
        }
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

    /// The first answer to a request that was taken before; what it left is known from the
    /// request itself, which the digest shows to be the same.
    fn again(
        &self,
        event: &Event,
        casting: &Casting,
        draft: &BallotDraft,
        known: &Known,
    ) -> Result<Ballot, BallotRefusal> {
        if event.digest != casting.digest {
            return Err(Error::refused(BallotRefusal::IdempotencyMismatch));
        }
        let (poll, question) = self.of(casting.seat.question).ok_or(Error::NotFound)?;
        let changed = event.kind == BallotEventKind::Changed;
        let held = self.ledger.held(&casting.seat);
        let held = held.filter(|held| changed && held.id == event.ballot);
        let answer = draft.answer(poll, question, known, None, self.now);
        let mut marks = answer.marks;
        marks.extend(answer.writings.into_iter().filter_map(|writing| {
            let option = *self.texts.get(&(question.id, writing.key))?;
            Some(Mark { option, value: 1 })
        }));
        marks.sort_unstable_by_key(|mark| mark.option);
        marks.dedup_by_key(|mark| mark.option);
        let mut ballot = Ballot {
            id: event.ballot,
            question: question.id,
            // Of a ballot in an earlier run only the event is read.
            cast_at: held.map_or(event.at, |held| held.cast_at),
            changed_at: changed.then_some(event.at),
            skipped: draft.skip,
            marks,
            other_text: answer.other_text,
        };
        ballot.as_cast(question.kind);
        Ok(ballot)
    }
}
