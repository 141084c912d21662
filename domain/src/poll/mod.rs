//! Polls: one or more questions, the ballots that answer them, and what they add up to.
//!
//! A poll is DRAFT, SCHEDULED, OPEN, PAUSED, CLOSED, `RESULTS_PUBLISHED`, ARCHIVED or CANCELLED by
//! its times compared with now, in the ballot's own transaction; no job decides it. A question
//! has options; a ballot is one voter's set of marks `(option, value)`; the tally says how many
//! ballots give an option which value. Every kind of question is a rule for ballots
//! ([`BallotDraft`]) and a reading of the same tally ([`QuestionResults`]).
//!
//! A poll whose pace a presenter sets is a room: people enter it by a code of six digits, and see
//! one question after the other. Its questions start HIDDEN; the presenter opens, locks and
//! reveals each in small steps (the table stands in `room.rs`), one of them is open at a time,
//! and one that has a timer counts as locked once that has run out. The public neither sees a
//! hidden question nor, unless the results show ALWAYS, the results of one that is not revealed
//! before the poll is over.
//!
//! A restart ends the present run and begins the next: ballots, tally, heads and counts of voters
//! are each of one run, and those of the old ones are kept.
//!
//! Verbs: create, update, open, close, restart; present a question; cast and retract a ballot;
//! judge what a voter wrote; import, recount.
//!
//! Always: one ballot a voter, question and run; the tally, the heads and the counts of voters
//! equal a recount of the ballots that are not retracted; no ballot is younger than the poll's
//! close; a poll's ballots are taken one transaction after the other, behind the lock on the
//! poll's row, which a close takes as well; what was asked under an idempotency key is done once.

mod ballot;
mod counting;
mod draft;
mod export;
#[cfg(test)]
mod fixture;
mod guesses;
mod model;
mod new_voters;
mod policy;
mod presence;
mod quiz;
mod recount;
mod refusal;
mod results;
mod reveal;
mod room;
mod service;
mod split;
mod standing;
mod status;
pub(crate) mod store;
mod summary;
mod voter;
mod watching;
mod written;

pub use ballot::BallotDraft;
pub use draft::{
    OptionDraft, OptionWording, PollChange, PollDraft, QuestionDraft, QuestionWording,
};
pub use export::{Export, Imported, Statement, Vote};
pub use model::{
    Assurance, Ballot, Channel, Eligibility, Mark, OptionModeration, OptionRole, Pace,
    Participants, Poll, PollFilter, PollOption, PollOrder, Question, QuestionKind, QuestionState,
    ResultsVisibility, Rules, Run, VoteChange,
};
pub use new_voters::NewVoterLimit;
pub use policy::{
    is_eligible, may_judge, may_see, may_see_other_texts, may_see_question,
    may_see_refused_ballots, may_see_results, may_vote,
};
pub use presence::{ConnectionId, Following, Presence};
pub use recount::{Difference, Recount, Sum};
pub use refusal::{BallotRefusal, PollRefusal};
pub use results::{OptionResults, QuestionResults, Ratio, Tenths, ValueCount, grouped};
pub use room::Presentation;
pub use service::{Polls, recount_ballots};
pub use split::Split;
pub use standing::{Edition, Sight, View};
pub use status::{PollStatus, PollTimes};
pub use watching::{State, Watch};
