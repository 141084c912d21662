//! Screening: what a text and its circumstances say before any moderator has looked.
//!
//! [`Screener::screen`] is pure and knows no noun of the aggregates: texts and a few numbers go in,
//! a [`Screening`] comes out that says whether to hold them for a moderator, and why. It never
//! refuses anything: what it takes for rubbish is held, what it finds careless is a warning.
//! Time and memory are linear in the texts, whatever is in them.
//!
//! The checks, in this order: the field that only programs fill in, the time that filling in the
//! form took, how much came from the same person lately, the same text again, the share of links,
//! capitals, repeated signs, words on a list, personal data, and whether the person is new or all
//! of the kind is read first.

mod fold;
mod manner;
mod model;
mod personal;
mod screener;
mod words;

pub use model::{Circumstances, Contribution, Finding, FindingCode, Place, Screening, Thresholds};
pub use screener::Screener;
pub use words::{WordList, WordListProblem};
