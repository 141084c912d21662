//! Embeds: polls on the pages of partners.
//!
//! An embed is one poll on the pages of one partner: where it may stand, in which language and
//! colour, and, where the partner knows its visitors, the key by which it vouches for them. What
//! people vote in it comes in by the channel EMBED.
//!
//! States: shown, and from its revocation on shown nowhere. Verbs: create, change, revoke, open a
//! session, observe where it is shown.
//!
//! Always: poll and partner never change; a session votes in the embed's poll and no other; where
//! it was shown is kept as counts by origin, and nothing of who saw it.

mod accent;
mod draft;
mod loads;
mod model;
mod origin;
mod policy;
mod refusal;
mod service;
mod snippet;
mod store;
mod subject;

pub use accent::Accent;
pub use draft::{Change, EmbedChange, EmbedDraft, Opening};
pub use model::{Embed, Load, LoadKind, Shown, Use};
pub use origin::Problem as OriginProblem;
pub use refusal::EmbedRefusal;
pub use service::Embeds;
pub use snippet::{Link, Snippet};
pub use subject::SubjectProblem;
