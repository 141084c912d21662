//! Stories, initiatives and examples of good governance, alone or in a series.
//!
//! A story has two axes. Its lifecycle, from DRAFT to ARCHIVED, is read off its instants and the
//! clock and never stored, so that a scheduled story appears without anybody's doing. Its
//! moderation is what the moderators make of it, and is stored. The public sees a story only
//! while its lifecycle is PUBLISHED and its moderation NONE or APPROVED; its author and the
//! province's staff always see it.
//!
//! Verbs: create, update, submit, publish, withdraw, moderate, react, arrange in a series.
//!
//! Always: the slug never changes; nothing is deleted; each edit after the first submission
//! leaves a revision behind; the counts equal the rows that they count; a story stands in one
//! series at most, and a series counts its stories from 1 without gaps.

mod draft;
mod model;
mod policy;
mod refusal;
mod service;
pub(crate) mod store;

pub use draft::{LANGUAGES, StoryChange, StoryDraft, StorySeriesDraft, WithdrawalDraft};
pub use model::{
    Lifecycle, Moderation, ReactionKind, SeriesPlace, Story, StoryFilter, StoryKind, StoryOrder,
    StorySeries, Withdrawal, WithdrawalReason,
};
pub use policy::{
    may_arrange, may_create, may_edit, may_publish, may_react, may_report, may_see_judgement,
    may_withdraw,
};
pub use refusal::StoryRefusal;
pub use service::Stories;
