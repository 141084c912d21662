//! The counting task: one a process, the only one that writes ballots.
//!
//! Whoever casts a ballot leaves it in a queue. The task takes whatever waits, at most
//! [`MOST`], without waiting for more, and counts it in one transaction: *gather* what is on
//! record behind the locks of the polls, *decide* on each request, *write* the net change. All
//! that arrives meanwhile is the next batch. Other processes are kept in line by the locks,
//! which everyone takes in the order of the polls' ids.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    convert::Infallible,
    sync::Arc,
    time::Duration,
};

use tokio::sync::{mpsc, oneshot};

use super::super::{
    BallotRefusal,
    counting::{Answer, Ask, Counted, Held, Ledger, Record, Request, Seat},
    new_voters::{NetworkKey, NewVoters, Quotas},
    standing::Standings,
    store,
    voter::VoterKey,
    watching::Watchers,
};
use crate::{
    Error, Result,
    clock::SharedClock,
    database::{Database, Transaction},
    event::{Event, Events},
    id::{OptionId, PollId, QuestionId},
    task::Task,
};

/// Requests that may wait; one more is told to come back.
const QUEUE: usize = 8_192;
/// Most requests of one transaction.
const MOST: usize = 1_000;
/// When to come back where the queue is full.
const LATER: Duration = Duration::from_secs(1);

/// A handle on the counting; the task ends with the last one.
pub(super) struct Counting {
    queue: mpsc::Sender<Waiting>,
    _task: Task,
}

/// Who waits for the counting.
enum Waiting {
    /// Someone with a request, and where to answer them.
    Request(Box<Request>, oneshot::Sender<Result<Answer, BallotRefusal>>),
    /// Someone who wants to know when all before them are answered.
    Settled(oneshot::Sender<()>),
}

impl Counting {
    pub(super) fn start(
        database: Database,
        clock: SharedClock,
        events: Events,
        standings: Arc<Standings>,
        watchers: Arc<Watchers>,
        new_voters: Arc<NewVoters>,
    ) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let counter = Counter {
            database,
            clock,
            events,
            standings,
            watchers,
            new_voters,
        };
        Self {
            queue,
            _task: Task::start("counting", counter.run(waiting)),
        }
    }

    /// Has a request counted; answers once it is on disk.
    pub(super) async fn ask(&self, request: Request) -> Result<Answer, BallotRefusal> {
        let (answer, answered) = oneshot::channel();
        self.queue
            .try_send(Waiting::Request(Box::new(request), answer))
            .map_err(|refused| match refused {
                mpsc::error::TrySendError::Full(_) => Error::TooMany(LATER),
                mpsc::error::TrySendError::Closed(_) => Error::internal("the counting has ended"),
            })?;
        answered
            .await
            .unwrap_or_else(|_| Err(Error::internal("the counting broke off")))
    }

    /// Waits until everything that was asked before is answered.
    pub(super) async fn settled(&self) {
        let (settled, told) = oneshot::channel();
        if self.queue.send(Waiting::Settled(settled)).await.is_ok() {
            // An error says that the task has ended: nobody waits any more.
            let _ = told.await;
        }
    }
}

/// What counts.
#[derive(Clone)]
struct Counter {
    database: Database,
    clock: SharedClock,
    events: Events,
    standings: Arc<Standings>,
    watchers: Arc<Watchers>,
    new_voters: Arc<NewVoters>,
}

/// What a batch changed, to be passed on once it is on disk.
struct Outcome {
    counted: Vec<Counted>,
    /// Whose ballots it was, each with whether it stands.
    ballots: Vec<(Seat, bool)>,
    /// Polls in which other people have a ballot.
    people: BTreeSet<PollId>,
    /// The networks of voters who had no ballot in their poll before.
    new_voters: Vec<(PollId, NetworkKey)>,
    /// Ballots that limits of new voters refused.
    refused: i64,
}

