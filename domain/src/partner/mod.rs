//! Partners: organisations that put our polls on their own sites, and the municipalities of
//! Overijssel.
//!
//! Who works for a partner is an EDITOR, who writes its polls and embeds, or an ADMIN, who also
//! says who works for it. Neither role is worth anything at another partner, or on the platform.
//!
//! Verbs: create, set a member.
//!
//! Always: the slug never changes; an account has at most one role at a partner; nobody takes a
//! partner's name once it is there.

mod draft;
mod model;
mod policy;
mod refusal;
mod service;
pub(crate) mod store;

pub use draft::{MemberDraft, PartnerDraft};
pub use model::{AuthorKind, Municipality, Partner, PartnerKind, PartnerMember, PartnerRole};
pub use policy::may_create;
pub use refusal::PartnerRefusal;
pub use service::Partners;

pub(crate) use policy::may_write;
