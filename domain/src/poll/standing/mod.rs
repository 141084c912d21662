//! A poll's standing: what is the same for everyone about a poll in its present run. Who may see
//! what of it is decided on the way out, by a [`View`].

mod counted;
mod edition;
mod shelf;
mod view;

use std::sync::{Arc, OnceLock};

use super::{
    OptionModeration, Pace, Poll, PollOption, PollStatus, Question, QuestionResults,
    ResultsVisibility,
    results::{self, Count, Head},
    voter::{Voter, VoterKey},
};
use crate::{
    clock::Instant,
    id::{OptionId, PollId, QuestionId},
};

pub use edition::Edition;
pub(in crate::poll) use shelf::Standings;
pub use view::{Sight, View};

/// What is the same for everyone about a poll in its present run.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::poll) struct Standing {
    poll: Arc<Poll>,
    voter_count: i64,
    /// Who followed its room, as far as that was reported when it was read.
    participants: i64,
    questions: Vec<Asked>,
    reading: Reading,
}

/// A question of a poll, and what its ballots add up to.
#[derive(Debug, Clone)]
pub(in crate::poll) struct Asked {
    question: Arc<Question>,
    /// In order, those that are held back or rejected among them.
    options: Arc<Vec<PollOption>>,
    head: Head,
    /// In the order of option and value.
    counts: Vec<Count>,
    /// What was made of it already: for everyone before and after what is right is revealed, and
    /// for staff.
    results: [OnceLock<Arc<QuestionResults>>; 3],
}

/// Which reading of the database a standing was brought on from; no part of what it says.
#[derive(Debug, Clone)]
struct Reading(Arc<()>);

impl PartialEq for Reading {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        self.head == other.head
            && self.question == other.question
            && self.options == other.options
            && self.counts == other.counts
    }
}

impl Standing {
    /// A poll as it was read, with its questions in order and how many people were reported in
    /// its room; its status is not looked at.
    pub(in crate::poll) fn new(poll: Poll, questions: Vec<Asked>, participants: i64) -> Self {
        Self {
            voter_count: poll.voter_count,
            participants,
            // What changes by itself is not kept twice.
            poll: Arc::new(Poll {
                status: PollStatus::Draft,
                voter_count: 0,
                ..poll
            }),
            questions,
            reading: Reading(Arc::new(())),
        }
    }

    /// The poll as it stands at `now`.
    pub(in crate::poll) fn at(&self, now: Instant) -> Poll {
        Poll {
            status: self.poll.times.status(now),
            voter_count: self.voter_count,
            ..(*self.poll).clone()
        }
    }

    pub(in crate::poll) fn id(&self) -> PollId {
        self.poll.id
    }

    pub(in crate::poll) fn run(&self) -> i32 {
        self.poll.run
    }

    /// Returns the key that a voter's ballots are stored by; none once they are anonymised.
    pub(in crate::poll) fn voter_key(&self, voter: Voter) -> Option<VoterKey> {
        self.poll.voter_key(voter)
    }

    pub(in crate::poll) fn questions(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().map(|asked| &*asked.question)
    }

    pub(in crate::poll) fn slug(&self) -> &str {
        &self.poll.slug
    }

