//! Moderation: one case an item, decided with a reason that its author gets to read and may
//! appeal against once.
//!
//! What is submitted, held by the screening or reported gets a case, or its case is opened again;
//! a case is OPEN until a moderator decides it. Three accounts' reports hide the item until then,
//! unless its author works for the province or a partner. A block of an account is a decision of
//! its own, in the case of the person's profile.
//!
//! Verbs: report, review, claim, decide, appeal, block, verify.
//!
//! Always: an item has at most one case, a person reports the same text at most once in it;
//! visitors never hide anything and weigh less than three accounts together; a case's version
//! grows with each report, appeal and decision, which its author therefore does not see, and who
//! decides names the version that they saw; nobody takes back a name that was hidden;
//! nobody judges what they wrote, or an appeal against their own decision; each decision is an
//! entry of a record that is only added to, and that names nobody and holds no words.

mod chain;
mod draft;
mod effect;
mod figures;
mod jobs;
mod mail_text;
mod model;
mod policy;
mod refusal;
mod service;
mod store;
mod weight;

pub use draft::{
    AlsoCase, AppealDraft, Block, BlockDraft, DecisionDraft, ReportDraft, TemplateDraft,
};
pub use effect::story_text;
pub use figures::Figures;
pub(crate) use jobs::{mail_decision, mail_report_outcome};
pub use model::{
    Action, Appeal, Case, CaseFilter, CaseOrder, CaseState, Deadlines, Decided, Decision, Entry,
    LeftAlone, Reason, Report, Subject, SubjectKind, Template, Verified,
};
pub use policy::{appealable_until, awaits_another, may_decide, may_moderate};
pub use refusal::ModerationRefusal;
pub(crate) use service::Means;
pub use service::{Moderation, Watch, verify_record};
