//! Moderation: one case an item, decided with a reason that its author gets to read.
//!
//! A report opens the item's case, or opens it again; a case is OPEN until a moderator decides it.
//! Three accounts' reports hide the item until then, unless its author works for the province.
//!
//! Verbs: report, claim, decide, verify.
//!
//! Always: an item has at most one case, a person reports at most once in it; a case's version
//! grows with each report and decision, and who decides names the version that they saw; each
//! decision is an entry of a record that is only added to, and that names nobody.

mod chain;
mod draft;
mod effect;
mod model;
mod refusal;
mod service;
mod store;

pub use draft::{DecisionDraft, ReportDraft};
pub use model::{
    Action, Case, CaseFilter, CaseOrder, CaseState, Decided, Decision, Entry, Reason, Report,
    Subject, SubjectKind,
};
pub use refusal::ModerationRefusal;
pub use service::Moderation;
