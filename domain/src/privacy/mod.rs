//! A person's rights over what is held on them (AVG, articles 15, 17 and 20): to see it, and to be
//! erased.
//!
//! One list, [`holding`], says which columns of which tables lead to a person, which columns of
//! their rows leave in an export, and what becomes of the rows; a test compares it with the tables
//! there are, and whatever it does not list stays. Ballots name
//! nobody: they are found by the voter's key, made anew from each poll's secret.
//!
//! Erasing replaces the person: their account stays as a number without a name, so that what they
//! wrote keeps an author and what they counted for keeps counting; published results stay as they
//! are, to the byte. What is theirs alone goes. It is one transaction, and cannot be undone; where
//! they want their contributions gone as well, those go first, one by one, and who is interrupted
//! asks again.
//!
//! Verbs: export, erase. It stands above all aggregates, since it knows of all tables.

mod holding;
mod jobs;
mod model;
mod retention;
mod service;
mod store;

pub use holding::{ACCOUNT, Fate, HOLDINGS, Holding};
pub(crate) use jobs::mail_idle;
pub use model::{Proof, Receipt};
pub use retention::Terms;
pub use service::Privacy;