impl Counter {
    async fn run(self, mut queue: mpsc::Receiver<Waiting>) {
        let mut batch = Vec::with_capacity(MOST);
        while queue.recv_many(&mut batch, MOST).await > 0 {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a queue has some thousand places"
            )]
            metrics::gauge!("jij_ballot_queue").set(queue.len() as f64);
            let (mut requests, mut asking, mut settled) = (Vec::new(), Vec::new(), Vec::new());
            for waiting in batch.drain(..) {
                match waiting {
                    Waiting::Request(request, answer) => {
                        requests.push(*request);
                        asking.push(answer);
                    }
                    Waiting::Settled(told) => settled.push(told),
                }
            }
            let counter = self.clone();
            // A task of its own: should a batch break, the next is counted all the same.
            Task::start("a batch of ballots", async move {
                counter.answer(&requests, asking).await;
            })
            .ended()
            .await;
            for told in settled {
                let _ = told.send(());
            }
        }
    }

    /// Counts a batch and answers each of its requests; one that is at fault sinks no other.
    async fn answer(
        &self,
        requests: &[Request],
        asking: Vec<oneshot::Sender<Result<Answer, BallotRefusal>>>,
    ) {
        if requests.is_empty() {
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "a batch has at most a thousand")]
        metrics::histogram!("jij_ballot_batch_size").record(requests.len() as f64);
        let answers = match self.count(requests).await {
            Ok(answers) => answers,
            Err(Error::Internal(fault)) if requests.len() > 1 => {
                let ballots = requests.len();
                tracing::error!(%fault, ballots, "a batch failed and is counted one by one");
                self.count_singly(requests).await
            }
            Err(error) => all_failed(error, requests.len()),
        };
        tell(&answers);
        for (answer, asks) in answers.into_iter().zip(asking) {
            // Who no longer listens has a ballot all the same.
            let _ = asks.send(answer);
        }
    }

    async fn count_singly(&self, requests: &[Request]) -> Vec<Result<Answer, BallotRefusal>> {
        let mut answers = Vec::with_capacity(requests.len());
        for request in requests {
            match self.count(std::slice::from_ref(request)).await {
                Ok(answer) => answers.extend(answer),
                Err(Error::Internal(fault)) => answers.push(Err(Error::Internal(fault))),
                // The database has too much to do, for the others as well.
                Err(error) => {
                    answers.extend(all_failed(error, requests.len() - answers.len()));
                    break;
                }
            }
        }
        answers
    }

    /// Counts a batch in one transaction; what is asked again finds what was done before, so
    /// that a batch whose end is not known may be counted once more.
    async fn count(&self, requests: &[Request]) -> Result<Vec<Result<Answer, BallotRefusal>>> {
        let (answers, outcome) = self
            .database
            .write_steadily(|transaction| async move {
                let (mut record, seats) = self.gather(&transaction, requests).await?;
                let answers = requests
                    .iter()
                    .zip(seats)
                    .map(|(request, seat)| record.decide(request, seat))
                    .collect();
                let settlement = record.settle();
                let ballots = settlement.ballots.iter();
                let ballots = ballots.map(|(seat, held)| (seat.clone(), held.stands()));
                let mut outcome = Outcome {
                    ballots: ballots.collect(),
                    people: settlement.people.keys().map(|(poll, ..)| *poll).collect(),
                    counted: Vec::new(),
                    new_voters: Vec::new(),
                    refused: settlement.refused.values().sum(),
                };
                let settled = store::counting::settle(&transaction, settlement).await?;
                outcome.counted = settled.counted;
                outcome.new_voters = settled.new_voters;
                Ok((answers, outcome))
            })
            .await?;
        self.committed(outcome);
        Ok(answers)
    }

    /// What is on record about everything that a batch asks after, in a number of statements
    /// that does not depend on the batch.
    async fn gather(
        &self,
        transaction: &Transaction,
        requests: &[Request],
    ) -> Result<(Record, Vec<Option<Seat>>)> {
        let asked: BTreeSet<QuestionId> = requests.iter().map(|asked| asked.question).collect();
        let polls = store::counting::lock(transaction, &asked).await?;
        // The time is read once the locks are had: a close that had one before is seen here, and
        // one that comes after closes later than this.
        let now = self.clock.now();
        let marked: BTreeSet<OptionId> = requests
            .iter()
            .filter_map(|request| match &request.ask {
                Ask::Cast(draft) => Some(draft.marks.iter().map(|mark| mark.option)),
                Ask::Retract => None,
            })
            .flatten()
            .collect();
        let questions = store::counting::questions(transaction, &asked).await?;
        let options = store::counting::named(transaction, &marked).await?;
        let polls = polls.into_iter().map(|row| row.at(now));
        let mut record = Record::new(now, polls, questions, options);
        let seats: Vec<Option<Seat>> = requests.iter().map(|asked| record.seat(asked)).collect();
        let held = store::counting::held(transaction, &seats.iter().flatten().collect()).await?;
        let named = requests.iter().zip(&seats).filter_map(|(request, seat)| {
            let ballot = held.get(seat.as_ref()?)?.id;
            Some((ballot, request.idempotency_key.as_str()))
        });
        let seen = store::counting::seen(transaction, named).await?;
        let named = requests.iter().zip(&seats).filter_map(|(request, seat)| {
            let seat = seat.as_ref().filter(|seat| seat.run > 1)?;
            Some((seat, request.idempotency_key.as_str()))
        });
        let earlier = store::counting::seen_earlier(transaction, named).await?;
        let texts: BTreeSet<_> = requests
            .iter()
            .flat_map(|asked| record.texts(asked))
            .collect();
        let texts = store::written::known(transaction, texts).await?;
        let quotas = self.quotas(transaction, requests, &seats, &record, &held);
        let quotas = quotas.await?;
        record.open(Ledger::new(held, seen, earlier), texts, quotas);
        Ok((record, seats))
    }

    /// Returns what the limits of new voters leave to a batch. Only where that may not be enough,
    /// it is looked up who has voted before: else a ballot costs no statement here.
    async fn quotas(
        &self,
        transaction: &Transaction,
        requests: &[Request],
        seats: &[Option<Seat>],
        record: &Record,
        held: &HashMap<Seat, Held>,
    ) -> Result<Quotas> {
        let maybe_new: BTreeSet<(PollId, NetworkKey, i32, &VoterKey)> = requests
            .iter()
            .zip(seats)
            .filter_map(|(request, seat)| Some((request.network?, seat.as_ref()?)))
            .filter(|(_, seat)| !held.contains_key(*seat))
            .map(|(network, seat)| (seat.poll, network, seat.run, &seat.voter))
            .collect();
        let mut asking: BTreeMap<(PollId, NetworkKey), u32> = BTreeMap::new();
        for (poll, network, ..) in &maybe_new {
            *asking.entry((*poll, *network)).or_default() += 1;
        }
        let asking = asking
            .into_iter()
            .filter_map(|((poll, network), voters)| Some((record.poll(poll)?, network, voters)));
        let mut quotas = self.new_voters.scarce(asking, self.clock.now());
        let voters: BTreeSet<(PollId, i32, &VoterKey)> = maybe_new
            .into_iter()
            .filter(|(poll, network, ..)| quotas.is_scarce(*poll, *network))
            .map(|(poll, _, run, voter)| (poll, run, voter))
            .collect();
        quotas.know(store::counting::known_voters(transaction, &voters).await?);
        Ok(quotas)
    }

    /// Passes on what a batch changed, now that it is on disk: what is kept in memory is brought
    /// on by it, so that nobody reads it again.
    fn committed(&self, outcome: Outcome) {
        let Outcome {
            counted,
            ballots,
            people,
            new_voters,
            refused,
        } = outcome;
        self.new_voters.count(new_voters, self.clock.now());
        metrics::counter!("jij_new_voters_refused_total").increment(refused.unsigned_abs());
        self.watchers.hear(&ballots);
        let mut polls = BTreeSet::new();
        for counted in counted {
            polls.insert(counted.poll);
            self.standings.bring_on(counted);
        }
        for &poll in &polls {
            self.events.wake(Event::PollChanged(poll));
        }
        // Other people, and yet the same results: no revision tells of it.
        for poll in people.difference(&polls) {
            self.events.publish(Event::PollChanged(*poll));
        }
    }
}

