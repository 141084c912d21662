//! Polls: one or more questions, the ballots that answer them, and what they add up to.
//!
//! A poll is DRAFT, SCHEDULED, OPEN, PAUSED, CLOSED, `RESULTS_PUBLISHED`, ARCHIVED or CANCELLED by
//! its times compared with now, in the ballot's own transaction; no job decides it. A question
//! has options; a ballot is one voter's set of marks `(option, value)`; the tally says how many
//! ballots give an option which value. Every kind of question is a rule for ballots
//! ([`BallotDraft`]) and a reading of the same tally ([`QuestionResults`]).
//!
//! Verbs: create, update, open, close; cast and retract a ballot; import.
//!
//! Always: one ballot a voter, question and run; the tally, the heads and the counts of voters
//! equal a recount of the ballots that are not retracted; no ballot is younger than the poll's
//! close; a poll's ballots are taken one transaction after the other, behind the lock on the
//! poll's row, which a close takes as well; what was asked under an idempotency key is done once.

mod ballot;
mod counting;
mod draft;
mod export;
mod model;
mod policy;
mod refusal;
mod results;
mod service;
mod standing;
mod status;
pub(crate) mod store;
mod summary;
mod voter;
mod watching;

pub use ballot::BallotDraft;
pub use draft::{
    OptionDraft, OptionWording, PollChange, PollDraft, QuestionDraft, QuestionWording,
};
pub use export::{Export, Imported, Statement, Vote};
pub use model::{
    Assurance, Ballot, Channel, Eligibility, Mark, OptionModeration, Pace, Poll, PollFilter,
    PollOption, PollOrder, Question, QuestionKind, QuestionState, ResultsVisibility, Rules,
    VoteChange,
};
pub use policy::{is_eligible, may_manage, may_see, may_see_results, may_vote};
pub use refusal::{BallotRefusal, PollRefusal};
pub use results::{OptionResults, QuestionResults, ValueCount};
pub use service::Polls;
pub use standing::{Sight, View};
pub use status::{PollStatus, PollTimes};
pub use watching::{State, Watch};