    /// Whether both come of one reading of the database, at most brought on by counting since.
    pub(in crate::poll) fn is_of_the_reading_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.reading.0, &other.reading.0)
    }

    /// Whether, at `now`, it hangs on a voter's own ballots which results they may see.
    pub(in crate::poll) fn hangs_on_ballots(&self, now: Instant) -> bool {
        self.poll.results_visibility == ResultsVisibility::AfterVote
            && self.poll.pace == Pace::Audience
            && !self.poll.times.status(now).is_over()
    }

    /// The instant behind `now` at which it changes by time alone.
    pub(in crate::poll) fn next_change(&self, now: Instant) -> Option<Instant> {
        self.instants().filter(|instant| *instant > now).min()
    }

    /// How much of what changes by time alone has changed at `now`.
    pub(in crate::poll) fn changed_by(&self, now: Instant) -> usize {
        self.instants().filter(|instant| *instant <= now).count()
    }

    fn instants(&self) -> impl Iterator<Item = Instant> {
        let times = &self.poll.times;
        [
            times.opens_at,
            times.closes_at,
            times.closed_early_at,
            times.paused_at,
            times.cancelled_at,
            times.results_published_at,
            times.archived_at,
        ]
        .into_iter()
        .flatten()
        .chain(self.questions().filter_map(Question::timer))
    }

    /// Whether nothing is to come at `now`: it is over, and with that everything that a room has
    /// shown is revealed as far as it will be.
    pub(in crate::poll) fn is_final(&self, now: Instant) -> bool {
        self.poll.times.status(now).is_over()
    }

    /// Who decides when its questions may be answered.
    pub(in crate::poll) fn pace(&self) -> Pace {
        self.poll.pace
    }

    /// Since when it is over; none where it is not, at `now`.
    pub(in crate::poll) fn over_since(&self, now: Instant) -> Option<Instant> {
        self.poll.times.ends_at().filter(|end| *end <= now)
    }

    /// Whether it is older than `other` of the same poll: a run or a revision goes back.
    pub(in crate::poll) fn is_older_than(&self, other: &Self) -> bool {
        self.run() < other.run()
            || (self.run() == other.run()
                && self.questions.iter().any(|asked| {
                    other
                        .asked(asked.question.id)
                        .is_some_and(|other| asked.head.revision < other.head.revision)
                }))
    }

    /// Whether both have counted the same ballots, as far as revisions tell.
    pub(in crate::poll) fn counts_as(&self, other: &Self) -> bool {
        self.run() == other.run()
            && self.questions.len() == other.questions.len()
            && self
                .questions
                .iter()
                .zip(&other.questions)
                .all(|(a, b)| a.question.id == b.question.id && a.head.revision == b.head.revision)
    }

    fn asked(&self, question: QuestionId) -> Option<&Asked> {
        self.questions
            .iter()
            .find(|asked| asked.question.id == question)
    }
}

impl Asked {
    /// A question with its options in order and what its ballots add up to.
    pub(in crate::poll) fn new(
        question: Question,
        options: Vec<PollOption>,
        head: Head,
        mut counts: Vec<Count>,
    ) -> Self {
        counts.sort_unstable_by_key(|&(option, value, _)| (option, value));
        Self {
            question: Arc::new(question),
            options: Arc::new(options),
            head,
            counts,
            results: Default::default(),
        }
    }

    /// The options that everyone sees, or all; of what voters wrote, what stands on a ballot.
    fn options(&self, all: bool) -> Vec<PollOption> {
        let mut options = self.options_of_every_run(all);
        options.retain(|option| option.written_by.is_none() || self.is_marked(option.id));
        options
    }

    /// The options that everyone sees, or all, also what voters wrote in an earlier run only.
    fn options_of_every_run(&self, all: bool) -> Vec<PollOption> {
        self.options
            .iter()
            .filter(|option| all || option.moderation == OptionModeration::Approved)
            .cloned()
            .collect()
    }

    fn is_marked(&self, option: OptionId) -> bool {
        let from = self.counts.partition_point(|(id, _, _)| *id < option);
        self.counts[from..]
            .iter()
            .take_while(|(id, _, _)| *id == option)
            .any(|(_, _, ballots)| *ballots > 0)
    }

    /// The results over the options that everyone sees, before or after what is right is
    /// revealed, or over all as staff sees them.
    fn results(&self, all: bool, revealed: bool) -> &Arc<QuestionResults> {
        let made = if all { 2 } else { usize::from(revealed) };
        self.results[made].get_or_init(|| {
            Arc::new(results::read(
                &self.question,
                all || revealed,
                self.head,
                self.options(all),
                &self.counts,
            ))
        })
    }
}