/// Tells the operator how a batch ended.
fn tell(answers: &[Result<Answer, BallotRefusal>]) {
    let ended = |outcome: &'static str, count: usize| {
        metrics::counter!("jij_ballots_total", "outcome" => outcome).increment(count as u64);
    };
    let counted = answers.iter().filter(|answer| answer.is_ok()).count();
    let refused = answers
        .iter()
        .filter(|answer| {
            matches!(
                answer,
                Err(Error::Refused(_)
                    | Error::NotFound
                    | Error::Denied
                    | Error::SecondFactorMissing
                    | Error::Blocked(_)
                    | Error::Unauthenticated)
            )
        })
        .count();
    ended("counted", counted);
    ended("refused", refused);
    ended("failed", answers.len() - counted - refused);
}

/// The same end for every request of a batch: a fault is told to a request that was alone, the
/// others come back.
fn all_failed(error: Error<Infallible>, requests: usize) -> Vec<Result<Answer, BallotRefusal>> {
    match error {
        Error::Internal(fault) if requests == 1 => vec![Err(Error::Internal(fault))],
        Error::TooMany(wait) => (0..requests).map(|_| Err(Error::TooMany(wait))).collect(),
        Error::Unavailable => (0..requests).map(|_| Err(Error::Unavailable)).collect(),
        _ => (0..requests).map(|_| Err(Error::TooMany(LATER))).collect(),
    }
}
