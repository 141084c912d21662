//! Screening: what a text and its circumstances say before any moderator has looked.
//!
//! [`Screener::screen`] is pure and knows no noun of the aggregates: texts and a few numbers go in,
//! a [`Screening`] comes out that says whether to hold them for a moderator, and why. It never
//! refuses anything: what it takes for rubbish is held, what it finds careless is a warning.
//! Time and memory are linear in the texts, whatever is in them.
//!
//! [`Screenings`] finds out the circumstances: it remembers how much each account contributed, and
//! for a day, under hashes, who contributed when and which texts came in. An aggregate asks it
//! before it keeps a contribution, tells it afterwards, and leaves what is held as a job
//! ([`Job::QueueContribution`](crate::job::Job::QueueContribution)) for the moderators.
//!
//! The checks, in this order: the field that only programs fill in, the time that filling in the
//! form took, how much came from the same person lately, the same text again, the share of links,
//! capitals, repeated signs, words on a list, personal data, and whether the person is new or all
//! of the kind is read first.

mod alike;
mod fold;
mod manner;
mod model;
mod personal;
mod screener;
mod service;
pub(crate) mod store;
mod words;

pub use model::{Circumstances, Contribution, Finding, FindingCode, Place, Screening, Thresholds};
pub use screener::Screener;
pub use service::{ContributionKind, Form, Rules, Screened, Screenings};
pub use words::{WordList, WordListProblem};

pub(crate) use alike::{keys, runs};
pub(crate) use service::MEMORY;
